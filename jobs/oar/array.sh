#!/bin/bash
# oarsub -S --array N [OPTIONS] "jobs/oar/array.sh STAGE LIST [OFFSET]"
# A stage for many runs: each job of the array takes line OFFSET + OAR_ARRAY_INDEX of LIST, which stays
# its line when it is resubmitted; jobs/list.sh says how LIST is read. submit-array.sh counts and submits.
#OAR -n belay-array
#OAR -l /nodes=1/gpudevice=1,walltime=12:00:00
#OAR -t besteffort
#OAR -t idempotent
#OAR --checkpoint 120
#OAR --signal 10
#OAR -O belay-array-%jobid%.out
#OAR -E belay-array-%jobid%.out
# For a line that your site wants, take one # away, of one -p; oarnodes shows the GPUs' names. Options of
# oarsub win over these lines, but -l and -t add to them: for other resources, and for a job that nobody
# preempts, leave -S away and say all of it, see README.md.
##OAR --project pr-NAME
##OAR -p gpumodel='H100'
##OAR -p gpumodel='A100'
##OAR -p gpumodel='V100'
##OAR -p gpumodel='K40m'
##OAR -p gpumodel='K20m'
##OAR --notify mail:NAME@SITE
# A GPU is a gpudevice on Luke, and a gpu on Bigfoot and most sites (--site generic-oar; oarnodes tells):
# there this line in place of the other -l. Bigfoot's OAR 3 also refuses --checkpoint and --signal for
# besteffort.
##OAR -l /nodes=1/gpu=1,walltime=12:00:00
# The output holds a line an attempt that names the run's own log, and errors. Signal 10, USR1, comes
# 120 s before the walltime, and before a preemption: enough to save, however slow the file system.

# What java needs, in the words of the command module:
#export BELAY_MODULES='purge; load openjdk/17'

if [[ ! $OAR_JOB_ID ]]; then
    echo "$0 is for a job: oarsub -S --array N \"$0 STAGE LIST\"; by hand: attempt.sh STAGE RUN" >&2
    exit 2
fi
jobs=$(dirname "$0")/.. index=${OAR_ARRAY_INDEX:-$OAR_ARRAYINDEX}
# shellcheck source=jobs/list.sh
source "$jobs/list.sh" || exit 3
if ! read_run "$2" "$((${3:-0} + index))"; then
    echo "$2 has no line $((${3:-0} + index))" >&2
    exit 2
fi
exec "$jobs/attempt.sh" "$1" "${fields[@]}"
