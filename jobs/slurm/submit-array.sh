#!/usr/bin/env bash
# submit-array.sh STAGE LIST [SBATCH OPTIONS...]: submits a stage for every run of a list, in as many
# job arrays as the cluster's MaxArraySize asks for, and prints their ids. jobs/list.sh says how LIST is
# read. TOGETHER=8 lets at most eight runs work at once: an array waits for the end of the one before,
# however that ends. (A job that BELAY_REQUEUE=sbatch puts in a task's place is not counted.)
set -euo pipefail

stop() {
    echo "submit-array.sh: $*" >&2
    exit 2
}

(($# >= 2)) || stop "usage: submit-array.sh STAGE LIST [SBATCH OPTIONS...]"
stage=$1 list=$(realpath "$2") # a task finds it from any directory
here=$(dirname "$0")
# shellcheck source=jobs/list.sh
source "$here/../list.sh"
lines=$(list_runs "$list" | wc -l)
largest=$(scontrol show config | awk '$1 == "MaxArraySize" { print $3 - 1 }')
((lines > 0)) || stop "$list names no runs"
((largest > 0)) || stop "This cluster allows no job arrays (MaxArraySize)"
[[ ${TOGETHER:-1} =~ ^[1-9][0-9]{0,8}$ ]] || stop "TOGETHER=$TOGETHER must be a number from 1"

chain=()
for ((offset = 0; offset < lines; offset += largest)); do
    count=$((lines - offset < largest ? lines - offset : largest))
    id=$(sbatch --parsable --array="1-$count${TOGETHER:+%$TOGETHER}" "${@:3}" ${chain[@]+"${chain[@]}"} \
        "$here/array.sbatch" "$stage" "$list" "$offset")
    echo "$id"
    [[ ! ${TOGETHER-} ]] || chain=(--dependency="afterany:${id%%;*}")
done
