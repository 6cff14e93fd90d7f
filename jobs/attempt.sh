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
#                      the exit code by which CiGri, the grid, takes a job back. A Slurm job with a
#                      broken GPU comes back too, without its node, and three times at most
#   BELAY_NOTIFY       who hears of the final end: mail:ADDRESS, or a program and its arguments, separated
#                      by blanks, which is given RUN STAGE CODE and what happened. A job that comes back
#                      tells nobody, nor does one that succeeds before BELAY_LAST_STAGE
#   BELAY_BUSY_SECONDS how long a job that came back waits for the instance before it, on a node that
#                      Slurm has lost, to give the run away; 1800 if unset
#
# The stage "rehearse" does what comes before java, and ends: belay submit looks so whether jobs will
# find what they need.
#
# OAR passes no environment on. RUN/job.env, and below it jobs/job.env beside this script, may hold
# lines BELAY_NAME=VALUE, any configuration key among them (BELAY_DATA_DIR=/data/cifar10): a VALUE
# is taken as it stands up to the end of its line. What the environment already holds wins. They
# decide what runs as you, so they must belong to you, to root or to whoever installed this script,
# and be writable for their owner alone; a group may share everything else of a run directory.
#
# RUN/logs/last-exit.json holds how the last attempt ended, for status, and for the stage after it:
# {"stage","scheduler","job","host","ended","exitCode","message","avoided"}. It counts unless
# RUN/status.json is newer. avoided: broken nodes that the run has left since it last worked.
#
# Sourced by jobs/slurm/*.sbatch, so that a shell reads it whole at the start of a job, and never
# loses its traps; run by OAR and by hand.

signals='' heard='' asked='' java='' code=0 error='' cause='' root='' log='' aside='' left='' stays='' avoided=() time=%FT%TZ
stage=$1 run=$2
case ${SLURM_JOB_ID:+slurm}${OAR_JOB_ID:+oar} in
    slurm*) scheduler=slurm job=slurm:$SLURM_JOB_ID ;;
    oar) scheduler=oar job=oar:$OAR_JOB_ID ;;
    *) scheduler=none job=${BELAY_LOCAL_JOB:+local:}${BELAY_LOCAL_JOB:-none} ;;
esac
# When the job began, for schedulers that do not tell it, in seconds since 1970.
printf -v BELAY_JOB_BEGAN '%(%s)T' -1
export BELAY_JOB_BEGAN
exec {own}>&2 # the scheduler's own output, whatever becomes of this shell's

say() {
    TZ=UTC0 printf "%($time)T %s job=%s %s\n" -1 "$1" "$job" "${*:2}"
}

# Says it to whoever reads the scheduler's own output, too.
announce() {
    say "$@" >&2
    [[ ! $aside ]] || say "$@" >&"$own"
}

# --- Signals

# Remembers a signal and hands it on. The first as TERM, which ends in good order before belay listens
# too. A second TERM ends belay at once, which somebody at a terminal means; repeats of schedulers, such
# as OAR's of every pass, go as USR1: java ignores it until belay listens, and belay takes it for one
# request more, which heals a first one that was lost.
# shellcheck disable=SC2317 # called by traps
hear() {
    heard=1
    if [[ " $signals " != *" $1 "* ]]; then
        signals+=" $1"
        say INFO "signal=$1 java=${java:-none}"
    fi
    [[ -z $java ]] || pass_on "$1"
}

