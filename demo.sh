#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# From a fresh Debian 12 to the cycles of an ARM program: installs what is
# missing, builds MCAD into build/, compiles demo/hello.c for ARM, runs it under
# QEMU through relay and broker, and prints the report. A second run takes seconds.
set -euo pipefail
trap 'echo "demo.sh: line $LINENO: failed: $BASH_COMMAND" >&2' ERR
cd "$(dirname "${BASH_SOURCE[0]}")"

step() { printf '\n== %s\n' "$*"; }

step "Debian packages"
./setup.sh build demo

step "Building MCAD into build/"
launcher=()
if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
cmake --preset release -DMCAD_BUILD_TESTS=OFF -DMCAD_BUILD_BENCHMARKS=OFF "${launcher[@]}" >build-configure.log || {
  cat build-configure.log >&2
  false
}
cmake --build --preset release

step "Compiling demo/hello.c for ARM, and running it under QEMU"
mkdir -p build/demo
arm-linux-gnueabihf-gcc -O2 -o build/demo/hello demo/hello.c
demo/trace.sh build arm-linux-gnueabihf cortex-a57 build/demo/hello

cat <<'END'

== Your own program next: `mcad` and `llvm-mcad -help` say what they take, and
   demo/trace.sh build <triple> <cpu> <program> [arguments] does the same to any program.
END
