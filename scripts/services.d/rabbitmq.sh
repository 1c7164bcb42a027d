# shellcheck shell=bash
# RabbitMQ as a private node: its own name, cookie, epmd and ports, all on loopback, no plugins.

RABBIT_ERLANG=(erlang-base erlang-asn1 erlang-crypto erlang-eldap erlang-ftp erlang-inets
    erlang-mnesia erlang-os-mon erlang-parsetools erlang-public-key erlang-runtime-tools
    erlang-snmp erlang-ssl erlang-syntax-tools erlang-tftp erlang-tools erlang-xmerl)

# Sets ERLANG_HOME (…/lib/erlang) and RABBIT_HOME (…/rabbitmq_server-x.y.z).
rabbitmq_locate() {
    RABBIT_LIBS=''
    RABBIT_HOME=$(rabbitmq_newest /usr/lib/rabbitmq/lib)
    if [[ -n $RABBIT_HOME ]] && command -v erl >/dev/null; then
        ERLANG_HOME=/usr/lib/erlang
        [[ -d $ERLANG_HOME ]] || ERLANG_HOME=$(erl -noshell -eval 'io:put_chars(code:root_dir()),halt().')
        return
    fi
    # Erlang always comes whole and of one version, also where the system has a part of it.
    packages_fetch rabbitmq-server "${RABBIT_ERLANG[@]}"
    RABBIT_HOME=$(rabbitmq_newest "$PKG_ROOT/usr/lib/rabbitmq/lib")
    ERLANG_HOME=$PKG_ROOT/usr/lib/erlang
    RABBIT_LIBS=$(packages_library_path)
    rabbitmq_relocate_erlang
}

rabbitmq_newest() {
    { find "$1" -mindepth 1 -maxdepth 1 -name 'rabbitmq_server-*' 2>/dev/null || true; } | sort -V | tail -n 1
}

# Erlang's start scripts carry the directory they were built for.
rabbitmq_relocate_erlang() {
    local file
    [[ -e $ERLANG_HOME/.relocated-to && $(cat "$ERLANG_HOME/.relocated-to") == "$ERLANG_HOME" ]] && return
    for file in "$ERLANG_HOME"/bin/erl "$ERLANG_HOME"/bin/start "$ERLANG_HOME"/erts-*/bin/erl \
        "$ERLANG_HOME"/erts-*/bin/start; do
        [[ -f $file && ! -L $file ]] || continue
        sed -i -E "s#^( *)ROOTDIR=.*#\\1ROOTDIR='$ERLANG_HOME'#" "$file"
    done
    printf '%s' "$ERLANG_HOME" >"$ERLANG_HOME/.relocated-to"
}

rabbitmq_pidfile() { printf '%s/rabbitmq/rabbitmq.pid' "$RUN"; }
rabbitmq_epmd_pidfile() { printf '%s/rabbitmq/epmd.pid' "$RUN"; }

rabbitmq_is_running() { process_is "$(first_line "$(rabbitmq_pidfile)")" beam.smp; }

# The protocol header is answered with Connection.Start (a method frame, type 1) only when the
# node has recovered its queues and accepts clients.
rabbitmq_answers() {
    local LC_ALL=C byte=''
    {
        exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'AMQP\x00\x00\x09\x01' >&3 &&
            IFS= read -r -t 1 -n 1 -u 3 byte
    } 2>/dev/null || return 1
    exec 3>&-
    [[ $byte == $'\x01' ]]
}

rabbitmq_write_config() {
    local dir=$1 port=$2
    cat >"$dir/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$port
loopback_users = none
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 64MB
log.console = false
log.file.level = info
CONF
    printf '[].\n' >"$dir/enabled_plugins"
    : >"$dir/rabbitmq-env.conf"
    if [[ ! -s $dir/home/.erlang.cookie ]]; then
        mkdir -p -- "$dir/home"
        (umask 077 && random_hex >"$dir/home/.erlang.cookie")
        chmod 400 -- "$dir/home/.erlang.cookie"
    fi
}

