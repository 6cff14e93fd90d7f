#!/bin/bash
#OAR -n belay-train-ae1
#OAR -l /nodes=1/core=4,walltime=1:30:00
#OAR -t idempotent
#OAR -O /scratch/kim/runs/ae1/logs/job.log
#OAR -E /scratch/kim/runs/ae1/logs/job.log
# Made by belay submit. The same job again, by hand: submit this file.
cd -- /home/kim/work || exit 3
export BELAY_JAR=/opt/belay/lib/belay.jar
export BELAY_MODULES='purge; load openjdk/17'
exec /scratch/kim/runs/ae1/jobs/attempt.sh train /scratch/kim/runs/ae1 --set 'data.dir=/d/it'\''s $(x)'
