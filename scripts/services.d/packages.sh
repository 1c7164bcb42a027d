# shellcheck shell=bash
# The distribution's packages, downloaded (with apt's own checks) and unpacked into a cache
# directory. Nothing is installed, so no package script runs and no system service starts.

# Unpacked files live under $PKG_ROOT/usr/…, as they would under /usr.
packages_init() {
    mkdir -p -- "$PKG"
    if [[ $(id -u) -eq 0 ]] && ! unprivileged_can_enter "$PKG"; then
        PKG=/var/tmp/posta-pkg
        own_directory "$PKG"
    fi
    PKG_ROOT=$PKG/root
}

# Packages that the services never touch at run time: interpreters of helper scripts, log
# rotation, just-in-time compilation, and whatever configures a system service.
packages_filter() {
    grep -Ev '^(adduser|logrotate|libpopt0|lsb-base|ssl-cert|sysvinit-utils|openssl|locales|libllvm.*|perl.*|libperl.*|lib[a-z-]*-perl|python3.*|libpython3.*|postgresql-common.*|postgresql-client-common|media-types|socat|libwrap0)$' || true
}

# The lists may be missing (a fresh container) or stale; ours are a private copy beside the
# cache, so that neither root nor the system's own lists are needed.
apt_options() {
    APT=(-o APT::Sandbox::User=root -o Debug::NoLocking=1
        -o "Dir::Cache=$PKG/apt/cache")
    if [[ -d $PKG/apt/lists/partial ]]; then
        APT+=(-o "Dir::State::lists=$PKG/apt/lists")
    fi
    mkdir -p -- "$PKG/apt/cache/archives/partial"
}

apt_private_update() {
    say 'fetching the package lists (private copy)'
    mkdir -p -- "$PKG/apt/lists/partial"
    apt_options
    apt-get "${APT[@]}" -q update >"$PKG/apt/update.log" 2>&1 ||
        fail_with_log 'apt-get update failed' "$PKG/apt/update.log"
}

# The packages that installing $1 would bring to this machine, one a line; none when the lists
# do not know it.
packages_missing_for() {
    { apt-get "${APT[@]}" -s -q --no-install-recommends install "$1" 2>"$PKG/apt/resolve.log" || true; } |
        awk '$1 == "Inst" { print $2 }' | packages_filter
}

# packages_fetch PACKAGE [ALSO…]: unpack PACKAGE with its missing dependencies. ALSO names
# packages that must be in the cache even when the system has them installed.
packages_fetch() {
    [[ -e $PKG/done.$1 ]] && return 0
    # The cache is shared by run directories: one of them fills it, the others wait and find it.
    (
        flock 8
        packages_fetch_alone "$@"
    ) 8>"$PKG/.lock"
}

packages_fetch_alone() {
    local package=$1 marker="$PKG/done.$1" list log="$PKG/apt/$1.log"
    [[ -e $marker ]] && return 0
    need apt-get "a Debian or Ubuntu system, or set the service's URL, or start Docker"
    need dpkg-deb 'apt-get install dpkg'
    mkdir -p -- "$PKG/apt" "$PKG/debs/$package" "$PKG_ROOT"
    chmod 755 -- "$PKG" "$PKG_ROOT"
    apt_options
    list=$(packages_missing_for "$package")
    if [[ -z $list ]]; then
        apt_private_update
        list=$(packages_missing_for "$package")
    fi
    shift
    list=$(printf '%s\n' "$list" "$@" | sed '/^$/d' | sort -u)
    [[ -n $list ]] || fail_with_log "no package $package in the lists" "$PKG/apt/resolve.log"
    say "downloading $package: $(wc -l <<<"$list") packages into $PKG (unpacked, not installed)"
    if ! packages_download "$package" "$list" "$log"; then
        apt_private_update
        packages_download "$package" "$list" "$log" ||
            fail_with_log "could not download the packages of $package" "$log"
    fi
    local deb
    for deb in "$PKG/debs/$package"/*.deb; do
        dpkg-deb -x "$deb" "$PKG_ROOT"
    done
    chmod 755 -- "$PKG_ROOT"
    rm -rf -- "$PKG/debs/$package"
    touch -- "$marker"
}

packages_download() {
    local names
    mapfile -t names <<<"$2"
    (cd -- "$PKG/debs/$1" && apt-get "${APT[@]}" -q download "${names[@]}") >"$3" 2>&1
}

# The unpacked libraries, for the unpacked programs only.
packages_library_path() {
    local triplet
    triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || gcc -print-multiarch 2>/dev/null || printf '%s-linux-gnu' "$(uname -m)")
    printf '%s/usr/lib/%s:%s/lib/%s' "$PKG_ROOT" "$triplet" "$PKG_ROOT" "$triplet"
}