# One file says all of the node's environment, for the server and for rabbitmqctl alike.
rabbitmq_write_environment() {
    local dir=$1 port=$2 epmd=$3 dist=$4
    cat >"$dir/environment" <<ENV
export HOME='$dir/home'
export PATH='$ERLANG_HOME/bin':"\$PATH"
export LD_LIBRARY_PATH='$RABBIT_LIBS'
export ERL_EPMD_PORT=$epmd ERL_EPMD_ADDRESS=127.0.0.1
export RABBITMQ_HOME='$RABBIT_HOME'
export RABBITMQ_CONF_ENV_FILE='$dir/rabbitmq-env.conf'
export RABBITMQ_NODENAME='posta-$(run_id)@localhost'
export RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$port RABBITMQ_DIST_PORT=$dist
export RABBITMQ_CONFIG_FILE='$dir/rabbitmq.conf' RABBITMQ_CONFIG_FILES='$dir/conf.d'
export RABBITMQ_ADVANCED_CONFIG_FILE='$dir/advanced.config'
export RABBITMQ_ENABLED_PLUGINS_FILE='$dir/enabled_plugins'
export RABBITMQ_MNESIA_BASE='$dir/mnesia' RABBITMQ_LOG_BASE='$dir/log'
export RABBITMQ_SCHEMA_DIR='$dir/schema' RABBITMQ_GENERATED_CONFIG_DIR='$dir/config'
export RABBITMQ_PID_FILE='$(rabbitmq_pidfile)'
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}'
export RABBITMQ_CTL_ERL_ARGS='+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}'
ENV
    mkdir -p -- "$RUN/bin"
    cat >"$RUN/bin/rabbitmqctl" <<WRAPPER
#!/bin/sh
. '$dir/environment'
exec '$RABBIT_HOME/sbin/rabbitmqctl' "\$@"
WRAPPER
    chmod 755 -- "$RUN/bin/rabbitmqctl"
}

rabbitmq_start_epmd() {
    local dir=$1 port=$2 binary
    process_is "$(first_line "$(rabbitmq_epmd_pidfile)")" epmd && return
    binary=$(find "$ERLANG_HOME"/erts-*/bin "$ERLANG_HOME/bin" -name epmd 2>/dev/null | head -n 1)
    launch "$dir/epmd.log" env LD_LIBRARY_PATH="$RABBIT_LIBS" "${binary:-epmd}" \
        -address 127.0.0.1 -port "$port"
    printf '%s\n' "$!" >"$(rabbitmq_epmd_pidfile)"
    wait_until 5 port_is_listening "$port" || fail_with_log 'epmd did not start' "$dir/epmd.log"
}

rabbitmq_start() {
    local dir=$RUN/rabbitmq port epmd dist
    if rabbitmq_is_running; then return 0; fi
    rabbitmq_locate
    mkdir -p -- "$dir/log" "$dir/mnesia" "$dir/schema" "$dir/config" "$dir/conf.d"
    port=$(service_port rabbitmq port)
    dist=$(service_port rabbitmq dist_port)
    epmd=$(state_get rabbitmq epmd_port)
    if ! process_is "$(first_line "$(rabbitmq_epmd_pidfile)")" epmd; then
        epmd=$(service_port rabbitmq epmd_port)
    fi
    rabbitmq_write_config "$dir" "$port"
    rabbitmq_write_environment "$dir" "$port" "$epmd" "$dist"
    rabbitmq_start_epmd "$dir" "$epmd"
    rm -f -- "$(rabbitmq_pidfile)"
    # shellcheck disable=SC2016
    launch "$dir/console.log" sh -c '. "$1"; exec "$2"' rabbitmq \
        "$dir/environment" "$RABBIT_HOME/sbin/rabbitmq-server"
    rabbitmq_await "$port" "$dir" "$!"
    state_set rabbitmq url "amqp://guest:guest@127.0.0.1:$port/%2f"
    say "rabbitmq: private, port $port"
}

rabbitmq_await() {
    local port=$1 dir=$2 script=$3 deadline=$((SECONDS + 90))
    until rabbitmq_answers "$port"; do
        if ((SECONDS >= deadline)) || ! { kill -0 "$script" 2>/dev/null || rabbitmq_is_running; }; then
            tail -n 15 -- "$dir"/log/*.log >&2 2>/dev/null || true
            fail_with_log 'RabbitMQ did not start within 90 s' "$dir/console.log"
        fi
        sleep 0.05
    done
}

rabbitmq_stop() {
    stop_process beam.smp "$(first_line "$(rabbitmq_pidfile)")" TERM 30
    stop_process epmd "$(first_line "$(rabbitmq_epmd_pidfile)")" KILL 5
}

# epmd stays: it is no part of the broker, and keeps nothing of a node that is gone.
rabbitmq_kill() { stop_process beam.smp "$(first_line "$(rabbitmq_pidfile)")" KILL 5; }

rabbitmq_exports() {
    printf 'export POSTA_RABBIT_PIDFILE=%q\n' "$(rabbitmq_pidfile)"
    printf 'export POSTA_RABBITMQCTL=%q\n' "$RUN/bin/rabbitmqctl"
}