pass_on() {
    local name=TERM
    [[ ! $asked || $scheduler == none || $1 == INT ]] || name=USR1
    asked=1
    kill "-$name" "$java" 2>/dev/null
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

# --- Files of the run

# Ends this attempt with a code and one line.
fail() {
    error=$2
    announce ERROR "$error"
    code=$1
    record_end
    notify
    exit "$code"
}

# The run directory without links, with a slash at its end, which keeps a newline in its name.
find_root() {
    root=$(CDPATH='' cd -P -- "$run" 2>/dev/null && printf '%s/' "$PWD")
}

# Opens a file of the run for writing at its end, as descriptor $file. Whoever may write into the run
# directory can put a link there, by which this user would write elsewhere: what was opened must be
# that file, under no other name, before a byte is written.
open_own() {
    local path=$root$1 opened=''
    if [[ ! -L $path ]] && [[ -f $path || ! -e $path ]]; then
        { exec {file}>>"$path"; } 2>/dev/null || fail 3 "Cannot write $path"
        IFS= read -r -d '' opened < <(readlink -z "/proc/self/fd/$file")
        [[ $opened != "$path" || $(stat -L -c %h "/proc/self/fd/$file") != 1 ]] || return 0
        exec {file}>&-
    fi
    fail 3 "$path is a link or no regular file, so that nothing is written: remove it"
}

make_directory() {
    [[ ! -L $root$1 ]] || fail 3 "$root$1 is a link, expected a directory: link the run directory as a whole"
    mkdir -p "$root$1" || fail 3 "Cannot create $root$1"
}

# The log reads as one story, whatever the job ids; the scheduler's own file says where it is.
open_log() {
    find_root
    case $stage in # the others want a run that exists, and say so
        train | pipeline)
            mkdir -p -- "$run" || fail 3 "Cannot create $run"
            find_root
            make_directory logs
            ;;
    esac
    [[ $root && -d ${root}logs ]] || return 0
    make_directory logs
    open_own logs/job.log
    log=${root}logs/job.log
    if [[ ! /dev/stdout -ef /proc/self/fd/$file ]]; then
        say INFO "stage=$stage run=$run log=$log"
        aside=1
        exec >&"$file" 2>&1
    fi
    exec {file}>&-
}

# Opens a file that decides what this user runs, as descriptor $control; ssh and sudo ask for the same.
open_control() {
    local owner uid mode
    [[ -f $1 && ! -L $1 ]] || fail 2 "$1 is a link or no regular file, expected settings: put a file there"
    { exec {control}<"$1"; } 2>/dev/null || fail 3 "$1 cannot be read"
    read -r uid mode owner < <(stat -L -c '%u %a %U' "/proc/self/fd/$control")
    [[ $1 -ef /proc/self/fd/$control && ! -L $1 ]] || fail 2 "$1 was exchanged while it was read"
    [[ " 0 $EUID $(stat -L -c %u "${BASH_SOURCE[0]}" "$home/jobs/attempt.sh" 2>/dev/null | tr '\n' ' ')" == *" $uid "* ]] ||
        fail 2 "$1 belongs to $owner, who could run anything as $(id -un) with it: remove it, or chown $(id -un) $1"
    ((!(8#$mode & 8#22))) ||
        fail 2 "$1 of $owner may be written by others (mode $mode), who could run anything as $(id -un) with it: chmod go-w $1"
}

# Reads the settings of a run and of a site; evaluates nothing.
load_settings() {
    local file line number name
    for file in "$run/job.env" "$home/jobs/job.env"; do
        [[ -e $file || -L $file ]] || continue
        open_control "$file"
        number=0
        while IFS= read -r line || [[ $line ]]; do
            number=$((number + 1)) line=${line%$'\r'} # from an editor of Windows
            [[ ! $line =~ ^[[:blank:]]*(#|$) ]] || continue
            # What stands after = may be a secret.
            [[ $line =~ ^(BELAY_[A-Z0-9_]+)=(.*)$ ]] ||
                fail 2 "$file:$number must be BELAY_NAME=VALUE, a comment or empty, and begins with: ${line%%=*}"
            name=${BASH_REMATCH[1]}
            [[ -v $name ]] || export "$name=${BASH_REMATCH[2]}"
        done <&"$control"
        exec {control}<&-
    done
    home=${BELAY_HOME:-$home}
}

json() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    printf '"%s"' "${text//[[:cntrl:]]/ }"
}

# Not of an attempt that another instance kept out.
record_end() {
    local node nodes='' next=${root}logs/.last-exit.json.partial
    [[ $root && -d ${root}logs && ! -L ${root}logs ]] && ((code != 7)) || return 0
    for node in "${avoided[@]}"; do nodes+=${nodes:+,}$(json "$node"); done
    rm -f "$next"
    if ! (
        set -C # follows no link that somebody puts there meanwhile
        TZ=UTC0 printf '{"stage":"%s","scheduler":"%s","job":%s,"host":%s,"ended":"%(%FT%TZ)T","exitCode":%d,"message":%s,"avoided":[%s]}\n' \
            "$stage" "$scheduler" "$(json "$(own_id)")" "$(json "$(uname -n)")" -1 "$code" "$(json "$error")" "$nodes" >"$next"
    ) 2>/dev/null || ! mv -fT "$next" "${root}logs/last-exit.json"; then
        say WARN "Cannot write ${root}logs/last-exit.json"
    fi
}

# Tells whoever wants to know that this run's jobs are over.
notify() {
    local text=${error:-complete} subject="belay $stage $run: exit code $code"
    local -a words
    read -ra words <<<"$BELAY_NOTIFY"
    [[ ${words[0]} && $stage != rehearse ]] || return 0
    case $code in
        99 | 66) [[ $stays ]] || return 0 ;; # it comes back
        7) return 0 ;; # another instance has the run
        0) [[ ${BELAY_LAST_STAGE:-$stage} == "$stage" ]] || return 0 ;;
        137) [[ ! $BELAY_LOCAL_JOB ]] || return 0 ;; # it is started again
        *) [[ ! $cause ]] || return 0 ;; # the stage before has told
    esac
    if [[ ${words[0]} == mail:* ]]; then
        # Of a line that begins with ~ some mail programs make a command.
        timeout 60 mail -s "${subject//[[:cntrl:]]/ }" "${words[0]#mail:}" <<<"belay: $text"
    else
        timeout 60 "${words[@]}" "$run" "$stage" "$code" "$text" </dev/null
    fi || say WARN "BELAY_NOTIFY=$BELAY_NOTIFY ended with exit code $?"
}

