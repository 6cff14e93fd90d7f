#!/usr/bin/env bash
# attempt.sh STAGE RUN [BELAY OPTIONS...]: one attempt at a stage (train, extract, classify or
# pipeline) of a run, as the body of a job of Slurm or OAR, or by hand. Whatever ended the attempt
# before, the same call goes on.
#
# What it says, and what belay says, goes to RUN/logs/job.log; its exit code is belay's, with 99 for
# "stopped by a signal, nothing is lost".
#
#   BELAY_HOME         prefix with lib/belay.jar, or source tree with target/belay.jar; else the
#                      directory above this script
#   BELAY_JAR          the jar itself
#   BELAY_JAVA         the java to start; else $JAVA_HOME/bin/java, else java of the PATH
#   BELAY_JAVA_OPTS    more options of java, separated by blanks; they come last and win
#   BELAY_ENVIRONMENT  file to source first, and its arguments, separated by blanks
#   BELAY_MODULES      environment modules to load, separated by blanks, or commands of module,
#                      separated by semicolons: purge; load openjdk/17
#   BELAY_TMPDIR       directory for temporary files, where the job's TMPDIR will not do
#   BELAY_REQUEUE      how a warned Slurm job comes back: requeue (by scontrol, the default), exit (by
#                      code 99, where the site has RequeueExit=99), sbatch (as a new job, where
#                      requeueing is forbidden or PreemptMode is CANCEL), none; on OAR only cigri counts:
#                      the exit code by which CiGri, the grid, takes a job back
#
# The stage "rehearse" does what comes before java, and ends: belay submit looks so whether jobs will
# find what they need.
#
# OAR passes no environment on. RUN/job.env, and below it jobs/job.env beside this script, may hold
# lines BELAY_NAME=VALUE, any configuration key among them (BELAY_DATA_DIR=/data/cifar10): a VALUE
# is taken as it stands up to the end of its line. What the environment already holds wins.
#
# Sourced by jobs/slurm/*.sbatch, so that a shell reads it whole at the start of a job, and never
# loses its traps; run by OAR and by hand.

signals='' heard='' java='' code=0 time=%FT%TZ
stage=$1 run=$2
case ${SLURM_JOB_ID:+slurm}${OAR_JOB_ID:+oar} in
    slurm*) scheduler=slurm job=slurm:$SLURM_JOB_ID ;;
    oar) scheduler=oar job=oar:$OAR_JOB_ID ;;
    *) scheduler=none job=${BELAY_LOCAL_JOB:+local:}${BELAY_LOCAL_JOB:-none} ;;
esac
# When the job began, for schedulers that do not tell it, in seconds since 1970.
printf -v BELAY_JOB_BEGAN '%(%s)T' -1
export BELAY_JOB_BEGAN

say() {
    TZ=UTC0 printf "%($time)T %s job=%s %s\n" -1 "$1" "$job" "${*:2}"
}

# Remembers a signal and hands it on. Repeats are welcome, as OAR's of every scheduler pass: they
# heal a first one that was lost.
# shellcheck disable=SC2317 # called by traps
hear() {
    local as=HUP # a repeat: a second TERM would end java at once
    heard=1
    [[ $signals ]] || as=TERM
    if [[ " $signals " != *" $1 "* ]]; then
        signals+=" $1"
        say INFO "signal=$1 java=${java:-none}"
    fi
    # First as TERM, which ends in good order before belay listens too; USR1 would kill the JVM then
    # and USR2 crash it.
    [[ -z $java ]] || kill -"$as" "$java" 2>/dev/null
}

# Traps before any work: until they stand, USR1 kills the job. Never one for CONT: Slurm sends CONT
# and TERM together, and bash 5.2 then loses TERM half the time.
trap 'hear USR1' USR1
trap 'hear USR2' USR2
trap 'hear TERM' TERM
trap 'hear HUP' HUP
trap 'hear INT' INT

# Whether all that was heard is an early warning. Slurm's is USR1 (--signal=B:USR1@N, or USR2 where a
# script says so), and its TERM may be scancel; OAR sends nothing but the checkpoint signal, whichever
# that is, and SIGKILL.
only_warned() {
    case $scheduler$signals in
        *HUP* | *INT* | slurm*TERM* | none*) return 1 ;;
    esac
}

