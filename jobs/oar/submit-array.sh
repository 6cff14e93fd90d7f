#!/usr/bin/env bash
# submit-array.sh STAGE LIST [OARSUB OPTIONS...]: submits a stage for every run of a list as one job
# array, and prints what oarsub says. jobs/list.sh says how LIST is read. TOGETHER=8 lets at most eight
# runs work at once: OAR's arrays have no such limit, so that each run becomes a job of its own, which
# waits for the eighth before it, however that ends; OAR itself lets it wait for one that comes back.
set -euo pipefail

stop() {
    echo "submit-array.sh: $*" >&2
    exit 2
}

(($# >= 2)) || stop "usage: submit-array.sh STAGE LIST [OARSUB OPTIONS...]"
stage=$1
[[ $stage =~ ^(train|extract|classify|pipeline)$ ]] || stop "$stage is not train, extract, classify or pipeline"
list=$(realpath "$2") here=$(realpath "$(dirname "$0")") # a job finds them from any directory
# OAR hands both to a shell.
for path in "$list" "$here"; do
    [[ $path != *[!A-Za-z0-9/._+=@%,:-]* ]] || stop "$path must be of letters, digits and / . _ + = @ % , : -"
done
# shellcheck source=jobs/list.sh
source "$here/../list.sh"
lines=$(list_runs "$list" | wc -l)
((lines > 0)) || stop "$list names no runs"
[[ ${TOGETHER:-1} =~ ^[1-9][0-9]{0,8}$ ]] || stop "TOGETHER=$TOGETHER must be a number from 1"

if ((${TOGETHER:-lines} >= lines)); then
    exec oarsub -S --array "$lines" "${@:3}" "$here/array.sh $stage $list"
fi
ids=()
for ((line = 0; line < lines; line++)); do
    after=()
    ((line < TOGETHER)) || after=(-a "${ids[line - TOGETHER]}")
    said=$(oarsub -S "${@:3}" ${after[@]+"${after[@]}"} "$here/array.sh $stage $list $line")
    echo "$said"
    [[ $said =~ OAR_JOB_ID=([0-9]+) ]] || stop "oarsub gave no job id for line $((line + 1))"
    ids+=("${BASH_REMATCH[1]}")
done