# What the attempt before has left: why a stage that this one needs is not complete, and the nodes
# that this run avoids.
read_last_end() {
    local text='' file=${root}logs/last-exit.json text_of='"(([^"\\]|\\.)*)"' last message
    [[ -f $file && ! -L $file && ! ${root}status.json -nt $file ]] || return 0
    IFS= read -r -n 65536 text <"$file"
    [[ ! $text =~ \"avoided\":\[([\"A-Za-z0-9.,_-]*)\] ]] || IFS=, read -ra avoided <<<"${BASH_REMATCH[1]//\"/}"
    [[ $text =~ \"stage\":$text_of ]] && last=${BASH_REMATCH[1]}
    case $last:$stage in
        train:extract | train:classify | extract:classify) ;;
        *) return 0 ;;
    esac
    [[ $text =~ \"exitCode\":([0-9]+),\"message\":$text_of ]] || return 0
    [[ ${BASH_REMATCH[1]} != 0 && ${BASH_REMATCH[1]} != 99 ]] || return 0
    message=${BASH_REMATCH[2]//\\\"/\"}
    cause="$last failed with exit code ${BASH_REMATCH[1]}: ${message//\\\\/\\}"
    [[ $message != *" failed with exit code "* ]] || cause=${cause#*: } # that of the first of them
}

# --- What java needs

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

# A file of this process's control groups, all levels; named as in version 2 and in version 1.
read_groups() {
    local controllers path base file
    while IFS=: read -r _ controllers path; do
        case ,$controllers, in
            ,,) base=/sys/fs/cgroup file=$1 ;;
            *,memory,*) base=/sys/fs/cgroup/memory file=$2 ;;
            *) continue ;;
        esac
        for (( ; ; )); do
            cat "$base$path/$file" 2>/dev/null
            [[ $path == */* ]] || break
            path=${path%/*}
        done
    done </proc/self/cgroup
}

# How often the kernel has killed for want of memory.
count_oom_kills() {
    read_groups memory.events memory.oom_control | awk '/^oom_kill / { n += $2 } END { print n + 0 }'
}

# MiB of the job, and of them for Java's heap. A quarter, Java's own choice, is too little for classify.
size_heap() {
    local total limit spare
    total=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
    memory=${SLURM_MEM_PER_NODE:-$((${SLURM_MEM_PER_CPU:-0} * ${SLURM_CPUS_ON_NODE:-1}))}
    if ((memory == 0)); then
        memory=$total
        for limit in $(read_groups memory.max memory.limit_in_bytes); do
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
    read_own_heap
}

# BELAY_JAVA_OPTS comes last and wins.
read_own_heap() {
    local option
    for option in "${options[@]}"; do
        [[ $option =~ ^-(Xmx|XX:MaxHeapSize=)([0-9]{1,14})([kKmMgGtT]?)$ ]] || continue
        case ${BASH_REMATCH[3],} in
            k) heap=$((10#${BASH_REMATCH[2]} >> 10)) ;;
            m) heap=$((10#${BASH_REMATCH[2]})) ;;
            g) heap=$((10#${BASH_REMATCH[2]} << 10)) ;;
            t) heap=$((10#${BASH_REMATCH[2]} << 20)) ;;
            *) heap=$((10#${BASH_REMATCH[2]} >> 20)) ;;
        esac
    done
}

# Java reads the names of files by the locale, of which OAR passes none on and others pass LANG=C.
choose_locale() {
    local name
    for name in "$LC_ALL" C.UTF-8 en_US.UTF-8 $(locale -a 2>/dev/null | grep -i 'utf-*8$') C.UTF-8; do
        [[ $(LC_ALL=$name locale charmap 2>/dev/null) != UTF-8 ]] || break
    done
    { [[ ! $name ]] || export LC_ALL="$name"; } 2>/dev/null # a name that is unknown here
}

# Natives unpack there, and a home directory is small and slow.
choose_tmpdir() {
    local directory
    for directory in "$BELAY_TMPDIR" "$TMPDIR" "$SLURM_TMPDIR" /tmp; do
        [[ ! -d $directory || ! -w $directory ]] || break
    done
    export TMPDIR=$directory
}

# USR1 and USR2 are ignored until belay listens: the first would kill a JVM, and the second, which it
# keeps for itself unless told otherwise, would crash it. No signal is handed to a shell that is about
# to become java, and has forgotten the traps already.
start_java() {
    export _JAVA_SR_SIGNUM=${_JAVA_SR_SIGNUM:-16}
    (
        trap '' USR1 USR2
        exec "$program" "$@" {own}>&-
    ) &
    while cmp -s "/proc/$$/cmdline" "/proc/$!/cmdline"; do :; done
    java=$!
    [[ -z $signals ]] || pass_on TERM # heard meanwhile
}

# Waits for java and leaves its code, 127 where none is known. A repeated wait may say that it knows
# no such process (127, or -1 in bash 5.2): the code before was java's.
await() {
    local status
    code=127
    for (( ; ; )); do
        heard=
        wait "$java"
        status=$?
        # Beyond 128 is java's end by a signal, or a wait that a signal broke off.
        ((status == 127 || status < 0 || code < 127)) || code=$status
        [[ $heard ]] || { ((status > 128)) && kill -0 "$java" 2>/dev/null; } || break
    done
    java=
}

# Sleeps, and is woken by a signal.
pause() {
    sleep "$1" &
    wait $!
}

# Says what ended java where java could not; otherwise repeats what belay said last.
explain_end() {
    local from=$1 kills=$2 told=''
    [[ $scheduler != slurm ]] || told=' (--mem)'
    [[ ! $log || -d $run ]] || fail 3 "The run directory $run is gone, and this attempt's work with it"
    [[ ! -f $log || -L $log ]] || error=$(tail -c "+$((from + 1))" "$log" | grep -a '^[^ ]* ERROR ' | tail -n 1 | cut -d ' ' -f 3-)
    case $code in
        0 | 99) error='' ;;
        137)
            error="java was killed (SIGKILL)"
            if (($(count_oom_kills) > kills)); then
                error+=" because the job's memory ran out: ask for more than $memory MiB$told, of which java's heap may take $heap MiB"
            else
                error+=", by a person, by the site, or because memory ran out: the job has $memory MiB$told, of which java's heap may take $heap MiB"
            fi
            say ERROR "$error"
            ;;
        12[89] | 1[3-9]?)
            error="java was ended by SIG$(kill -l $((code - 128))); after a crash, hs_err_pid*.log in $PWD tells more"
            say ERROR "$error"
            ;;
    esac
    if ((code == 3)) && [[ $cause ]]; then
        error=$cause
        say ERROR "$error"
    fi
    [[ ! $aside || ! $error ]] || say ERROR "$error" >&"$own"
}

# --- How a job comes back

# The id of an array's last task is that of the whole array: name the task.
own_id() {
    if [[ $SLURM_ARRAY_TASK_ID ]]; then
        echo "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    else
        echo "${SLURM_JOB_ID:-$OAR_JOB_ID}"
    fi
}

# What Slurm must do for this run to go on, once belay has saved it. Fails where it will not.
come_back_on_slurm() {
    case ${left:-${BELAY_REQUEUE:-requeue}} in
        requeue)
            # Never after TERM: a job that requeues itself on that is immune to scancel. Slurm itself
            # requeues the others whose turn it is.
            if only_warned; then requeue && await_requeue; fi
            ;;
        requeued) await_requeue ;;
        submitted) ;;
        sbatch)
            if only_warned || slurm_took_it; then submit_again; fi
            ;;
        exit) ;;
        none) ! only_warned ;;
        *) say WARN "BELAY_REQUEUE=$BELAY_REQUEUE must be requeue, exit, sbatch or none" ;;
    esac
}

requeue() {
    if ! scontrol requeue "$(own_id)"; then
        say WARN "Slurm refuses to requeue: submit the same again, or set BELAY_REQUEUE=sbatch"
        return 1
    fi
    say INFO "requeued=$(own_id)"
}

# Slurm now ends this process; a process that ends by itself may be taken for complete.
await_requeue() {
    local end=$((SECONDS + 60))
    until [[ $signals == *TERM* ]] || ((SECONDS > end)); do sleep 1; done
}

# Whether TERM meant preemption or the time limit, and not scancel.
slurm_took_it() {
    scontrol -o show job "$(own_id)" | grep -Eq ' (PreemptTime=[0-9]|Reason=TimeLimit)'
}

# Leaves in $again the options of sbatch by which a new job gets all that this one has, as far as
# Slurm tells (--signal, which it does not, is the script's), in $excluded the nodes that it may not
# have, and in $lost what no option can give to a new job.
read_options() {
    local line field value
    local -a words
    local -A facts=()
    while read -r line; do
        case $line in
            JobId=*) ;; # and the job's name, which may look like anything
            Comment=* | Command=* | WorkDir=* | Std*=*) facts[${line%%=*}]=${line#*=} ;;
            *)
                read -ra words <<<"$line"
                for value in "${words[@]}"; do facts[${value%%=*}]=${value#*=}; done
                ;;
        esac
    done < <(scontrol show job "$(own_id)")
    again=(--export=ALL "--job-name=$SLURM_JOB_NAME") excluded='' lost=''
    [[ ${facts[Partition]} ]] || lost=' anything'
    [[ ${facts[TresPerNode]} ]] || again+=(--gres=none)
    [[ ${facts[MailType]} ]] || again+=(--mail-type=NONE)
    for field in "${!facts[@]}"; do
        value=${facts[$field]}
        case $field=$value in
            *= | *'=(null)' | *=N/A) ;;
            Partition=* | Account=* | QOS=* | Reservation=* | Deadline=* | Nice=* | Comment=* | Licenses=*) ;&
            Switches=* | Network=* | Power=*) again+=("--${field,,}=$value") ;;
            TimeLimit=*) again+=("--time=$value") ;;
            TimeMin=*) again+=("--time-min=$value") ;;
            WCKey=*) again+=("--wckey=${value#\*}") ;;
            Prefer=*) again+=("--prefer=$value") ;;
            Extra=*) again+=("--extra=$value") ;;
            Container=*) again+=("--container=$value") ;;
            Features=*) again+=("--constraint=$value") ;;
            ExcNodeList=*) again+=("--exclude=$value") excluded=$value ;;
            ReqNodeList=*) again+=("--nodelist=$value") ;;
            MailUser=*) again+=("--mail-user=$value") ;;
            MailType=*) again+=("--mail-type=$value") ;;
            NumTasks=*) again+=("--ntasks=$value") ;;
            CPUs/Task=*) [[ ${facts[CpusPerTres]} ]] || again+=("--cpus-per-task=$value") ;;
            CpusPerTres=*) again+=("--cpus-per-gpu=${value##*:}") ;;
            MinCPUsNode=*) again+=("--mincpus=$value") ;;
            MinMemoryNode=*) [[ ${facts[MemPerTres]} ]] || again+=("--mem=$value") ;;
            MinMemoryCPU=*) again+=("--mem-per-cpu=$value") ;;
            MemPerTres=*) again+=("--mem-per-gpu=${value##*:}") ;;
            MinTmpDiskNode=*) again+=("--tmp=$value") ;;
            TresPerNode=*) again+=("--gres=${value//gres[:\/]/}") ;;
            TresPerJob=gres?gpu:*) again+=("--gpus=${value#gres?gpu:}") ;;
            TresBind=*) again+=("--gpu-bind=${value#*gpu:}") ;;
            TresFreq=*) again+=("--gpu-freq=${value#*gpu:}") ;;
            GresEnforceBind=Yes) again+=(--gres-flags=enforce-binding) ;;
            OverSubscribe=NO) again+=(--exclusive) ;;
            OverSubscribe=YES) again+=(--oversubscribe) ;;
            OverSubscribe=USER | OverSubscribe=MCS) again+=("--exclusive=${value,,}") ;;
            Contiguous=1) again+=(--contiguous) ;;
            SpreadJob=Yes) again+=(--spread-job) ;;
            Requeue=0) again+=(--no-requeue) ;;
            BurstBuffer=*) again+=("--bb=$value") ;;
            ClusterFeatures=*) again+=("--cluster-constraint=$value") ;;
            MCS_label=*) again+=("--mcs-label=$value") ;;
            WorkDir=*) again+=("--chdir=$value") ;;
            StdOut=*) again+=("--output=$value") ;;
            StdErr=*) [[ $value == "${facts[StdOut]}" ]] || again+=("--error=$value") ;;
            ReqB:S:C:T=0:0:\*:[1-9]*) again+=("--threads-per-core=${value##*:}") ;;
            ReqB:S:C:T=0:0:\*:\* | Socks/Node=\* | CoreSpec=\* | Reboot=0 | TresPerTask=cpu[:=]${facts[CPUs/Task]}) ;;
            ReqB:S:C:T=* | Socks/Node=* | CoreSpec=* | ThreadSpec=* | Reboot=* | TresPer*=* | CPU_*freq=*) lost+=" $field=$value" ;;
        esac
    done
}

# A new job in place of this one, with the same script and options, and more options; and those that
# wait for this one wait for the new one.
submit_again() {
    local next waiting on
    read_options
    if [[ $lost ]]; then
        announce ERROR "No new job takes this one's place, since sbatch cannot give it$lost of this one: submit the same again"
        return 1
    fi
    [[ ! $SLURM_ARRAY_TASK_ID ]] || again+=(--array="$SLURM_ARRAY_TASK_ID")
    export BELAY_HOME=$home # the new job's script has no place of its own
    if ! next=$(scontrol write batch_script "$SLURM_JOB_ID" - |
        sbatch --parsable "${again[@]}" "$@" /dev/stdin "${arguments[@]}"); then
        announce ERROR "sbatch failed: submit the same again"
        return 1
    fi
    next=${next%%;*}
    record_successor "$next${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}"
    say INFO "submitted=$next"
    squeue -h -u "$(id -un)" -t PD -o '%A|%E' | while IFS='|' read -r waiting on; do
        [[ $on != *after*":$SLURM_JOB_ID("* ]] || scontrol update JobId="$waiting" \
            Dependency="$(sed "s/:$SLURM_JOB_ID(/:$next(/; s/([a-z]*)//g" <<<"$on")"
    done
    return 0
}

# For belay status and cancel; without a script, since it is nobody's new start.
record_successor() {
    make_directory jobs
    open_own jobs/submitted.jsonl
    TZ=UTC0 printf '{"scheduler":"slurm","stage":"%s","job":"%s","submitted":"%(%FT%TZ)T"}\n' \
        "$stage" "$1" -1 >&"$file"
    exec {file}>&-
}

# On a node whose GPU is broken, a job of Slurm asks for another one, three times in a row. Leaves 99
# in $code when it gets one. Slurm takes the node from a job that is about to come back, and not from
# one that runs.
leave_node() {
    local node=$SLURMD_NODENAME said
    if [[ $scheduler != slurm || $code != 4 || $error != "Node "*" is broken: "* || ${#avoided[@]} -ge 3 ]]; then
        avoided=()
        return
    fi
    read_options
    excluded+=${excluded:+,}$node
    if ! said=$(sbatch --test-only "${again[@]}" --exclude="$excluded" --wrap=true 2>&1); then
        announce ERROR "No other node will do (${said##*: })"
        avoided=()
        return
    fi
    case ${BELAY_REQUEUE:-requeue} in
        none) return ;;
        sbatch) submit_again "--exclude=$excluded" || return ;;
        *)
            requeue || return
            left=requeued
            scontrol update JobId="$(own_id)" ExcNodeList="$excluded" ||
                say WARN "Slurm does not exclude $node: this job may come back to it"
            ;;
    esac
    avoided+=("$node") code=99 left=${left:-submitted}
    announce WARN "avoids-node=$node nodes-avoided=${#avoided[@]}"
}

# Fails where nothing comes back that was to.
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

# Starts java until it is through with the run: leaves its code.
run_java() {
    local patience=${BELAY_BUSY_SECONDS:-1800} end='' from=0 kills
    [[ $patience =~ ^[1-9][0-9]{0,8}$ ]] || fail 2 "BELAY_BUSY_SECONDS=$patience must be a number of seconds"
    code=99 # unless asked to stop before the start
    while [[ -z $signals ]]; do
        [[ ! $log ]] || from=$(stat -c %s "$log")
        kills=$(count_oom_kills)
        start_java "$@"
        await
        # 7, in use: on a node that Slurm has lost the instance before may work on. It will finish the
        # run, or die when Slurm finds the node again.
        ((code == 7 && ${SLURM_RESTART_COUNT:-0} > 0)) || break
        : "${end:=$((SECONDS + patience))}"
        ((SECONDS < end)) || break
        code=99 # when a signal ends the pause
        pause $((end - SECONDS < 30 ? end - SECONDS : 30))
    done
    # Ended by a signal of those that were heard: nothing to save yet, or asked twice. 127: bash 5.2
    # forgets how java ended in the instant of a signal; one start more finds it out.
    case $signals:$code in
        *?:127 | *?:129 | *?:130 | *?:138 | *?:140 | *?:143) code=99 ;;
    esac
    explain_end "$from" "${kills:-0}"
}

main() {
    [[ $stage =~ ^(train|extract|classify|pipeline|rehearse)$ && $run && $run != -* ]] ||
        fail 2 "usage: attempt.sh train|extract|classify|pipeline RUN [BELAY OPTIONS...]"
    if [[ $stage != rehearse ]]; then
        open_log
        read_last_end
    fi
    load_settings
    load_environment
    choose_locale
    find_java
    [[ $stage != rehearse ]] || exit 0
    count_processors
    local -a options
    read -ra options <<<"$BELAY_JAVA_OPTS"
    size_heap
    choose_tmpdir
    say INFO "host=$(uname -n) restart=${SLURM_RESTART_COUNT:-0} cuda-visible-devices=${CUDA_VISIBLE_DEVICES:-}" \
        "processors=$processors heap-mib=$heap"
    # Metaspace: room for the classes that belay loads at the start, or a collection shrinks the heap then.
    run_java "-Xmx${heap}m" "-XX:ActiveProcessorCount=$processors" -XX:MetaspaceSize=128m "${options[@]}" -jar "$jar" "$stage" --run "$run" "${@:3}"
    leave_node
    announce INFO "exit-code=$code"
    record_end
    if ((code == 99)) && ! come_back; then
        error='This run is saved, and no job comes back to it: submit the same again'
        announce ERROR "$error"
        stays=1
        record_end
    fi
    notify
    exit "$code"
}

home=${BELAY_HOME:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
# What a new job of the same script needs; a job file that sources this says so itself.
declare -p arguments >/dev/null 2>&1 || arguments=("${@:2}")
main "$@"
