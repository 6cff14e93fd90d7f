#!/bin/bash
# All stages of experiment.properties in one job of Slurm, in the directory it was submitted from.
#SBATCH --job-name=belay
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=16G
#SBATCH --time=4:00:00
#SBATCH --gres=gpu:1
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=job.out
#SBATCH --signal=B:USR1@120

# Where the modulefile is not installed for all, set BELAY_HOME to the prefix here.
if [[ ! $BELAY_HOME ]]; then
    type module >/dev/null 2>&1 || source /etc/profile
    module load belay || exit 2
fi
arguments=() # for a new job in place of this one
# shellcheck source=jobs/attempt.sh
source "$BELAY_HOME/jobs/attempt.sh" pipeline "$PWD/run" --conf "$PWD/experiment.properties"
