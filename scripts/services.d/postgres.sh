# shellcheck shell=bash
# PostgreSQL as a private process. It refuses to run as root, so under root it runs as an
# unprivileged user, who must be able to reach its data: where the run directory lies in a
# closed home, the data goes to /var/tmp and RUN/env says so.

POSTGRES_USERS=(postgres nobody)

# The user PostgreSQL runs as under root.
unprivileged_user() {
    local user
    for user in "${POSTGRES_USERS[@]}"; do
        if getent passwd "$user" >/dev/null; then
            printf '%s' "$user"
            return
        fi
    done
    die "neither 'postgres' nor 'nobody' exists: PostgreSQL cannot run as root"
}

as_unprivileged() {
    if [[ $(id -u) -ne 0 ]]; then
        "$@"
    else
        setpriv --reuid "$(unprivileged_user)" --regid "$(id -g "$(unprivileged_user)")" \
            --clear-groups -- "$@"
    fi
}

unprivileged_can_enter() { as_unprivileged test -x "$1"; }

postgres_locate() {
    local dir
    POSTGRES_LIBS=''
    dir=$(postgres_newest /usr/lib/postgresql)
    if [[ -x $dir/initdb && -x $dir/postgres ]]; then
        POSTGRES_BIN=$dir
        return
    fi
    packages_fetch postgresql
    POSTGRES_BIN=$(postgres_newest "$PKG_ROOT/usr/lib/postgresql")
    POSTGRES_LIBS=$(packages_library_path)
    # The distribution builds PostgreSQL against the system's time zones, by absolute path.
    [[ -d /usr/share/zoneinfo ]] || die "time zones are missing: run  apt-get install tzdata"
}

postgres_newest() {
    { find "$1" -mindepth 2 -maxdepth 2 -name bin 2>/dev/null || true; } | sort -V | tail -n 1
}

postgres_data() {
    if unprivileged_can_enter "$RUN"; then
        printf '%s/postgres' "$RUN"
    else
        printf '/var/tmp/posta-%s/postgres' "$(run_id)"
    fi
}

postgres_pidfile() { printf '%s/data/postmaster.pid' "$(postgres_data)"; }

postgres_is_running() { process_is "$(first_line "$(postgres_pidfile)")" postgres; }

postgres_run() { as_unprivileged env -C / LD_LIBRARY_PATH="$POSTGRES_LIBS" LC_ALL=C.UTF-8 "$@"; }

postgres_init() {
    local base=$1 password=$2 secret
    [[ -s $base/data/PG_VERSION && -s $base/ready ]] && return 0
    say 'postgres: creating the data directory'
    rm -rf -- "$base/data" "$base/ready"
    mkdir -p -- "$base/data" "$base/socket"
    chmod 755 -- "$base"
    secret=$base/pw
    (umask 077 && printf '%s\n' "$password" >"$secret")
    if [[ $(id -u) -eq 0 ]]; then
        chown -R -- "$(unprivileged_user):" "$base/data" "$base/socket" "$secret"
    fi
    # `password` and not SCRAM: the connection never leaves loopback, and SCRAM's key stretching
    # in unoptimised test builds costs more than most tests.
    postgres_run "$POSTGRES_BIN/initdb" -D "$base/data" -U posta --pwfile="$secret" -A password \
        --encoding=UTF8 --locale=C.UTF-8 --no-instructions >"$base/initdb.log" 2>&1 ||
        fail_with_log 'initdb failed' "$base/initdb.log"
    rm -f -- "$secret"
    postgres_settings "$base" >>"$base/data/postgresql.conf"
    printf 'ok\n' >"$base/ready"
}

postgres_settings() {
    local socket=$1/socket
    # A Unix socket's path holds 107 bytes at most.
    ((${#socket} > 90)) && socket=''
    cat <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$socket'
max_connections = 200
shared_buffers = 128MB
jit = off
logging_collector = off
log_min_messages = warning
log_lock_waits = on
timezone = 'UTC'
log_timezone = 'UTC'
CONF
}

postgres_answers() {
    postgres_run "$POSTGRES_BIN/pg_isready" -q -h 127.0.0.1 -p "$1" -U posta -d postgres
}

# After a SIGKILL of the postmaster its children may hold the shared memory for a moment, and a
# start is refused until they have noticed: try again within the deadline.
postgres_launch() {
    local base=$1 port=$2 log=$1/postgres.log deadline=$((SECONDS + 30)) pid
    while :; do
        launch "$log" "${POSTGRES_AS[@]}" env -C / LD_LIBRARY_PATH="$POSTGRES_LIBS" \
            "$POSTGRES_BIN/postgres" -D "$base/data" -p "$port"
        pid=$!
        until postgres_answers "$port"; do
            ((SECONDS < deadline)) || fail_with_log 'PostgreSQL did not answer within 30 s' "$log"
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.05
        done
        if kill -0 "$pid" 2>/dev/null; then return; fi
        ((SECONDS < deadline)) || fail_with_log 'PostgreSQL does not start' "$log"
        sleep 0.2
    done
}

postgres_start() {
    local base port password
    base=$(postgres_data)
    postgres_locate
    password=$(state_get postgres password)
    if [[ -z $password ]]; then
        password=$(random_hex)
        state_set postgres password "$password"
        rm -f -- "$base/ready"
    fi
    POSTGRES_AS=()
    if [[ $(id -u) -eq 0 ]]; then
        POSTGRES_AS=(setpriv --reuid "$(unprivileged_user)"
            --regid "$(id -g "$(unprivileged_user)")" --clear-groups --)
    fi
    if ! postgres_is_running; then
        own_directory "$(dirname -- "$base")"
        mkdir -p -- "$base"
        postgres_init "$base" "$password"
        port=$(service_port postgres port)
        postgres_launch "$base" "$port"
        say "postgres: private, port $port"
    fi
    port=$(state_get postgres port)
    state_set postgres url "postgres://posta:$password@127.0.0.1:$port/posta"
    postgres_create_database "$port" "$password"
    postgres_write_psql
}

postgres_create_database() {
    local psql=(postgres_run env "PGPASSWORD=$2" "$POSTGRES_BIN/psql" -X -q -h 127.0.0.1 -p "$1" -U posta)
    [[ -e $(state_file postgres database) ]] && return 0
    if [[ -z $("${psql[@]}" -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'posta'") ]]; then
        "${psql[@]}" -d postgres -c 'CREATE DATABASE posta'
    fi
    state_set postgres database posta
}

# `psql` for people and scripts, also where only the unpacked packages have one.
postgres_write_psql() {
    mkdir -p -- "$RUN/bin"
    cat >"$RUN/bin/psql" <<WRAPPER
#!/bin/sh
LD_LIBRARY_PATH='$POSTGRES_LIBS' exec '$POSTGRES_BIN/psql' -X "\$@"
WRAPPER
    chmod 755 -- "$RUN/bin/psql"
}

postgres_stop() { stop_process postgres "$(first_line "$(postgres_pidfile)")" INT 20; }

postgres_kill() { stop_process postgres "$(first_line "$(postgres_pidfile)")" KILL 5; }

postgres_exports() {
    printf 'export POSTA_PG_PIDFILE=%q\n' "$(postgres_pidfile)"
    printf 'export POSTA_PSQL=%q\n' "$RUN/bin/psql"
}
