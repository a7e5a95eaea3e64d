#compdef wavegauge
# Completion of wavegauge's command lines in zsh: the program itself knows what fits.

_wavegauge() {
    local line candidate about paths
    local -a candidates abouts
    while IFS= read -r line; do
        case $line in
        :files | :folders) paths=$line ;;
        *)
            candidate=${line%%$'\t'*}
            about=$candidate
            [[ $line != *$'\t'* ]] || about="$candidate  -- ${line#*$'\t'}"
            candidates+=("$candidate")
            abouts+=("$about")
            ;;
        esac
    done < <(${words[1]} complete -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)
    compadd -l -d abouts -a candidates
    [[ -n $paths ]] || return
    [[ $PREFIX != -*=* ]] || compset -P '*='
    if [[ $paths = :files ]]; then _files; else _files -/; fi
}

_wavegauge "$@"
