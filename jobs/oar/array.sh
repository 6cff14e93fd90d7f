#!/bin/bash
# oarsub -S --array N [OPTIONS] "jobs/oar/array.sh STAGE LIST"
# A stage for many runs: each job of the array takes the line of LIST with its number, OAR_ARRAY_INDEX,
# counted from 1 without blank lines and those that begin with #. A line is a run directory and options
# of belay, separated by blanks, or by tabs alone where it has one; no shell evaluates it, so there are
# no quotes. Do not change the lines of LIST while jobs wait. submit-array.sh counts and submits.
# A resubmitted job has a new id and the same number. Options of oarsub as in train.sh.
#OAR -n belay-array
#OAR -l /nodes=1/gpudevice=1,walltime=12:00:00
#OAR -t besteffort
#OAR -t idempotent
#OAR --checkpoint 120
#OAR --signal 10
#OAR -O belay-array.out
#OAR -E belay-array.out

line=$(awk -v number="$OAR_ARRAY_INDEX" '!/^[ \t]*(#|$)/ && ++n == number' "$2")
[[ $line ]] || { echo "$2 has no line $OAR_ARRAY_INDEX" >&2 && exit 2; }
[[ $line == *$'\t'* ]] && IFS=$'\t'
read -ra fields <<<"$line"
unset IFS
exec "$(dirname "$0")/../attempt.sh" "$1" "${fields[@]}"
