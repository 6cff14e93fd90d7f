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
# For a line that your site wants, take one # away; the last of a kind counts. sinfo -o %G shows the
# GPUs' names, none is for the processors alone.
##SBATCH --account=NAME
##SBATCH --partition=gpu
##SBATCH --gres=gpu:h100:1
##SBATCH --gres=gpu:a100:1
##SBATCH --gres=gpu:a40:1
##SBATCH --gres=gpu:v100:1
##SBATCH --gres=gpu:p100:1
##SBATCH --gres=gpu:k40:1
##SBATCH --gres=none
##SBATCH --mail-type=END,FAIL
##SBATCH --mail-user=NAME@SITE

# What java needs, in the words of the command module:
#export BELAY_MODULES='purge; load openjdk/17'

if [[ ! $SLURM_JOB_ID ]]; then
    echo "$0 is for a job: sbatch $0" >&2
    exit 2
fi
# Where the modulefile is not installed for all, set BELAY_HOME to the prefix here.
if [[ ! $BELAY_HOME ]]; then
    type module >/dev/null 2>&1 || source /etc/profile
    module load belay || exit 2
fi
if [[ ! -r $BELAY_HOME/jobs/attempt.sh ]]; then
    echo "attempt.sh was not found: set BELAY_HOME in job.sh to the directory with jobs/attempt.sh" >&2
    exit 3
fi
arguments=() # for a new job in place of this one
# shellcheck source=jobs/attempt.sh
source "$BELAY_HOME/jobs/attempt.sh" pipeline "$PWD/run" --conf "$PWD/experiment.properties"
