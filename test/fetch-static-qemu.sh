#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Fetches the QEMU of bookworm-backports, which is linked statically and takes no
# plugins, to see what is said of it:
#
#   test/fetch-static-qemu.sh <folder>     makes <folder>/qemu-<arch>
#
# What is there is not fetched again; nothing is installed.
set -euo pipefail
trap 'echo "fetch-static-qemu.sh: failed: $BASH_COMMAND" >&2' ERR

folder=${1:?usage: fetch-static-qemu.sh <folder>}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
exec 9>"$folder/lock"
flock 9
if [[ -x $folder/qemu-x86_64 ]]; then exit 0; fi

. "$(dirname "${BASH_SOURCE[0]}")/private-apt.sh"
private_apt "$folder/apt" "$(dpkg --print-architecture)" -- "deb MIRROR bookworm-backports main"
(cd "$folder/apt" && apt-get download -qq qemu-user)
dpkg-deb -x "$folder"/apt/qemu-user_*.deb "$folder/apt/files"
for arch in arm aarch64 ppc64le riscv64 i386 x86_64; do
  cp "$folder/apt/files/usr/bin/qemu-$arch" "$folder/"
done
rm -rf "$folder/apt"
