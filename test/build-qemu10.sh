#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Builds QEMU 10 with plugins, for all guest architectures that are tested:
#
#   test/build-qemu10.sh <folder>    makes <folder>/bin/qemu-<arch>
#
# The QEMU 10 that Debian 12 has in its backports is linked statically and takes no
# plugins, so its sources are built: QEMU's own, without Debian's patches. apt
# fetches them and checks their signature. Meson, which the build needs newer than
# Debian 12 has it, is unpacked beside them; nothing of backports is installed.
#
# What is there is not built again. It needs more than half a GB while it builds.
set -euo pipefail
trap 'echo "build-qemu10.sh: line $LINENO: failed: $BASH_COMMAND" >&2' ERR

say() { echo "build-qemu10.sh: $*"; }
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
names=(qemu-{arm,aarch64,ppc64le,riscv64,i386,x86_64})
targets=({arm,aarch64,ppc64le,riscv64,i386,x86_64}-linux-user)
folder=${1:?usage: build-qemu10.sh <folder>}

# Several may want it at once: one builds, the others wait.
mkdir -p "$folder/bin"
folder=$(cd "$folder" && pwd)
exec 9>"$folder/lock"
flock 9

missing=()
for name in "${names[@]}"; do
  [[ -x $folder/bin/$name ]] || missing+=("$name")
done
if [[ ${#missing[@]} == 0 ]]; then
  say "nothing to build: $("$folder/bin/qemu-arm" --version | head -1) is in $folder/bin"
  exit 0
fi

"$tests/../setup.sh" qemu10
work=$folder/work
rm -rf "$work"
mkdir -p "$work"/{sources,debs,build}

say "fetching QEMU's sources and Meson from bookworm-backports"
. "$tests/private-apt.sh"
private_apt "$work/apt" "$(dpkg --print-architecture)" -- \
  "deb MIRROR bookworm-backports main" "deb-src MIRROR bookworm-backports main"
(cd "$work/debs" && apt-get download -qq meson python3-pycotap)
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/tools"; done
(cd "$work/debs" && apt-get source -qq --download-only --tar-only qemu)
archives=("$work"/debs/qemu_10.*.orig.tar.*)
if [[ ! -f ${archives[0]} ]]; then
  say "bookworm-backports: its QEMU is not version 10: $(cd "$work/debs" && ls -d qemu_*)" >&2
  exit 1
fi
tar -xf "${archives[0]}" -C "$work/sources" --strip-components=1

say "building $(basename "${archives[0]}"): ${targets[*]}"
list=$(IFS=, && echo "${targets[*]}")
export PYTHONPATH=$work/tools/usr/lib/python3/dist-packages
cd "$work/build"
# Debian's own Python: another one in PATH need not know Debian's packages. With
# Capstone, as Debian's QEMU: the relay sends its text of what may be ARM or Thumb.
{
  nice -n 19 ../sources/configure --python=/usr/bin/python3 --target-list="$list" \
    --without-default-features --enable-tcg --enable-plugins --enable-capstone \
    --disable-install-blobs --disable-docs --disable-debug-info &&
    nice -n 19 ninja "${names[@]}"
} > "$folder/build.log" 2>&1 || {
  tail -20 "$folder/build.log" >&2
  say "the build failed: $folder/build.log has all of it" >&2
  exit 1
}
for name in "${names[@]}"; do
  # To another name first: a file that is there is whole.
  cp "$work/build/$name" "$folder/bin/.$name"
  mv "$folder/bin/.$name" "$folder/bin/$name"
done
rm -rf "$work"
say "done: $("$folder/bin/qemu-arm" --version | head -1) is in $folder/bin"
