#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Fetches Debian's statically linked busybox of four architectures, real programs
# that nobody built for these tests:
#
#   test/fetch-busybox.sh <folder>     makes <folder>/busybox.{arm,aarch64,ppc64le,x86_64}
#
# What is there is not fetched again. The architectures of the machine stay as
# they are: private-apt.sh.
set -euo pipefail
trap 'echo "fetch-busybox.sh: failed: $BASH_COMMAND" >&2' ERR

folder=${1:?usage: fetch-busybox.sh <folder>}
declare -A debian=([arm]=armhf [aarch64]=arm64 [ppc64le]=ppc64el [x86_64]=amd64)

# Several tests may want it at once: one fetches, the others wait.
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9

missing=()
for arch in "${!debian[@]}"; do
  [[ -x $folder/busybox.$arch ]] || missing+=("$arch")
done
if [[ ${#missing[@]} == 0 ]]; then exit 0; fi

folder=$(cd "$folder" && pwd)
echo "fetch-busybox.sh: asking Debian for busybox-static of ${missing[*]}"
. "$(dirname "${BASH_SOURCE[0]}")/private-apt.sh"
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
private_apt "$folder/apt" "${debian[@]}" -- "deb MIRROR $codename main"
mkdir -p "$folder/apt/debs"
for arch in "${missing[@]}"; do
  (cd "$folder/apt/debs" && apt-get download -qq "busybox-static:${debian[$arch]}")
  deb=("$folder/apt/debs/busybox-static_"*"_${debian[$arch]}.deb")
  dpkg-deb -x "${deb[0]}" "$folder/apt/$arch"
  cp "$folder/apt/$arch/bin/busybox" "$folder/busybox.$arch"
done
rm -rf "$folder/apt"
