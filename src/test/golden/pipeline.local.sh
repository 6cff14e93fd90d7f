#!/bin/bash
# Made by belay submit. The same job again, by hand: submit this file.
cd -- /home/kim/work || exit 3
export BELAY_JAR=/opt/belay/lib/belay.jar
export BELAY_MODULES='purge; load openjdk/17'
exec /scratch/kim/runs/ae1/jobs/attempt.sh pipeline /scratch/kim/runs/ae1 --set 'data.dir=/d/it'\''s $(x)'
