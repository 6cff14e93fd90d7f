#!/bin/bash
# oarsub -S [OPTIONS] "jobs/oar/extract.sh RUN [BELAY OPTIONS...]"
# Writes the features of a finished training: oarsub -a TRAIN ... starts it after any end of that
# job, so it looks itself whether the training is complete; if not, it tells why and ends with 3.
#OAR -n belay-extract
#OAR -l /nodes=1/gpudevice=1,walltime=1:00:00
#OAR -t besteffort
#OAR -t idempotent
#OAR --checkpoint 120
#OAR --signal 10
#OAR -O belay-extract-%jobid%.out
#OAR -E belay-extract-%jobid%.out
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
##OAR -l /nodes=1/gpu=1,walltime=1:00:00
# The output holds a line an attempt that names the run's own log, and errors. Signal 10, USR1, comes
# 120 s before the walltime, and before a preemption: enough to save, however slow the file system.

# What java needs, in the words of the command module:
#export BELAY_MODULES='purge; load openjdk/17'

if [[ ! $OAR_JOB_ID ]]; then
    echo "$0 is for a job: oarsub -S \"$0 RUN [BELAY OPTIONS...]\"; by hand: attempt.sh extract RUN" >&2
    exit 2
fi
exec "$(dirname "$0")/../attempt.sh" extract "$@"
