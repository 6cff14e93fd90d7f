#!/bin/bash
#OAR -n belay-train-ae1
#OAR -l /nodes=1/gpu=1,walltime=2:00:00
#OAR -p ((mem > 64) AND (gpumodel='A100')) AND network_address != 'n7' AND network_address != 'n8'
#OAR --project pr-climb
#OAR -t besteffort
#OAR -t idempotent
#OAR --checkpoint 120
#OAR --signal 10
#OAR --notify [END,ERROR]mail:kim@example.org
#OAR -O /scratch/kim/runs/ae1/logs/job.log
#OAR -E /scratch/kim/runs/ae1/logs/job.log
# Made by belay submit. The same job again, by hand: submit this file.
cd -- /home/kim/work || exit 3
export BELAY_JAR=/opt/belay/lib/belay.jar
export BELAY_MODULES='purge; load openjdk/17'
exec /scratch/kim/runs/ae1/jobs/attempt.sh train /scratch/kim/runs/ae1
