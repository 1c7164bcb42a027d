# shellcheck shell=bash
# The commands: which kind each service is, and what is done about it.

url_variable() {
    case $1 in
        postgres) printf DATABASE_URL ;;
        rabbitmq) printf AMQP_URL ;;
        redis) printf REDIS_URL ;;
    esac
}

default_port() {
    case $1 in
        postgres) printf 5432 ;;
        rabbitmq) printf 5672 ;;
        redis) printf 6379 ;;
    esac
}

given_url() {
    local variable
    variable=$(url_variable "$1")
    printf '%s' "${!variable:-}"
}

url_answers() {
    local address
    address=$(url_host_port "$1" "$(default_port "$2")") || return 1
    # shellcheck disable=SC2086 # two words: host and port
    tcp_answers $address
}

# A URL that leads to this run directory's own server (somebody sourced RUN/env) is not foreign:
# the service behind it stays what it is.
url_is_ours() {
    local service=$1 port own
    port=$(default_port "$service")
    own=$(state_get "$service" url)
    [[ -n $own && $(state_get "$service" kind) != given ]] || return 1
    [[ $(url_host_port "$(given_url "$service")" "$port") == "$(url_host_port "$own" "$port")" ]]
}

choose_kind() {
    local service=$1 url
    url=$(given_url "$service")
    if [[ ${POSTA_SERVICES:-} == private ]]; then
        printf private
    elif [[ -n $url ]] && ! url_is_ours "$service" && url_answers "$url" "$service"; then
        printf given
    elif [[ $(state_get "$service" kind) == private ]] && "${service}_is_running"; then
        printf private
    elif compose_available; then
        printf compose
    else
        printf private
    fi
}

start_service() {
    local service=$1 kind url
    kind=$(choose_kind "$service")
    url=$(given_url "$service")
    case $kind in
        given)
            state_set "$service" url "$url"
            say "$service: using $(url_variable "$service") ($(mask_url "$url"))"
            ;;
        compose) compose_start "$service" ;;
        private)
            if [[ -n $url && ${POSTA_SERVICES:-} != private ]] && ! url_is_ours "$service"; then
                say "$service: nothing answers at $(url_variable "$service") ($(mask_url "$url")): running a private one"
            fi
            "${service}_start"
            ;;
    esac
    state_set "$service" kind "$kind"
}

command_up() {
    local service started=$SECONDS
    packages_init
    if [[ ${#@} -eq ${#ALL_SERVICES[@]} ]]; then
        start_all_at_once "$@"
    else
        for service in "$@"; do start_service "$service"; done
    fi
    write_env
    say "ready in $((SECONDS - started)) s: $RUN/env"
}

# RabbitMQ takes the longest by far: the others start beside it. Packages are fetched before,
# one after the other, since apt's cache is shared.
start_all_at_once() {
    local service pids=() failed=0
    prepare_packages
    for service in "$@"; do
        start_service "$service" &
        pids+=("$!")
    done
    for service in "${pids[@]}"; do
        wait "$service" || failed=1
    done
    ((failed == 0)) || exit 1
}

prepare_packages() {
    local service
    for service in "${ALL_SERVICES[@]}"; do
        if [[ $(choose_kind "$service") == private ]] && ! "${service}_is_running"; then
            "${service}_locate"
        fi
    done
}

write_env() {
    local service kinds='' temporary=$RUN/env.new
    for service in "${ALL_SERVICES[@]}"; do
        [[ -n $(state_get "$service" kind) ]] || continue
        kinds+="${kinds:+ }$service=$(state_get "$service" kind)"
    done
    (
        umask 077
        {
            printf '# Written by scripts/services; read it with:  . %q\n' "$RUN/env"
            printf 'export POSTA_RUN_DIR=%q\n' "$RUN"
            printf 'export POSTA_SERVICE_KINDS=%q\n' "$kinds"
            for service in "${ALL_SERVICES[@]}"; do
                case $(state_get "$service" kind) in
                    private) "${service}_exports" ;;
                    compose) compose_exports "$service" ;;
                    given) ;;
                    *) continue ;;
                esac
                printf 'export %s=%q\n' "$(url_variable "$service")" "$(state_get "$service" url)"
            done
        } >"$temporary"
    )
    mv -- "$temporary" "$RUN/env"
}

command_down() {
    local service
    for service in "$@"; do
        case $(state_get "$service" kind) in
            private)
                "${service}_stop"
                say "$service: stopped"
                ;;
            compose)
                compose_stop "$service"
                say "$service: container stopped"
                ;;
            given) say "$service: not ours, left running" ;;
            *) say "$service: nothing to stop" ;;
        esac
    done
}

require_private() {
    [[ $(state_get "$1" kind) == private ]] ||
        die "$1 in $RUN is '$(state_get "$1" kind)', not a private instance: left alone"
}

command_start() {
    local service
    packages_init
    for service in "$@"; do
        require_private "$service"
        "${service}_start"
    done
    write_env
}

command_restart() {
    local service
    packages_init
    for service in "$@"; do
        require_private "$service"
        "${service}_stop"
        "${service}_start"
    done
    write_env
}

command_kill() {
    local service
    for service in "$@"; do
        require_private "$service"
        "${service}_kill"
        say "$service: killed"
    done
}

command_status() {
    local service kind url answers
    for service in "${ALL_SERVICES[@]}"; do
        kind=$(state_get "$service" kind)
        url=$(state_get "$service" url)
        answers='no answer'
        if [[ -n $url ]] && url_answers "$url" "$service"; then answers='answers'; fi
        printf '%-9s %-8s %-10s %s\n' "$service" "${kind:-none}" "$answers" "$(mask_url "$url")"
    done
}

command_env() {
    [[ -r $RUN/env ]] || die "no $RUN/env yet: run  scripts/services up"
    cat -- "$RUN/env"
}
