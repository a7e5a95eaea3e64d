#!/usr/bin/env python3
"""Runs the files of ci/examples as their systems would, each in a folder that stands for its machines.

    ci_examples.py run SYSTEM WAVEGAUGE    SYSTEM: github, gitlab or jenkins; WAVEGAUGE: the program
    ci_examples.py scripts FOLDER          writes their shell scripts there, for shellcheck

What the systems do is played: checkouts, caches, artifacts, stashes, matrices, the rules by which a step runs after a
failure. The shell parts are real, with the real program, the emulator and the scripts in ci/; only apt-get, git, cmake,
ninja, curl and chown are stand-ins. A line for each mistake on stdout; exit status 1 when there is one.
"""

import collections
import fnmatch
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import yaml

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = os.path.join(SOURCE, "ci", "examples")
ID = "0123456789abcdef0123456789abcdef01234567"
CASES = 8

STAND_INS = {
    "apt-get": 'echo "apt-get $*" >>"$STAND_IN_LOG"',
    "cmake": "exit 0",
    "ninja": "exit 0",
    "chown": 'echo "chown $*" >>"$STAND_IN_LOG"',
    "curl": 'echo "curl $*" >>"$STAND_IN_LOG"\nfor word in "$@"; do\n'
            '  case $word in body@*) test -s "${word#body@}" || exit 26 ;; esac\ndone',
    "git": f'echo "git $*" >>"$STAND_IN_LOG"\n'
           f'if [ "$1" = clone ]; then cp -a "$STAND_IN_CLONE" "$4"; fi\n'
           f'if [ "$1" = rev-parse ]; then echo {ID}; fi',
}

CASE_FILE = """kernel: copy
about: bytes from one buffer to another
source: ../kernels/copy.hip
reference: buffer_copy
dims: {bytes: 16, src_offset: 0, dst_offset: 0}
dtypes: [u8]
tensors:
  src: {io: in, shape: [bytes + src_offset], fill: bits}
  dst: {io: inout, shape: [bytes + dst_offset], fill: bits}
launches:
  - function: copy
    grid: [1]
    block: [256]
    args: [src, dst, i64 bytes, i64 src_offset, i64 dst_offset]
work: {bytes: 2 * bytes}
check: bits
cases:
  - {bytes: [1, 2, 3, 5, 33, 65, 127, 255]}
"""

KERNEL = """#include <hip/hip_runtime.h>
extern "C" __global__ void copy(const char *from, char *to, long bytes, long skip, long start)
{
    for (long i = threadIdx.x; i < LIMIT; i += blockDim.x)
        to[start + i] = from[skip + i];
}
"""

mistakes = []


def expect(good, *what):
    if not good:
        mistakes.append(" ".join(str(part) for part in what))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def copy_into(source, target):
    """A file or a folder with what is in it, over what is there."""
    if os.path.isdir(source):
        shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
    elif os.path.exists(source):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(source, target)


