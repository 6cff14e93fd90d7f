#!/usr/bin/env bash
# Installs Belay into a prefix, as a site's administrator or into one's own home:
#
#   modules/install.sh PREFIX [MODULEFILES]
#
# PREFIX/bin/belay, PREFIX/lib/belay.jar, PREFIX/jobs, completion for bash, and a modulefile in Tcl
# and in Lua for each version in MODULEFILES/belay (default PREFIX/modulefiles). Then, on any node:
#
#   module use MODULEFILES && module load belay
set -euo pipefail
umask 022 # for all users, whatever the administrator keeps private
source=$(cd "$(dirname "$0")/.." && pwd)

stop() {
    echo "install.sh: $*" >&2
    exit 2
}
(($# == 1 || $# == 2)) || stop "usage: install.sh PREFIX [MODULEFILES]"
# Modulefiles and job scripts hold the prefix as it stands, so it must be plain in Tcl, Lua and sh.
for path in "$@"; do
    [[ $path == /* && $path != *[!A-Za-z0-9/._+-]* ]] ||
        stop "$path must be an absolute path of letters, digits and / . _ + -"
done
prefix=$1
modulefiles=${2:-$prefix/modulefiles}
jar=$source/target/belay.jar
[[ -f $jar ]] || stop "$jar is not there; build it first with mvn package"

install -d "$prefix"/{bin,lib,jobs} "$prefix/share/bash-completion/completions" "$modulefiles/belay"
# Under another name first: nodes may be running the jar that is replaced.
install -m 644 "$jar" "$prefix/lib/belay.jar.new"
mv "$prefix/lib/belay.jar.new" "$prefix/lib/belay.jar"
bill=$source/target/belay.cdx.json # what is in the jar; Maven makes none while it is offline
[[ ! -f $bill ]] || install -m 644 "$bill" "$prefix/lib/"
install -m 755 "$source/modules/belay" "$prefix/bin/belay"
cp -R "$source/jobs/." "$prefix/jobs/"

version=$("$prefix/bin/belay" --version | awk '{ print $2 }')
[[ $version ]] || stop "$prefix/bin/belay does not start"
"$prefix/bin/belay" completion >"$prefix/share/bash-completion/completions/belay"
for kind in tcl lua; do
    suffix=${kind/tcl/}
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@VERSION@|$version|g" "$source/modules/modulefile.$kind" \
        >"$modulefiles/belay/$version${suffix:+.$suffix}"
done
echo "Installed belay $version: module use $modulefiles && module load belay"
