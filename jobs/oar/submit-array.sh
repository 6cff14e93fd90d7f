#!/usr/bin/env bash
# submit-array.sh STAGE LIST [OARSUB OPTIONS...]: submits a stage for every run of a list as one job
# array, and prints what oarsub says. The lines of LIST are described in array.sh beside this script.
set -euo pipefail

stop() {
    echo "submit-array.sh: $*" >&2
    exit 2
}

(($# >= 2)) || stop "usage: submit-array.sh STAGE LIST [OARSUB OPTIONS...]"
stage=$1
[[ $stage =~ ^(train|extract|classify|pipeline)$ ]] || stop "$stage is not train, extract, classify or pipeline"
list=$(realpath "$2") script=$(realpath "$(dirname "$0")")/array.sh # a job finds them from any directory
# OAR hands both to a shell.
for path in "$list" "$script"; do
    [[ $path != *[!A-Za-z0-9/._+=@%,:-]* ]] || stop "$path must be of letters, digits and / . _ + = @ % , : -"
done
lines=$(awk '!/^[ \t]*(#|$)/' "$list" | wc -l)
((lines > 0)) || stop "$list names no runs"
exec oarsub -S --array "$lines" "${@:3}" "$script $stage $list"
