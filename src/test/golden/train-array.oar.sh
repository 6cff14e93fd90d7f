#!/bin/bash
#OAR -n belay-train-s1
#OAR -l /nodes=1/gpu=1,walltime=2:00:00
#OAR -p ((mem > 64) AND (gpumodel='A100')) AND network_address != 'n7' AND network_address != 'n8'
#OAR --project pr-climb
#OAR -t besteffort
#OAR -t idempotent
#OAR --checkpoint 120
#OAR --signal 10
#OAR --notify [END,ERROR]mail:kim@example.org
#OAR -O /scratch/kim/s1/jobs/train-array.log
#OAR -E /scratch/kim/s1/jobs/train-array.log
# Made by belay submit. The same job again, by hand: submit this file.
cd -- /home/kim/work || exit 3
export BELAY_JAR=/opt/belay/lib/belay.jar
export BELAY_MODULES='purge; load openjdk/17'
case $1 in
    0) run=(/scratch/kim/s1 --conf quick) ;;
    1) run=(/scratch/kim/s2 --conf quick --set train.seed=2) ;;
    2) run=(/scratch/kim/s3 --conf quick --set 'data.dir=it'\''s here') ;;
    *) echo 'This is an array of 3 jobs' >&2 && exit 2 ;;
esac
exec /scratch/kim/runs/ae1/jobs/attempt.sh train "${run[@]}"
