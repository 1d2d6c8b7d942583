#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs what is missing of Debian 12's packages.
#
#   ./setup.sh [build] [demo] [test] [tidy] [qemu10]
#
# Names the sets to install: without any, build, demo and test.
#
# Asks dpkg first: where nothing is missing it takes no time and no network.
# Works as root, or with sudo.
set -euo pipefail
trap 'echo "setup.sh: line $LINENO: failed: $BASH_COMMAND" >&2' ERR

# To build: the compiler, LLVM's libraries, and the four libraries MCAD uses.
build=(cmake ninja-build g++ llvm-19-dev zlib1g-dev libzstd-dev libflatbuffers-dev
  flatbuffers-compiler libasio-dev)
# To trace an ARM program: QEMU that takes plugins, and a compiler for ARM.
demo=(qemu-user gcc-arm-linux-gnueabihf libc6-dev-armhf-cross)
# To test: a C++ compiler for each guest architecture, QEMU for whole systems, and what
# tests are made of.
test=("${demo[@]}" g++-arm-linux-gnueabihf g++-aarch64-linux-gnu
  g++-powerpc64le-linux-gnu g++-riscv64-linux-gnu g++-i686-linux-gnu
  qemu-system-arm qemu-system-misc
  libgtest-dev libbenchmark-dev python3 git ccache
  clang-19 libclang-rt-19-dev llvm-19 llvm-19-tools clang-format-19
  luajit gzip xz-utils valgrind python3-jsonschema)
# To check the sources for the long tests.
tidy=(clang-tidy-19)
# To build QEMU 10 for the long tests (test/build-qemu10.sh).
qemu10=(ninja-build gcc libc6-dev pkg-config libglib2.0-dev libcapstone-dev python3-venv
  xz-utils)

wanted=()
for set in "${@:-build demo test}"; do
  for name in $set; do
    case $name in
      build) wanted+=("${build[@]}") ;;
      demo) wanted+=("${demo[@]}") ;;
      test) wanted+=("${test[@]}") ;;
      tidy) wanted+=("${tidy[@]}") ;;
      qemu10) wanted+=("${qemu10[@]}") ;;
      *) echo "setup.sh: no set '$name': build, demo, test, tidy, qemu10" >&2; exit 2 ;;
    esac
  done
done

if ! command -v dpkg-query >/dev/null; then
  echo "setup.sh: not a Debian system: install what docs/building.md lists" >&2
  exit 1
fi
missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=unknown
  [[ $state == installed ]] || missing+=("$package")
done
if [[ ${#missing[@]} == 0 ]]; then
  echo "setup.sh: nothing to install"
  exit 0
fi

as_root=()
if [[ $(id -u) != 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "setup.sh: run it as root, or install sudo; missing: ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "setup.sh: installing ${missing[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -q --no-install-recommends "${missing[@]}"
echo "setup.sh: done"
