#!/usr/bin/env bash
# lab.sh DIR COMMAND...: starts a real Slurm on this host, with everything of it in DIR, runs COMMAND
# with SLURM_CONF set, and stops it again. No systemd, no accounting database, nothing outside DIR;
# root or any other user. EXTRA holds more lines of slurm.conf, SED a sed script that changes it.
# One at a time on a machine, since ports are fixed: /tmp/slurm.lock.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
lab=$(cd "$1" && pwd)
shift
PATH=$PATH:/usr/sbin:/sbin
export SLURM_CONF=$lab/slurm.conf
mkdir -p "$lab"/{run,log,state,spool}

exec 9>/tmp/slurm.lock
flock 9

configure() {
    local track=proctrack/pgid host
    host=$(uname -n)
    [[ -d /sys/fs/cgroup/freezer && $(id -u) == 0 ]] && track=proctrack/cgroup
    sed -e "s|@LAB@|$lab|g; s|@HOST@|${host%%.*}|g; s|@USER@|$(id -un)|g; s|@TRACK@|$track|g" \
        "$here/slurm.conf" | sed -e "${SED:-}" >"$SLURM_CONF"
    printf '%s\n' "${EXTRA:-}" >>"$SLURM_CONF"
    # Devices must exist; nobody opens them.
    printf 'NodeName=%s Name=gpu Type=%s File=/dev/null,/dev/zero\n' \
        'v100-[1-4]' v100 'a100-[1-4]' a100 'k40-[1-5]' k40 >"$lab/gres.conf"
    printf 'CgroupPlugin=cgroup/v1\nCgroupAutomount=no\nCgroupMountpoint=/sys/fs/cgroup\n' >"$lab/cgroup.conf"
}

start() {
    head -c 1024 /dev/urandom >"$lab/munge.key"
    chmod 400 "$lab/munge.key"
    # --force: the directory of a test may be closed to others.
    munged --force --key-file="$lab/munge.key" --socket="$lab/run/munge" --pid-file="$lab/run/munged.pid" \
        --log-file="$lab/log/munged.log" --seed-file="$lab/run/munge.seed" 2>"$lab/log/munged.err" 9>&-
    slurmctld 9>&-
    local node
    for node in {v100,a100,k40}-{1..4} k40-5; do
        mkdir -p "$lab/spool/$node"
        slurmd -N "$node" 9>&-
    done
    for _ in {1..6000}; do
        [[ $(sinfo -h -N -p normal -t idle -o %N 2>/dev/null | wc -l) == 13 ]] && return
        sleep 0.1
    done
    echo "Slurm does not start, see $lab/log" >&2
    exit 1
}

# By process id files; the controller first, which is quicker.
stop() {
    local file pid
    timeout 20 scancel --me 2>/dev/null
    for _ in {1..100}; do
        [[ -z $(timeout 20 squeue -h -t R,CG 2>/dev/null) ]] && break
        sleep 0.1
    done
    for file in "$lab"/run/{slurmctld,slurmd-*,munged}.pid; do
        [[ -s $file ]] || continue
        pid=$(<"$file")
        kill "$pid" 2>/dev/null
        [[ $file == *ctld* ]] && for _ in {1..100}; do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
    done
    for file in "$lab"/run/{slurmctld,slurmd-*,munged}.pid; do
        [[ -s $file ]] || continue
        pid=$(<"$file")
        for _ in {1..100}; do
            kill -0 "$pid" 2>/dev/null || continue 2
            sleep 0.1
        done
        kill -KILL "$pid"
    done
    for file in /sys/fs/cgroup/*/slurm_*; do
        [[ ! -d $file ]] || find "$file" -depth -type d -exec rmdir {} + 2>/dev/null
    done
}

configure
trap 'set +e; stop' EXIT
start
"$@" 9>&-
