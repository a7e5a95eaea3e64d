# shellcheck shell=bash
# Completion of wavegauge's command lines in bash: the program itself knows what fits.

_wavegauge() {
    local line=${COMP_LINE:0:COMP_POINT} current kept candidate words kind path
    read -ra words <<<"$line"
    [[ $line != *[[:space:]] ]] || words+=("")
    current=${words[-1]}
    # Bash splits words at "=" and ":" as well, and replaces what is behind the last of these alone.
    kept=${current%"${current##*[=:]}"}
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        case $candidate in
        :files | :folders)
            kind=-f
            [[ $candidate = :files ]] || kind=-d
            compopt -o filenames
            while IFS= read -r path; do
                COMPREPLY+=("$path")
            done < <(compgen "$kind" -- "${current##*=}")
            ;;
        *) COMPREPLY+=("${candidate#"$kept"}") ;;
        esac
    done < <("${words[0]/#\~\//$HOME/}" complete -- "${words[@]:1}" 2>/dev/null)
}

complete -F _wavegauge wavegauge
