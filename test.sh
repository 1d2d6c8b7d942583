#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Installs what is missing, builds with warnings as errors, and runs all tests:
# unit tests, end-to-end tests, the comparison with llvm-mca, the checks of the
# sources; then the unit tests again under the address and undefined-behaviour
# sanitizers, and each fuzzer for a few seconds.
#
#   ./test.sh [--long]     --long runs the long tests as well, and all end-to-end
#                          tests under QEMU 10, which it builds the first time
#
# The last line is `N passed, N failed`; the exit status is 0 if none failed.
set -euo pipefail
trap 'echo "test.sh: line $LINENO: failed: $BASH_COMMAND" >&2' ERR
cd "$(dirname "${BASH_SOURCE[0]}")"

choose=(-LE long)
packages=(build demo test)
case "${1:-}" in
  "") ;;
  --long) choose=() packages+=(tidy qemu10) ;;
  *) sed -n '6,15s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

step() { printf '\n== %s (after %d s)\n' "$*" "$SECONDS"; }
launcher=()
configure() { # <preset> [option of CMake's]
  if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  cmake --preset "$1" "${@:2}" "${launcher[@]}" >"build-configure-$1.log" || {
    cat "build-configure-$1.log" >&2
    return 1
  }
}
# Runs a preset's CTest tests, and keeps what each kind of test reports. What
# fails is counted at the end.
run() { # <preset> [ctest option ...]
  local results=build-$1/results
  rm -rf "$results" "build-$1/test/"lit*.json
  mkdir -p "$results"
  GTEST_OUTPUT="json:$PWD/$results/" ctest --preset "$1" --output-junit "$PWD/$results/ctest.xml" "${@:2}" || :
}

step "Debian packages"
./setup.sh "${packages[@]}"

step "Building (preset dev)"
configure dev
cmake --build --preset dev

step "Testing"
run dev "${choose[@]}"

step "Building the unit tests with sanitizers (preset asan)"
configure asan
cmake --build --preset asan --target unittests/all

step "Unit tests with sanitizers"
run asan -R '^unittests/'

step "Building the fuzzers (preset fuzz)"
configure fuzz -DMCAD_FUZZ_SECONDS=5
cmake --build --preset fuzz --target fuzz/all

step "Fuzzing, each for seconds"
run fuzz -R '^fuzz/' --parallel 2

step "Summary"
python3 test/summary.py dev=build-dev asan=build-asan fuzz=build-fuzz
