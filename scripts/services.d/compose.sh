# shellcheck shell=bash
# Docker Compose, where an engine answers. Ports are ours to choose, on loopback.

compose_available() {
    [[ ${POSTA_SERVICES:-} != private ]] && command -v docker >/dev/null 2>&1 &&
        docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1
}

compose() {
    POSTA_POSTGRES_PORT=$(state_get postgres port) \
    POSTA_RABBITMQ_PORT=$(state_get rabbitmq port) \
    POSTA_REDIS_PORT=$(state_get redis port) \
        docker compose -p "posta-$(run_id)" -f "$REPO/docker-compose.yml" "$@"
}

# A running container keeps its port; a new one gets a free one.
compose_start() {
    local service=$1 port log=$RUN/compose.$1.log
    port=$(state_get "$service" port)
    if [[ -z $(compose ps -q --status running "$service" 2>/dev/null) ]]; then
        port=$(service_port "$service" port)
        say "$service: starting its container (the first time the image is pulled)"
        compose up -d --wait "$service" >"$log" 2>&1 ||
            fail_with_log "docker compose could not start $service" "$log"
    fi
    case $service in
        postgres) state_set postgres url "postgres://posta:posta@127.0.0.1:$port/posta" ;;
        rabbitmq) state_set rabbitmq url "amqp://guest:guest@127.0.0.1:$port/%2f" ;;
        redis) state_set redis url "redis://127.0.0.1:$port/0" ;;
    esac
    say "$service: Docker Compose, port $port"
}

compose_stop() { compose stop "$1" >/dev/null 2>&1 || die "docker compose could not stop $1"; }

compose_exports() {
    [[ $1 == rabbitmq ]] || return 0
    mkdir -p -- "$RUN/bin"
    cat >"$RUN/bin/rabbitmqctl" <<WRAPPER
#!/bin/sh
exec docker compose -p 'posta-$(run_id)' -f '$REPO/docker-compose.yml' exec -T rabbitmq rabbitmqctl "\$@"
WRAPPER
    chmod 755 -- "$RUN/bin/rabbitmqctl"
    printf 'export POSTA_RABBITMQCTL=%q\n' "$RUN/bin/rabbitmqctl"
}