class World:
    """A CI system's machines: what lives longer than a job, and how a shell script is run."""

    def __init__(self, root, program):
        self.root = root
        self.log = os.path.join(root, "log")
        self.clone = os.path.join(root, "clone")
        self.bin = os.path.join(root, "bin")
        self.caches = {}
        self.stores = {}
        self.jobs = 0
        write(self.log, "")
        for name, script in STAND_INS.items():
            write(os.path.join(self.bin, name), "#!/bin/sh\n" + script + "\n", 0o755)
        for name in ("build", "common.sh", "packages"):
            copy_into(os.path.join(SOURCE, "ci", name), os.path.join(self.clone, "ci", name))
        os.makedirs(os.path.join(self.clone, "build"))
        os.symlink(os.path.abspath(program), os.path.join(self.clone, "build", "wavegauge"))

    def forget_files(self):
        """Artifacts and stashes are those of one run."""
        for kind in self.stores:
            if kind != "cache":
                shutil.rmtree(os.path.join(self.root, kind))
        self.stores = {}

    def workspace(self, limit, is_own=False):
        """A checkout of the user's repository, or of Wavegauge's own."""
        self.jobs += 1
        folder = os.path.join(self.root, "workspace-%d" % self.jobs)
        write(os.path.join(folder, "cases", "copy.yaml"), CASE_FILE)
        write(os.path.join(folder, "kernels", "copy.hip"), KERNEL.replace("LIMIT", limit))
        if is_own:
            copy_into(self.clone, folder)
            write(os.path.join(folder, "harness", "wavegauge.c"), "")
        return folder

    def run(self, shell, script, folder, variables):
        keep = ("HOME", "LANG", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
        environment = {key: os.environ[key] for key in keep if key in os.environ}
        environment.update(PATH=self.bin + ":" + os.environ["PATH"], STAND_IN_LOG=self.log,
                           STAND_IN_CLONE=self.clone, WAVEGAUGE_SKIP_SETUP="1")
        environment.update({key: str(value) for key, value in variables.items()})
        done = subprocess.run([*shell, script], cwd=folder, env=environment, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if os.environ.get("CI_EXAMPLES_VERBOSE"):
            print(f"--- {folder}\n{script}\n... {done.returncode}\n{done.stdout}", file=sys.stderr)
        self.output = done.stdout
        return done.returncode


Outcome = collections.namedtuple("Outcome", "gate result files summary said")


def take(world, kind, name, folder, patterns):
    """Keeps files of a workspace; gives those patterns that match nothing."""
    target = os.path.join(world.root, kind, name)
    missing = []
    for pattern in patterns:
        found = glob.glob(os.path.join(folder, pattern), recursive=True)
        if not found:
            missing.append(pattern)
        for path in found:
            copy_into(path, os.path.join(target, os.path.relpath(path, folder)))
    world.stores.setdefault(kind, {})[name] = target
    return missing


# GitHub Actions


def github_fill(value, context):
    """The value of an expression, for those that the example has."""
    def one(match):
        name = match.group(1)
        expect(name in context, f"github: nothing is known of the expression {name}")
        return str(context.get(name, ""))
    return re.sub(r"\$\{\{\s*([^}]*?)\s*\}\}", one, str(value))


def github_runs(step, failed, context):
    condition = re.sub(r"^\$\{\{\s*|\s*\}\}$", "", step.get("if", "success()"))
    parts = [part.strip() for part in condition.split("&&")]
    known = {"!cancelled()": True, "always()": True, "success()": not failed,
             "github.event_name == 'push'": context["github.event_name"] == "push"}
    for part in parts:
        expect(part in known, f"github: nothing is known of the condition {part}")
    return all(known.get(part, False) for part in parts) and \
        (not failed or any(part in ("!cancelled()", "always()") for part in parts))


def github_action(world, step, folder, context):
    action, options = step["uses"], {key: github_fill(value, context) for key, value in step.get("with", {}).items()}
    expect(re.fullmatch(r"actions/[a-z-]+(/[a-z]+)?@v\d+", action), "github: not an action of GitHub's own:", action)
    name = action.split("@")[0]
    paths = options.get("path", "").split()
    if name == "actions/cache/restore":
        wanted = [options["key"], *options["restore-keys"].split()]
        for key in wanted:
            found = [name for name in reversed(world.caches) if name.startswith(key)]
            if found:
                copy_into(os.path.join(world.caches[found[0]], paths[0]), os.path.join(folder, paths[0]))
                break
    elif name == "actions/cache/save":
        missing = take(world, "cache", options["key"], folder, paths)
        expect(not missing, "github: nothing to keep in the cache:", *missing)
        world.caches[options["key"]] = os.path.join(world.root, "cache", options["key"])
    elif name == "actions/upload-artifact":
        for path in take(world, "artifacts", options["name"], folder, paths):
            mistakes.append(f"github: no {path} to upload")
    elif name == "actions/download-artifact":
        expect(options["merge-multiple"] == "True", "github: shards in folders of their own")
        for artifact, stored in world.stores.get("artifacts", {}).items():
            if fnmatch.fnmatch(artifact, options["pattern"]):
                # An artifact of one folder is what is in it.
                copy_into(os.path.join(stored, "shards"), os.path.join(folder, options["path"]))
    else:
        expect(name == "actions/checkout", "github: nothing is known of", name)


def github_job(world, document, job, folder, context):
    """Runs the steps; gives the first exit status that was not 0."""
    failed = 0
    files = {name: os.path.join(folder, "..", f"{os.path.basename(folder)}-{name}")
             for name in ("GITHUB_PATH", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        write(path, "")
    said = ""
    for step in job["steps"]:
        if not github_runs(step, failed, context):
            continue
        if "uses" in step:
            github_action(world, step, folder, context)
            continue
        expect("${{" not in step["run"], "github: an expression within a script:", step["run"])
        paths = read(files["GITHUB_PATH"]).split()
        variables = {**document["env"], **job.get("env", {}), **files, "GITHUB_ACTIONS": "true",
                     "GITHUB_WORKSPACE": folder, "CI": "true", "PATH": ":".join([*reversed(paths), world.bin, os.environ["PATH"]])}
        variables.update({key: github_fill(value, context) for key, value in step.get("env", {}).items()})
        status = world.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"], step["run"], folder, variables)
        said += world.output
        failed = failed or status
    return failed, read(files["GITHUB_STEP_SUMMARY"]), said


def github(world, limit, merged, is_own=False):
    document = yaml.safe_load(read(os.path.join(EXAMPLES, "github-actions.yml")))
    context = {"github.event_name": "push" if merged else "pull_request", "github.run_id": str(1000 + world.jobs),
               "github.run_attempt": "1", "github.workflow": "w", "github.ref": "r"}
    gate, result = document["jobs"]["gate"], document["jobs"]["result"]
    expect(result["needs"] == "gate" and "cancelled" in result["if"], "github: the verdict does not come after failures")
    shards, statuses, summary = gate["strategy"]["matrix"]["shard"], [], ""
    for shard in shards:
        values = {**context, "matrix.shard": shard, "strategy.job-total": len(shards)}
        status, text, said = github_job(world, document, gate, world.workspace(limit, is_own), values)
        statuses.append(status)
        summary += text
    status, text, said = github_job(world, document, result, world.workspace(limit, is_own), context)
    return Outcome(statuses, status, world.stores["artifacts"].get("wavegauge", ""), summary + text, said)


# GitLab


def gitlab_job(document, name):
    job = document[name]
    base = gitlab_job(document, job["extends"]) if "extends" in job else {}
    return {**base, **job}


def gitlab_expand(value, variables):
    return re.sub(r"\$(\w+)|\$\{(\w+)\}", lambda match: str(variables.get(match.group(1) or match.group(2), "")), str(value))


def gitlab_run(world, document, name, folder, merged, node=None):
    job = gitlab_job(document, name)
    variables = {"CI_PROJECT_DIR": folder, "CI_DEFAULT_BRANCH": "main", "CI": "true"}
    if merged:
        variables.update(CI_COMMIT_BRANCH="main")
    else:
        variables.update(CI_MERGE_REQUEST_IID="7", CI_API_V4_URL="https://example.org/api/v4", CI_PROJECT_ID="3",
                         WAVEGAUGE_COMMENT_TOKEN="token")
    if node is not None:
        variables.update(CI_NODE_INDEX=node, CI_NODE_TOTAL=job["parallel"])
    own = {**document["variables"], **job.get("variables", {})}
    if merged and "rules" in job:
        own.update(job["rules"][0].get("variables", {}))
    for key, value in own.items():
        variables[key] = gitlab_expand(value, variables)
    for needed in job.get("needs", []):
        for stored in world.stores.get("artifacts-" + needed, {}).values():
            copy_into(stored, folder)
    caches = job["cache"] if isinstance(job["cache"], list) else [job["cache"]]
    keys = [gitlab_expand(cache["key"], variables) for cache in caches]
    for key in keys:
        if key in world.caches:
            copy_into(world.caches[key], folder)
    script = "\n".join([*job["before_script"], *job["script"]])
    status = world.run(["bash", "-eo", "pipefail", "-c"], script, folder, variables)
    said = world.output
    for cache, key in zip(caches, keys):
        policy = gitlab_expand(cache.get("policy", "pull-push"), variables)
        if policy == "pull-push" and (status == 0 or cache.get("when") == "always"):
            missing = take(world, "cache", key, folder, cache["paths"])
            expect(not missing, "gitlab: nothing to keep in the cache:", *missing)
            world.caches[key] = os.path.join(world.root, "cache", key)
    artifacts = job["artifacts"]
    if status == 0 or artifacts.get("when") == "always":
        for path in take(world, "artifacts-" + name, str(node), folder, artifacts["paths"]):
            mistakes.append(f"gitlab: no {path} to upload")
    return status, said


def gitlab(world, limit, merged, is_own=False):
    document = yaml.safe_load(read(os.path.join(EXAMPLES, "gitlab-ci.yml")))
    result = gitlab_job(document, "result")
    expect(all(rule["when"] == "always" for rule in result["rules"]), "gitlab: the verdict does not come after failures")
    expect(result["artifacts"]["reports"]["junit"] in result["artifacts"]["paths"], "gitlab: JUnit is not kept")
    statuses = [gitlab_run(world, document, "gate", world.workspace(limit, is_own), merged, node + 1)[0]
                for node in range(document["gate"]["parallel"])]
    status, said = gitlab_run(world, document, "result", world.workspace(limit, is_own), merged)
    if not merged:
        expect("merge_requests/7/notes" in read(world.log), "gitlab: no comment was sent")
    return Outcome(statuses, status, world.stores["artifacts-result"]["None"], None, said)


# Jenkins


def jenkins_stages():
    """The statements of both stages that do something, in order: (what, its text, in which block)."""
    text = read(os.path.join(EXAMPLES, "Jenkinsfile"))
    texts = dict(re.findall(r"^def (\w+) = (?:''')((?:.|\n)*?)'''", text, re.M))
    texts.update(re.findall(r"^def (\w+) = '([^'\n]+)'", text, re.M))
    expect("\\" not in re.sub(r"^\s*//.*", "", text), "jenkins: Groovy takes backslashes away")
    environment = dict(re.findall(r"^        (\w+) = '([^']*)'", text, re.M))
    values = re.findall(r"'(\d+)'", re.search(r"values (.*)", text).group(1))
    statement = re.compile(
        r"\bsh (?:(?P<name>\w+)(?: \+ )?)?(?:'''(?P<long>(?:.|\n)*?)'''|'(?P<short>[^'\n]*)')?"
        r"|stash name: \"(?P<stash>[^\"]*)\", includes: '(?P<includes>[^']*)'"
        r"|unstash '(?P<unstash>[^']*)'|archiveArtifacts artifacts: '(?P<archive>[^']*)'"
        r"|junit testResults: '(?P<junit>[^']*)'|(?P<catch>catchError)|(?P<post>\bpost \{)")
    stages = []
    for part in re.split(r"stage\('(?:Gate|Result)'\)", text)[1:]:
        stages.append([match.groupdict() for match in statement.finditer(re.sub(r"^\s*//.*", "", part, flags=re.M))])
    return stages, texts, environment, values


def jenkins_script(statement, texts):
    script = texts[statement["name"]] if statement["name"] else ""
    return script + (statement["long"] or statement["short"] or "")


def jenkins_stage(world, statements, texts, folder, variables):
    failed, caught, post, status, said = False, False, False, 0, ""
    for statement in statements:
        caught = caught or bool(statement["catch"])
        post = post or bool(statement["post"])
        script = jenkins_script(statement, texts)
        if failed and not post:
            continue
        if script:
            code = world.run(["/bin/sh", "-xec"], script, folder, variables)
            said += world.output
            expect(not (post and code), "jenkins: a step after the build fails:", script)
            status, failed = status or code, failed or (code != 0 and not caught)
        elif statement["stash"]:
            name = statement["stash"].replace("${SHARD}", variables["SHARD"])
            expect(not take(world, "stash", name, folder, [statement["includes"]]), "jenkins: nothing to stash")
        elif statement["unstash"]:
            expect(statement["unstash"] in world.stores["stash"], "jenkins: nobody stashed", statement["unstash"])
            copy_into(world.stores["stash"].get(statement["unstash"], ""), folder)
        elif statement["archive"]:
            for path in take(world, "archive", "all", folder, statement["archive"].split(", ")):
                mistakes.append(f"jenkins: no {path} to keep")
        elif statement["junit"]:
            expect(os.path.exists(os.path.join(folder, statement["junit"])), "jenkins: no", statement["junit"])
    return status, said


def jenkins(world, limit, merged, is_own=False):
    (gate, result), texts, environment, values = jenkins_stages()
    expect(any(statement["catch"] for statement in gate), "jenkins: the verdict does not come after failures")
    # The volume of the agents.
    volume = os.path.join(world.root, "volume")
    os.makedirs(volume, exist_ok=True)
    texts = {name: text.replace("/cache/", volume + "/") for name, text in texts.items()}
    for statement in gate + result:
        statement["long"] = statement["long"] and statement["long"].replace("/cache/", volume + "/")
    variables = {name: value.replace("/cache/", volume + "/") for name, value in environment.items()}
    if not merged:
        variables["CHANGE_ID"] = "7"
    statuses = []
    for shard in values:
        own = {**variables, "SHARD": shard}
        expect(f'"$SHARD/{len(values)}"' in gate[1]["long"], "jenkins: not as many shards as values")
        statuses.append(jenkins_stage(world, gate, texts, world.workspace(limit, is_own), own)[0])
    status, said = jenkins_stage(world, result, texts, world.workspace(limit, is_own), variables)
    return Outcome(statuses, status, world.stores["archive"]["all"], None, said)


SYSTEMS = {"github": github, "gitlab": gitlab, "jenkins": jenkins}


def check_files(outcome, passed, what):
    """Everything that is promised was kept, and says what happened."""
    for name in ("result.json", "junit.xml", "report/index.html", "report/report.md"):
        if not os.path.exists(os.path.join(outcome.files, name)):
            mistakes.append(f"{what} kept no {name}: {outcome.said}")
            return
    document = json.loads(read(os.path.join(outcome.files, "result.json")))
    summary = document["summary"]
    expect((summary["cases"], summary["passed"]) == (CASES, passed), what, "result.json says", summary)
    expect(document["environment"].get("commit") == ID, what, "commit", document["environment"].get("commit"))
    suites = xml.etree.ElementTree.parse(os.path.join(outcome.files, "junit.xml")).getroot()
    expect(len(list(suites.iter("testcase"))) == CASES, what, "junit.xml has not all cases")
    expect(len(list(suites.iter("failure"))) == CASES - passed, what, "junit.xml has not all failures")
    expect("<html" in read(os.path.join(outcome.files, "report", "index.html")), what, "no page")
    head = f"All {CASES} cases passed" if passed == CASES else f"{CASES - passed} of {CASES} cases did not pass"
    expect(head in read(os.path.join(outcome.files, "report", "report.md")), what, "no report.md")
    if outcome.summary is not None:
        expect(head in outcome.summary, what, "the job's summary lacks the verdict:", outcome.summary)
        expect(outcome.summary.count("## Wavegauge") == 5, what, "not a summary for each shard and one of all")


def check(name, program):
    def play(world, *arguments, **options):
        world.forget_files()
        return SYSTEMS[name](world, *arguments, **options)

    with tempfile.TemporaryDirectory() as root:
        world = World(os.path.realpath(root), program)
        good = play(world, "bytes", True)
        expect(set(good.gate) == {0} and good.result == 0, name, "passes, but ends with", good.gate, good.result, good.said)
        check_files(good, CASES, name)
        expect(read(world.log).count("git clone") == 5, name, "not a clone for each job")

        # 127 and 255 bytes come out wrong; the history knows that they did not.
        bad = play(world, "min(bytes, 100L)", False)
        expect(set(bad.gate) == {0, 1} or set(bad.gate) == {1}, name, "fails, but the shards end with", bad.gate)
        expect(bad.result == 1, name, "fails, but ends with", bad.result)
        check_files(bad, CASES - 2, name)
        expect("2 regressions: 2 fail" in bad.said, name, "the history does not see what became worse:", bad.said)

        # What was not merged is not remembered.
        write(world.log, "")
        own = play(world, "bytes", True, is_own=True)
        expect(own.result == 0, name, "in its own repository, ends with", own.result, own.said)
        expect("git clone" not in read(world.log), name, "clones Wavegauge into Wavegauge")
        expect("against the 1 before" in own.said, name, "the history has what was not merged:", own.said)

        # Then there is nothing to keep, which is no mistake of the example.
        known = len(mistakes)
        broken = play(world, "nothing", False)
        del mistakes[known:]
        expect(0 not in broken.gate and broken.result != 0, name, "a kernel that does not compile passes")


def write_scripts(folder):
    """One file for each script, as its system would run it."""
    scripts = []
    for job in yaml.safe_load(read(os.path.join(EXAMPLES, "github-actions.yml")))["jobs"].values():
        scripts += [("github", "bash", "set -eo pipefail\n" + step["run"]) for step in job["steps"] if "run" in step]
    document = yaml.safe_load(read(os.path.join(EXAMPLES, "gitlab-ci.yml")))
    for name in ("gate", "result"):
        job = gitlab_job(document, name)
        scripts.append(("gitlab", "bash", "set -eo pipefail\n" + "\n".join([*job["before_script"], *job["script"]])))
    stages, texts, _, _ = jenkins_stages()
    for statement in stages[0] + stages[1]:
        if jenkins_script(statement, texts):
            scripts.append(("jenkins", "sh", "set -xe\n" + jenkins_script(statement, texts)))
    for number, (system, shell, script) in enumerate(scripts):
        write(os.path.join(folder, f"{system}-{number}.sh"), f"#!/usr/bin/env {shell}\n{script}\n")


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "run" and sys.argv[2] in SYSTEMS:
        check(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 3 and sys.argv[1] == "scripts":
        write_scripts(sys.argv[2])
    else:
        sys.exit(__doc__)
    for mistake in mistakes:
        print(mistake)
    sys.exit(1 if mistakes else 0)


if __name__ == "__main__":
    main()
