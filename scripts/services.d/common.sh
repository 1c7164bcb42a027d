# shellcheck shell=bash
# What every service needs: messages, ports, processes, waiting for a condition, state files.

say() { printf 'services: %s\n' "$*" >&2; }

die() {
    printf 'services: error: %s\n' "$*" >&2
    exit 1
}

check_service_names() {
    local name
    for name in "$@"; do
        case $name in
            postgres | rabbitmq | redis) ;;
            *) die "unknown service '$name' (postgres, rabbitmq, redis)" ;;
        esac
    done
}

# Names a missing tool together with the command that brings it.
need() {
    command -v "$1" >/dev/null 2>&1 || die "'$1' is missing: run  $2"
}

# One `up` at a time per run directory. The descriptor is closed for the services themselves
# (see `launch`), which would otherwise hold the lock for as long as they live.
with_lock() {
    need flock 'apt-get install util-linux'
    exec 9>"$RUN/.lock"
    flock -w 300 9 || die "another scripts/services holds $RUN/.lock"
    "$@"
}

# Ten characters that tell this run directory from every other on the machine.
run_id() { printf '%s' "$RUN" | sha256sum | cut -c1-10; }

# State that outlives the script: small files in the run directory, one value each.
state_file() { printf '%s/state/%s.%s' "$RUN" "$1" "$2"; }

state_get() {
    local file
    file=$(state_file "$1" "$2")
    if [[ -r $file ]]; then cat -- "$file"; fi
}

state_set() {
    mkdir -p -- "$RUN/state"
    (umask 077 && printf '%s\n' "$3" >"$(state_file "$1" "$2")")
}

# A directory at a guessable place must be ours: somebody else's could hold their programs.
own_directory() {
    mkdir -p -- "$1"
    chmod 755 -- "$1" 2>/dev/null || true
    [[ -O $1 && ! -L $1 ]] || die "$1 belongs to another user: remove it, or set POSTA_RUN_DIR and POSTA_PKG_DIR"
}

random_hex() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# The kernel's own list, so that neither ss nor lsof has to be there. Any state counts: a port
# in TIME_WAIT may be bound, but one in use by a client may not.
port_is_used() {
    local hex
    hex=$(printf ':%04X' "$1")
    awk -v port="$hex" '$2 ~ port "$" { found = 1 } END { exit !found }' \
        /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# Ports stay below 32768: in the ephemeral range a client that reconnects on loopback can
# connect to itself and hold the port of a broker that is being restarted.
free_port() {
    local port taken
    taken=$(cat "$RUN"/state/*port 2>/dev/null | tr '\n' ' ' || true)
    for _ in $(seq 200); do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        [[ " $taken " == *" $port "* ]] && continue
        port_is_used "$port" && continue
        printf '%s' "$port"
        return
    done
    die 'could not find a free port between 20000 and 32000'
}

# The remembered port, so that a restarted service is found where its clients look for it; a
# new one only if somebody else took it meanwhile.
service_port() {
    local service=$1 name=$2 port
    port=$(state_get "$service" "$name")
    if [[ -z $port ]] || port_is_listening "$port"; then
        port=$(free_port)
        state_set "$service" "$name" "$port"
    fi
    printf '%s' "$port"
}

port_is_listening() {
    local hex
    hex=$(printf ':%04X' "$1")
    awk -v port="$hex" '$4 == "0A" && $2 ~ port "$" { found = 1 } END { exit !found }' \
        /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# True while the process lives and is the one we started: the name guards against a recycled
# id, and a zombie counts as gone.
process_is() {
    local pid=$1 name=$2 status
    [[ $pid =~ ^[0-9]+$ ]] || return 1
    status=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
    [[ $status == *"($name"* && $status != *') Z '* ]]
}

first_line() {
    local line=''
    [[ -r $1 ]] && IFS= read -r line <"$1"
    printf '%s' "$line" | tr -d ' '
}

# wait_until SECONDS COMMAND…: by condition, with a deadline.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05
    done
}

process_is_gone() { ! process_is "$1" "$2"; }

# stop_process NAME PID SIGNAL SECONDS: asks, waits, then insists.
stop_process() {
    local name=$1 pid=$2 signal=$3 seconds=$4
    process_is "$pid" "$name" || return 0
    kill "-$signal" "$pid" 2>/dev/null || true
    if ! wait_until "$seconds" process_is_gone "$pid" "$name"; then
        say "$name ($pid) did not stop within ${seconds}s: killing it"
        kill -KILL "$pid" 2>/dev/null || true
        wait_until 5 process_is_gone "$pid" "$name" || die "could not end $name ($pid)"
    fi
}

# launch LOG COMMAND…: in a session of its own, so that it outlives this script and its shell.
launch() {
    local log=$1
    shift
    setsid nohup "$@" </dev/null >>"$log" 2>&1 9>&- &
}

fail_with_log() {
    local what=$1 log=$2
    say "error: $what; the end of $log:"
    tail -n 25 -- "$log" >&2 2>/dev/null || true
    exit 1
}

tcp_answers() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# host and port of a URL, or nothing when it has another shape (a Unix socket, for example).
url_host_port() {
    local rest=${1#*://} host port=$2
    rest=${rest%%[/?]*}
    rest=${rest##*@}
    host=$rest
    if [[ $rest =~ ^(.+):([0-9]+)$ ]]; then
        host=${BASH_REMATCH[1]}
        port=${BASH_REMATCH[2]}
    fi
    host=${host#[}
    host=${host%]}
    [[ -n $host ]] && printf '%s %s' "$host" "$port"
}

mask_url() { printf '%s' "$1" | sed -E 's#(://[^:/@]*):[^@/]*@#\1:…@#'; }
