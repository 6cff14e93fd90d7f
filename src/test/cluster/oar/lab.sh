#!/usr/bin/env bash
# lab.sh [PREFIX]: a real OAR 2.5 on this machine, for tests. As root, without systemd.
#
# Starts PostgreSQL and sshd on ports of their own, and OAR's server; makes users, nodes with GPUs
# that exist on paper, and the best-effort queue's rules. Says "ready" and schedules promptly, until
# its standard input ends (Ctrl-D, or the end of the test that holds it); then it takes all down.
# PREFIX, with lib/belay.jar and jobs/, is copied to $LAB/belay, which the users can read.
#
# One at a time: OAR has its configuration in /etc/oar, which this replaces for the time being.
# Never on a machine whose OAR somebody has configured: it refuses.
set -euo pipefail

LAB=${BELAY_TEST_OAR:-/var/tmp/belay-oar}
USERS=(belay1 belay2)
MARK='# belay test'
CONF=/etc/oar/oar.conf
SHIPPED=/usr/share/oar/oar-common/oar.conf
DB_PORT=5433

say() {
    printf '%4d s %s\n' "$SECONDS" "$*"
}

refuse() {
    echo "lab.sh: $*" >&2
    exit 2
}

psql_bin() {
    local directories=(/usr/lib/postgresql/*/bin)
    echo "${directories[-1]}"
}

as_postgres() {
    su postgres -s /bin/sh -c "$*" >>"$LAB/log/postgres.log" 2>&1
}

start_database() {
    install -d -o postgres -g postgres "$LAB/pg"
    echo lab >"$LAB/pg/password"
    chown postgres "$LAB/pg/password"
    as_postgres "$(psql_bin)/initdb -D $LAB/pg/data -U postgres -A scram-sha-256 --pwfile=$LAB/pg/password --no-sync"
    cat >>"$LAB/pg/data/postgresql.conf" <<EOF
listen_addresses = '127.0.0.1'
port = $DB_PORT
unix_socket_directories = '$LAB/pg'
fsync = off
synchronous_commit = off
full_page_writes = off
EOF
    as_postgres "$(psql_bin)/pg_ctl -D $LAB/pg/data -w -l $LAB/pg/server.log start"
}

# Sets a key of the shipped configuration, commented out there or not.
set_key() {
    if grep -qE "^#? ?$1 ?=" "$LAB/oar.conf"; then
        sed -i -E "0,/^#? ?$1 ?=.*/s||$1=\"$2\"|" "$LAB/oar.conf"
    else
        echo "$1=\"$2\"" >>"$LAB/oar.conf"
    fi
}

configure() {
    { echo "$MARK"; cat "$SHIPPED"; } >"$LAB/oar.conf"
    set_key DB_PORT "$DB_PORT"
    set_key DB_BASE_PASSWD oar
    set_key DB_BASE_PASSWD_RO oar_ro
    set_key LOG_LEVEL 3
    # No pauses between what the scheduler does.
    set_key SCHEDULER_MIN_TIME_BETWEEN_2_CALLS 0
    set_key SCHEDULER_JOB_SECURITY_TIME 1
    set_key SCHEDULER_GANTT_HOLE_MINIMUM_TIME 1
    set_key FINAUD_FREQUENCY 0
    set_key USERS_ALLOWED_HOLD_RESUME yes
    # Nodes that are names only have no processors of their own to fence off.
    sed -i -E 's/^(JOB_RESOURCE_MANAGER_PROPERTY_DB_FIELD|CPUSET_PATH)=/#&/' "$LAB/oar.conf"
    cat "$LAB/oar.conf" >"$CONF" # keeps its owner and mode
    printf '%s\nHost %s\n  HostName 127.0.0.1\n' "$MARK" "$(nodes | awk '{ print $1 }' | sort -u | paste -sd' ')" \
        >>/var/lib/oar/.ssh/config
    for user in "${USERS[@]}"; do
        id "$user" >/dev/null 2>&1 || useradd -m -d "$LAB/home/$user" -s /bin/bash "$user"
        chmod 755 "$LAB/home/$user"
    done
}

# A resource a line: node, model of its GPU, number of the GPU. A node a scenario, so that those
# that run at the same time do not take one another's.
nodes() {
    local model index
    for model in V100 A100 K40; do
        for index in 1 2 3 4 5; do
            echo "${model,,}-$index $model 0"
        done
    done
}

start_sshd() {
    mkdir -p /run/sshd
    /usr/sbin/sshd -f /etc/oar/sshd_config -o ListenAddress=127.0.0.1 -o MaxSessions=200 \
        -o PidFile="$LAB/sshd.pid" -E "$LAB/log/sshd.log"
}

start_server() {
    oar-database --create --db-host=127.0.0.1 --db-port="$DB_PORT" \
        --db-admin-user=postgres --db-admin-pass=lab >"$LAB/log/database.log" 2>&1
    /usr/sbin/oar-server >>"$LAB/log/server.log" 2>&1
    until (exec 3<>/dev/tcp/127.0.0.1/6666) 2>/dev/null; do
        ((SECONDS < 1200)) || refuse "OAR's server does not start, see $LAB/log"
        sleep 0.05
    done
}

add_resources() {
    local node model gpu number=0
    for property in host gpu gpumodel; do oarproperty -q -c -a "$property"; done
    for property in cpu core gpudevice mem; do oarproperty -q -a "$property"; done
    while read -r node model gpu; do
        number=$((number + 1))
        oarnodesetting -a -h "$node" -p "host=$node" -p "cpu=$number" -p "core=$number" -p "cpuset=0" -p mem=64 \
            -p gpu=YES -p "gpumodel=$model" -p "gpudevice=$gpu"
    done < <(nodes) >>"$LAB/log/resources.log" 2>&1
    until (($(oarnodes -s | grep -c Alive) == number)); do
        ((SECONDS < 1200)) || refuse "OAR's nodes do not come up, see $LAB/log"
        sleep 0.1
    done
}

ended() {
    for ((turn = 0; turn < 100; turn++)); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    return 1
}

# The process of a pid file, if it is the one expected.
running() {
    [[ -r $1 && $(cat "/proc/$(<"$1")/comm" 2>/dev/null) == "$2" ]] && cat "$1"
}

# OAR's execution daemons outlive its server: the jobs go first.
end_jobs() {
    local ids
    mapfile -t ids < <(oarstat -J 2>/dev/null | sed -n 's/^ *"Job_Id" : "\{0,1\}\([0-9]*\).*/\1/p')
    ((${#ids[@]} == 0)) || oardel "${ids[@]}" >/dev/null 2>&1 || true
    for ((turn = 0; turn < 60; turn++)); do
        [[ $(oarstat -J 2>/dev/null | grep -c '"Job_Id"') != 0 ]] || break
        oarnotify Scheduling >/dev/null 2>&1 || true
        sleep 0.3
    done
}

end_server() {
    local server children pid
    server=$(running /var/run/oar-server.pid Almighty) || return 0
    children=$(for pid in $(ps -o pid= --ppid "$server"); do echo "$pid"; ps -o pid= --ppid "$pid"; done) || true
    kill "$server"
    ended "$server" || kill -9 "$server"
    for pid in $children; do # its appendices live on
        [[ $(ps -o args= -p "$pid") != Almighty* ]] || kill -9 "$pid" 2>/dev/null
    done || true
    rm -f /var/run/oar-server.pid
}

down() {
    trap - EXIT
    trap '' INT TERM HUP
    set +e
    [[ -z ${ticker:-} ]] || kill "$ticker" 2>/dev/null
    if running /var/run/oar-server.pid Almighty >/dev/null; then end_jobs; fi
    end_server
    if pid=$(running "$LAB/sshd.pid" sshd); then kill "$pid" && ended "$pid"; fi
    [[ ! -f $LAB/pg/data/postmaster.pid ]] || as_postgres "$(psql_bin)/pg_ctl -D $LAB/pg/data -m fast -w stop"
    if grep -q "^$MARK" "$CONF"; then cat "$SHIPPED" >"$CONF"; fi
    sed -i "/^$MARK/,\$d" /var/lib/oar/.ssh/config
    rm -rf "$LAB/pg"
    for user in "${USERS[@]}"; do userdel "$user" 2>/dev/null; done
    say down
}

check() {
    ((EUID == 0)) || refuse "must run as root"
    for tool in oarsub oar-database oar-server taktuk /usr/sbin/sshd "$(psql_bin)/initdb" su; do
        type -P "$tool" >/dev/null || refuse "no $tool: apt-get install oar-server oar-server-pgsql oar-node oar-user oar-user-pgsql taktuk openssh-server"
    done
    cmp -s "$CONF" "$SHIPPED" || grep -q "^$MARK" "$CONF" || refuse "$CONF belongs to somebody's OAR; nothing is changed"
}

check
exec 9>"${TMPDIR:-/tmp}/oar.lock"
flock 9
SECONDS=0
{
    trap down EXIT
    trap 'exit 1' INT TERM HUP
    [[ ! -d $LAB/pg ]] || (down >/dev/null) # of a lab that was killed
    rm -rf "$LAB"
    mkdir -p "$LAB"/{log,home}
    chmod 755 "$LAB" "$LAB/home"
    [[ -z ${1:-} ]] || cp -rL "$1" "$LAB/belay"
    start_database
    configure
    start_sshd
    start_server
    add_resources
    while sleep 1; do oarnotify Scheduling >/dev/null 2>&1; done &
    ticker=$!
} 9>&- </dev/null # daemons must not inherit the lock
say "ready: $(oarnodes -s | grep -c Alive) GPUs in $LAB"
cat >/dev/null || true
