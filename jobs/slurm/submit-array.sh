#!/usr/bin/env bash
# submit-array.sh STAGE LIST [SBATCH OPTIONS...]: submits a stage for every run of a list, in as many
# job arrays as the cluster's MaxArraySize asks for, and prints their ids. The lines of LIST are
# described in array.sbatch beside this script. TOGETHER=8 lets at most eight tasks of an array run
# at once.
set -euo pipefail

(($# >= 2)) || { echo "usage: submit-array.sh STAGE LIST [SBATCH OPTIONS...]" >&2 && exit 2; }
stage=$1 list=$(realpath "$2") # a task finds it from any directory
lines=$(awk '!/^[ \t]*(#|$)/' "$list" | wc -l)
largest=$(scontrol show config | awk '$1 == "MaxArraySize" { print $3 - 1 }')
((lines > 0)) || { echo "$list names no runs" >&2 && exit 2; }
((largest > 0)) || { echo "This cluster allows no job arrays (MaxArraySize)" >&2 && exit 2; }

for ((offset = 0; offset < lines; offset += largest)); do
    count=$((lines - offset < largest ? lines - offset : largest))
    sbatch --parsable --array="1-$count${TOGETHER:+%$TOGETHER}" "${@:3}" \
        "$(dirname "$0")/array.sbatch" "$stage" "$list" "$offset"
done
