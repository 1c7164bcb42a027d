# shellcheck shell=bash
# Redis as a private process: nothing is persisted, since Posta's Redis only accelerates.

redis_locate() {
    REDIS_LIBS=''
    REDIS_BIN=$(command -v redis-server || true)
    [[ -n $REDIS_BIN ]] && return 0
    packages_fetch redis-server redis-tools
    REDIS_BIN=$PKG_ROOT/usr/bin/redis-server
    REDIS_LIBS=$(packages_library_path)
}

redis_pidfile() { printf '%s/redis/redis.pid' "$RUN"; }

redis_is_running() { process_is "$(first_line "$(redis_pidfile)")" redis-server; }

redis_answers() {
    local reply=''
    {
        exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'PING\r\n' >&3 && IFS= read -r -t 1 -u 3 reply
    } 2>/dev/null || return 1
    exec 3>&-
    [[ $reply == +PONG* || $reply == -NOAUTH* ]]
}

redis_start() {
    local port log=$RUN/redis/redis.log
    if redis_is_running; then return 0; fi
    redis_locate
    port=$(service_port redis port)
    mkdir -p -- "$RUN/redis"
    launch "$log" env LD_LIBRARY_PATH="$REDIS_LIBS" "$REDIS_BIN" \
        --port "$port" --bind 127.0.0.1 --dir "$RUN/redis" --pidfile "$(redis_pidfile)" \
        --save '' --appendonly no --daemonize no --loglevel notice
    printf '%s\n' "$!" >"$(redis_pidfile)"
    wait_until 15 redis_answers "$port" || fail_with_log 'Redis did not answer within 15 s' "$log"
    state_set redis url "redis://127.0.0.1:$port/0"
    say "redis: private, port $port"
}

redis_stop() { stop_process redis-server "$(first_line "$(redis_pidfile)")" TERM 10; }

redis_kill() { stop_process redis-server "$(first_line "$(redis_pidfile)")" KILL 5; }

redis_exports() { printf 'export POSTA_REDIS_PIDFILE=%q\n' "$(redis_pidfile)"; }
