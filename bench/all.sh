#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Prints all that is measured, some hours of it: the engines' speed, what the chain
# costs beside plain QEMU, memory and time of long runs, the price of attribution.
# Where a requirement is not met, the rest is still measured, and the exit status is 1.
#
#   bench/all.sh [folder of the build, else build]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
build=${1:-build}

status=0
measure() {
  printf '\n== %s\n' "$*"
  "bench/$1" --build "$build" "${@:2}" || status=1
}
measure engine.py --instructions 100e6
measure relay.py
measure relay.py --chain
measure relay.py --memory
measure bounded.py --billions 1,3,10
measure attribution.py
exit "$status"
