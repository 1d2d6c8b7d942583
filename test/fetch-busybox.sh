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
# they are: apt gets a private state in <folder>/apt that knows the foreign ones.
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

mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/apt/debs"
folder=$(cd "$folder" && pwd)
: > "$folder/apt/status"
# Mirror, keys and proxy are the machine's; of its sources only the release
# itself is asked. apt drops to the user _apt, who may not write here.
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' "Created-By: Packages" |
  awk -v codename="$codename" '$1 == codename && $2 == "main" { print $3; exit }')
echo "deb ${mirror:-http://deb.debian.org/debian} $codename main" > "$folder/apt/sources.list"
cat > "$folder/apt/apt.conf" <<END
APT::Architecture "amd64";
APT::Architectures { "amd64"; "armhf"; "arm64"; "ppc64el"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::Etc::sourcelist "$folder/apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State "$folder/apt";
Dir::State::lists "$folder/apt/lists";
Dir::State::status "$folder/apt/status";
Dir::Cache "$folder/apt/cache";
END
export APT_CONFIG=$folder/apt/apt.conf
echo "fetch-busybox.sh: asking Debian for busybox-static of ${missing[*]}"
apt-get update -qq
for arch in "${missing[@]}"; do
  (cd "$folder/apt/debs" && apt-get download -qq "busybox-static:${debian[$arch]}")
  deb=("$folder/apt/debs/busybox-static_"*"_${debian[$arch]}.deb")
  dpkg-deb -x "${deb[0]}" "$folder/apt/$arch"
  cp "$folder/apt/$arch/bin/busybox" "$folder/busybox.$arch"
done
rm -rf "$folder/apt"
