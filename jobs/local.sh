#!/usr/bin/env bash
# local.sh ID STATE SCRIPT RUN [BEFORE]: a job without a scheduler, as belay submit --local starts it in
# a session of its own. Runs SCRIPT, and again when it was stopped or killed, until its stage of RUN is
# complete, or belay says that it gets nowhere. STATE is a line of JSON in which the job says how it is;
# BEFORE is that of a job that must be over first.
#
# TERM ends the job for good, once belay has saved. Whatever ends this process ends its children.

id=$1 state=$2 script=$3 run=$4 before=$5
child='' ended='' heard='' code=0
# Of an allocation that this was started in: its jobs' ways to come back are not ours.
unset "${!SLURM_@}" "${!OAR_@}"
export BELAY_LOCAL_JOB=$id

trap 'ended=1 heard=1; [[ -z $child ]] || kill -TERM "$child" 2>/dev/null' TERM INT HUP

say() {
    TZ=UTC0 printf '%(%FT%TZ)T INFO job=local:%s %s\n' -1 "$id" "$*"
}

# Ticks from the boot to the start of a process, proc(5): field 22, of which the 2nd may hold blanks.
started() {
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    read -ra stat <<<"${stat##*) }"
    [[ ${stat[0]} != [ZX] ]] && echo "${stat[19]}" # dead, and not yet waited for
}

# How the job is: WORD and a reason.
tell() {
    (
        umask 077
        printf '{"host":"%s","boot":"%s","pid":%d,"ticks":%d,"word":"%s","reason":"%s"}\n' "$(uname -n)" \
            "$(</proc/sys/kernel/random/boot_id)" "$$" "$(started "$$")" "$1" "$2" >"$state.new"
        mv -f "$state.new" "$state"
    )
}

# Whether the job before is at work, or waits.
is_before() {
    [[ -r $before && $(<"$before") =~ \"pid\":([0-9]+),\"ticks\":([0-9]+) ]] &&
        [[ $(started "${BASH_REMATCH[1]}") == "${BASH_REMATCH[2]}" ]]
}

# Sleeps, and is woken by a signal.
pause() {
    sleep "$1" &
    wait $!
}

# What belay has begun; a java that dies before that would die for ever.
attempts() {
    stat -c %s "$run/attempts.jsonl" 2>/dev/null
}

# Runs the script and leaves its exit code. In a process group of its own, of which nothing stays; the
# kernel tells it when this process is killed.
attempt() {
    local status tied=()
    setpriv --pdeathsig TERM true 2>/dev/null && tied=(setpriv --pdeathsig TERM)
    set -m
    "${tied[@]}" "$script" &
    child=$!
    set +m
    [[ ! $ended ]] || kill -TERM "$child"
    code=127
    # A repeated wait may say that it knows no such process (127, or -1 in bash 5.2): the code before
    # was the script's. Beyond 128 is its end by a signal, or a wait that a signal broke off.
    for (( ; ; )); do
        heard=
        wait "$child"
        status=$?
        ((status == 127 || status < 0 || code < 127)) || code=$status
        [[ $heard ]] || { ((status > 128)) && kill -0 "$child" 2>/dev/null; } || break
    done
    kill -KILL -- "-$child" 2>/dev/null
    child=
}

first=${before##*/}
tell waiting "${first:+after ${first%.json}}"
while is_before && [[ ! $ended ]]; do pause 1; done
silent=0 number=0
while [[ ! $ended ]]; do
    number=$((number + 1)) known=$(attempts)
    tell running "attempt $number"
    attempt
    # 99: stopped. 137: killed.
    [[ $code == @(99|137) && ! $ended ]] || break
    if [[ $(attempts) == "$known" ]]; then silent=$((silent + 1)); else silent=0; fi
    ((silent < 3)) || break
    say "again=$((number + 1)) exit-code=$code"
    pause 2
done
if ((number && code == 0)); then
    tell completed
elif [[ $ended ]]; then
    tell cancelled
else
    tell failed "exit code $code"
fi
exit "$code"
