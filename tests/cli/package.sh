#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The Debian packages can be installed beside what this machine has, programs can be built with them, and removed they are gone.
# Nothing here touches the machine: dpkg works on a copy of its records and in a directory of its own.
# Arguments: the source tree, the build tree, the C and the C++ compiler.
set -euo pipefail
source=$1 build=$2 compiler=$3 compiler_cxx=$4
. "$source/tests/cli/consumers.bash"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
fail() { echo "FAILED: $*" && exit 1; }
export CXXFLAGS=${CFLAGS:=}

"$source/scripts/package" --build "$build" --output "$scratch/packages" >made || { cat made && exit 1; }

# Dependencies are those of this machine's other packages.
root=$scratch/root records=$scratch/root/var/lib/dpkg
mkdir -p "$records"/{info,updates,triggers}
cp /var/lib/dpkg/status "$records"
cp /var/lib/dpkg/info/*.list "$records/info"
as_root=()
[ "$(id -u)" = 0 ] || as_root=(fakeroot)
debian() { "${as_root[@]}" dpkg --root="$root" --log=/dev/null --force-not-root --force-unsafe-io "$@" >dpkg.log 2>&1 || { cat dpkg.log && fail "dpkg $*"; }; }
debian --install packages/*.deb
debian --verify libpma0 libpma-dev pma-tools pmacrash
[ ! -s dpkg.log ] || { cat dpkg.log && fail 'what was installed is not what was packed'; }
[ -n "$(dpkg-query --root="$root" -L libpma0 | grep '/libpma\.so\.[0-9]*$')" ] || fail 'libpma0 holds no library'
grep -q '^Depends:.*libxxhash0' <<<"$(dpkg -f packages/libpma0_*.deb)" || fail 'libpma0 does not say what it needs'

prefix=$root/usr
consumers_write .
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib PATH=$prefix/bin:$PATH
read -ra flags <<<"$(pkg-config --cflags --libs pma) $CFLAGS"
"$compiler" -std=c11 program.c -o c "${flags[@]}"
"$compiler_cxx" -std=c++17 program.cc -o cxx "${flags[@]}"
consumers_run ./c ./cxx
pma check --quiet consumer.pma
unset PMACRASH_DATA PMACRASH_DB
pmacrash run create --quiet >/dev/null
pmacrash query 'SELECT file FROM v_scenario' --json | jq -e --arg place "$prefix/share/pmacrash/suites/" 'all(.file | startswith($place))' >/dev/null

debian --purge libpma-dev libpma0 pma-tools pmacrash
left=$(find "$root" -path "$records" -prune -o ! -type d -print)
[ -z "$left" ] || fail "not removed: $left"

# The tarball is what git has or would take, and enough to configure a build.
mkdir sources
tar -xf packages/*.tar.gz -C sources --strip-components=1
if git -C "$source" rev-parse 2>/dev/null; then
    diff <(cd "$source" && git ls-files --cached --others --exclude-standard -z | xargs -0 ls -d 2>/dev/null | sort) <(cd sources && find . ! -type d | sed 's,^\./,,' | sort)
fi
cmake -S sources -B configured -G Ninja >configure.log 2>&1 || { cat configure.log && fail 'the tarball cannot be configured'; }
