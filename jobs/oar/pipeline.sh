#!/bin/bash
# oarsub -S [OPTIONS] "jobs/oar/pipeline.sh RUN [BELAY OPTIONS...]"
# All stages in one job.
# Which GPU: -p "gpumodel='A100'", 'V100' or 'K40' (oarnodes shows a site's names); --project NAME
# where the site wants one. Options of oarsub win over the lines below, but -l and -t add to them: for
# other resources and for a job that nobody preempts leave -S away, and say all of it, see README.md.
#OAR -n belay-pipeline
#OAR -l /nodes=1/gpudevice=1,walltime=12:00:00
#OAR -t besteffort
#OAR -t idempotent
#OAR --checkpoint 120
#OAR --signal 10
#OAR -O belay-pipeline.out
#OAR -E belay-pipeline.out
# The output holds a line an attempt that names the run's own log. Signal 10, USR1, comes 120 s before
# the walltime, and before a preemption: enough to save, however slow the file system.

exec "$(dirname "$0")/../attempt.sh" pipeline "$@"