fail() {
    say ERROR "$2" >&2
    exit "$1"
}

# The log reads as one story, whatever the job ids; the scheduler's own file says where it is.
open_log() {
    local log=$run/logs/job.log
    case $stage in # the others want a run that exists, and say so
        train | pipeline) mkdir -p "$run/logs" || fail 3 "Cannot create $run/logs" ;;
    esac
    [[ -d $run/logs && ! /dev/stdout -ef $log ]] || return 0
    [[ -w $run/logs ]] || fail 3 "Cannot write into $run/logs"
    say INFO "stage=$stage run=$run log=$log"
    exec >>"$log" 2>&1
}

# Reads the settings of a run and of a site; evaluates nothing.
load_settings() {
    local file line number name
    for file in "$run/job.env" "$home/jobs/job.env"; do
        [[ -e $file ]] || continue
        [[ -r $file ]] || fail 3 "$file cannot be read"
        number=0
        while IFS= read -r line || [[ $line ]]; do
            number=$((number + 1)) line=${line%$'\r'} # from an editor of Windows
            [[ ! $line =~ ^[[:blank:]]*(#|$) ]] || continue
            [[ $line =~ ^(BELAY_[A-Z0-9_]+)=(.*)$ ]] ||
                fail 2 "$file:$number must be BELAY_NAME=VALUE, a comment or empty, and is: $line"
            name=${BASH_REMATCH[1]}
            [[ -v $name ]] || export "$name=${BASH_REMATCH[2]}"
        done <"$file"
    done
    home=${BELAY_HOME:-$home}
}

load_environment() {
    local -a words
    read -ra words <<<"$BELAY_ENVIRONMENT"
    if ((${#words[@]})); then
        [[ -r ${words[0]} ]] || fail 2 "BELAY_ENVIRONMENT=$BELAY_ENVIRONMENT cannot be read"
        # A file may end with a test that is false: its code tells little.
        # shellcheck disable=SC1090
        source "${words[@]}" || say WARN "BELAY_ENVIRONMENT=$BELAY_ENVIRONMENT ended with $?"
    fi
    local init part
    # A job's shell is no login shell: nobody has defined module yet.
    [[ ! $BELAY_MODULES ]] ||
        for init in "$LMOD_PKG/init/bash" "$MODULESHOME/init/bash" /etc/profile.d/{lmod,modules}.sh; do
            type module >/dev/null 2>&1 && break
            # shellcheck disable=SC1090
            [[ ! -r $init ]] || source "$init"
        done
    while read -r -d ';' part; do
        read -ra words <<<"$part"
        [[ ${words[0]} =~ ^(|load|add|unload|rm|purge|use|switch|swap)$ ]] || words=(load "${words[@]}")
        ((${#words[@]} == 0)) || module "${words[@]}" || fail 2 "module ${words[*]} failed (BELAY_MODULES)"
    done <<<"$BELAY_MODULES;"
}

find_java() {
    program=${BELAY_JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/java}}
    program=$(type -P "${program:-java}") ||
        fail 3 "No java: set BELAY_JAVA, JAVA_HOME or BELAY_MODULES, or extend the PATH"
    jar=$BELAY_JAR
    [[ $jar ]] || for jar in "$home"/lib/belay.jar "$home"/target/belay.jar; do
        [[ ! -r $jar ]] || break
    done
    [[ -r $jar ]] || fail 3 "No jar $jar: set BELAY_JAR or BELAY_HOME"
}

# Processors of this job on this host. Without task/affinity, and on OAR, the machine shows all.
count_processors() {
    local all
    all=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
    processors=${SLURM_CPUS_PER_TASK:-${SLURM_CPUS_ON_NODE:-${BELAY_LOCAL_CPUS:-$all}}}
    if [[ $scheduler == oar && -r $OAR_NODEFILE ]]; then
        processors=$(grep -c "^$(uname -n | cut -d. -f1)\(\.\|$\)" "$OAR_NODEFILE")
        ((processors)) || processors=$(grep -c . "$OAR_NODEFILE") # an alias may be in use
        ((processors)) || processors=$all
    fi
    ((processors <= all)) || processors=$all
}

# Limits of this process's control groups, bytes, all levels and both versions.
memory_limits() {
    local controllers path base
    while IFS=: read -r _ controllers path; do
        case ,$controllers, in
            ,,) base=/sys/fs/cgroup file=memory.max ;;
            *,memory,*) base=/sys/fs/cgroup/memory file=memory.limit_in_bytes ;;
            *) continue ;;
        esac
        for (( ; ; )); do
            cat "$base$path/$file" 2>/dev/null
            [[ $path == */* ]] || break
            path=${path%/*}
        done
    done </proc/self/cgroup
}

# MiB for Java's heap. A quarter of the memory, Java's own choice, is too little for classify.
size_heap() {
    local total memory limit spare
    total=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
    memory=${SLURM_MEM_PER_NODE:-$((${SLURM_MEM_PER_CPU:-0} * ${SLURM_CPUS_ON_NODE:-1}))}
    if ((memory == 0)); then
        memory=$total
        for limit in $(memory_limits); do
            [[ $limit == max ]] || ((limit >> 20 >= memory)) || memory=$((limit >> 20))
        done
        # Without a limit, a part of the machine as large as that of the processors.
        ((memory < total)) || memory=$((total * processors / $(getconf _NPROCESSORS_ONLN)))
    fi
    # The rest is for oneDNN's and CUDA's own memory, which are not in the heap.
    spare=$((memory / 4))
    ((spare <= 4096)) || spare=4096
    ((spare >= 512)) || spare=512
    ((spare <= memory / 2)) || spare=$((memory / 2))
    heap=$((memory - spare))
}

# Natives unpack there, and a home directory is small and slow.
choose_tmpdir() {
    local directory
    for directory in "$BELAY_TMPDIR" "$TMPDIR" "$SLURM_TMPDIR" /tmp "$run"; do
        [[ ! -d $directory || ! -w $directory ]] || break
    done
    export TMPDIR=$directory
}

# Waits for java and leaves its code. A trapped signal ends wait with more than 128 while java lives;
# 127 on a repetition says that the code before was java's.
await() {
    local status
    code=127
    for (( ; ; )); do
        heard=
        wait "$java"
        status=$?
        ((status == 127)) || code=$status
        [[ $heard ]] || break
    done
    java=
}

# Sleeps, and is woken by a signal.
pause() {
    sleep "$1" &
    wait $!
}

# The id of an array's last task is that of the whole array: name the task.
own_id() {
    if [[ $SLURM_ARRAY_TASK_ID ]]; then
        echo "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    else
        echo "$SLURM_JOB_ID"
    fi
}

# What Slurm must do for this run to go on, once belay has saved it.
come_back_on_slurm() {
    case ${BELAY_REQUEUE:-requeue} in
        requeue)
            # Never after TERM: a job that requeues itself on that is immune to scancel. Slurm itself
            # requeues the others whose turn it is.
            only_warned || return 0
            if ! scontrol requeue "$(own_id)"; then
                say WARN "Slurm refuses to requeue: submit the same again, or set BELAY_REQUEUE=sbatch"
                return 0
            fi
            say INFO "requeued=$(own_id)"
            # Slurm now ends this process; a process that ends by itself may be taken for complete.
            local end=$((SECONDS + 60))
            until [[ $signals == *TERM* ]] || ((SECONDS > end)); do sleep 1; done
            ;;
        sbatch)
            if only_warned || slurm_took_it; then submit_again; fi
            ;;
        exit | none) ;;
        *) say WARN "BELAY_REQUEUE=$BELAY_REQUEUE must be requeue, exit, sbatch or none" ;;
    esac
}

# Whether TERM meant preemption or the time limit, and not scancel.
slurm_took_it() {
    scontrol -o show job "$SLURM_JOB_ID" | grep -Eq ' (PreemptTime=[0-9]|Reason=TimeLimit)'
}

# A new job in place of this one, with the same script, and with what users change on the command
# line; and those that wait for this one wait for the new one.
submit_again() {
    local partition account limit gres next waiting on
    IFS='|' read -r partition account limit gres < <(squeue -h -j "$SLURM_JOB_ID" -o '%P|%a|%l|%b')
    local -a options=(--parsable --job-name="$SLURM_JOB_NAME" --partition="$partition" --time="$limit")
    [[ $account == *null* ]] || options+=(--account="$account")
    [[ $gres != gres[:/]* ]] || options+=(--gres="${gres#gres?}")
    [[ ! $SLURM_ARRAY_TASK_ID ]] || options+=(--array="$SLURM_ARRAY_TASK_ID")
    export BELAY_HOME=$home # the new job's script has no place of its own
    if ! next=$(scontrol write batch_script "$SLURM_JOB_ID" - | sbatch "${options[@]}" /dev/stdin "${arguments[@]}"); then
        say ERROR "sbatch failed: submit the same again"
        return 0
    fi
    next=${next%%;*}
    say INFO "submitted=$next"
    # For belay status and cancel; without a script, since it is nobody's new start.
    mkdir -p "$run/jobs"
    TZ=UTC0 printf '{"scheduler":"slurm","stage":"%s","job":"%s","submitted":"%(%FT%TZ)T"}\n' \
        "$stage" "$next${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}" -1 >>"$run/jobs/submitted.jsonl"
    squeue -h -u "$(id -un)" -t PD -o '%A|%E' | while IFS='|' read -r waiting on; do
        [[ $on != *after*":$SLURM_JOB_ID("* ]] || scontrol update JobId="$waiting" \
            Dependency="$(sed "s/:$SLURM_JOB_ID(/:$next(/; s/([a-z]*)//g" <<<"$on")"
    done
}

come_back() {
    case $scheduler in
        slurm) come_back_on_slurm ;;
        # OAR resubmits an idempotent job that exits with 99 only when it ran for more than 60 s, and
        # one that it kills for another job at any age.
        oar)
            if [[ $BELAY_REQUEUE == cigri ]]; then
                code=66 # at any age; CiGri takes every other code for a failure
            elif only_warned; then
                until ((SECONDS > 62)); do sleep 1; done
            fi
            ;;
    esac
}

main() {
    [[ $stage =~ ^(train|extract|classify|pipeline|rehearse)$ && $run && $run != -* ]] ||
        fail 2 "usage: attempt.sh train|extract|classify|pipeline RUN [BELAY OPTIONS...]"
    [[ $stage == rehearse ]] || open_log
    load_settings
    load_environment
    find_java
    [[ $stage != rehearse ]] || exit 0
    count_processors
    size_heap
    choose_tmpdir
    local -a options
    read -ra options <<<"$BELAY_JAVA_OPTS"
    say INFO "host=$(uname -n) restart=${SLURM_RESTART_COUNT:-0} cuda-visible-devices=${CUDA_VISIBLE_DEVICES:-}" \
        "processors=$processors heap-mib=$heap"
    code=99 # unless asked to stop before the start
    while [[ -z $signals ]]; do
        "$program" "-Xmx${heap}m" "-XX:ActiveProcessorCount=$processors" "${options[@]}" \
            -jar "$jar" "$stage" --run "$run" "${@:3}" &
        java=$!
        [[ -z $signals ]] || kill -TERM "$java" # heard between the two lines before
        await
        # 7, in use: on a node that Slurm has lost the instance before may work on. It will finish the
        # run, or die when Slurm finds the node again.
        ((code == 7 && ${SLURM_RESTART_COUNT:-0} > 0)) || break
        code=99 # when a signal ends the pause
        pause 30
    done
    # 143: TERM came before belay listened, and there was nothing to save.
    if ((code == 143)) && [[ $signals ]]; then code=99; fi
    say INFO "exit-code=$code"
    ((code != 99)) || come_back
    exit "$code"
}

home=${BELAY_HOME:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
# What a new job of the same script needs; a job file that sources this says so itself.
declare -p arguments >/dev/null 2>&1 || arguments=("${@:2}")
main "$@"
