#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs one program under QEMU and prints the analyser's report: the two terminals
# of README.md in one script, on a port that is free.
#
#   demo/trace.sh <build folder> <triple> <cpu> <program> [argument ...]
#
# The program's own output goes to standard error, the report to standard output.
set -euo pipefail
trap 'echo "trace.sh: line $LINENO: failed: $BASH_COMMAND" >&2' ERR

if [[ $# -lt 4 ]]; then sed -n '6,12s/^# \{0,1\}//p' "$0" >&2; exit 2; fi
build=$1 triple=$2 cpu=$3
shift 3
plugins=$build/plugins/qemu-broker

# QEMU's name of the architecture, and where Debian keeps its libraries.
case ${triple%%-*} in
  arm* | thumb*) arch=arm libraries=/usr/arm-linux-gnueabihf ;;
  powerpc64le) arch=ppc64le libraries=/usr/powerpc64le-linux-gnu ;;
  i[3-6]86) arch=i386 libraries=/usr/i686-linux-gnu ;;
  *) arch=${triple%%-*} libraries=/usr/${triple%%-*}-linux-gnu ;;
esac
[[ -d $libraries ]] || libraries=/

if ! "qemu-$arch" -h | grep -q -e '^-plugin'; then
  echo "trace.sh: $(command -v "qemu-$arch") takes no plugins: docs/building.md, Your own QEMU" >&2
  exit 1
fi

said=$(mktemp)
server=
leave() {
  if [[ -n $server ]]; then kill "$server" 2>/dev/null || :; fi
  rm -f "$said"
}
trap leave EXIT

"$build/llvm-mcad" -mtriple="$triple" -mcpu="$cpu" \
  -load-broker-plugin="$plugins/libMCADQemuBroker.so" \
  -broker-plugin-arg-host=127.0.0.1:0 2>"$said" &
server=$!
# The analyser says on which port it listens.
port=
for _ in {1..100}; do
  port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$said")
  if [[ -n $port ]] || ! kill -0 "$server" 2>/dev/null; then break; fi
  sleep 0.1
done
if [[ -z $port ]]; then
  cat "$said" >&2
  echo "trace.sh: llvm-mcad does not listen" >&2
  exit 1
fi

guest=0
"qemu-$arch" -L "$libraries" \
  -plugin "$plugins/Qemu/libQemuRelay.so,addr=127.0.0.1,port=$port" \
  -d plugin "$@" >&2 || guest=$?
analyser=0
wait "$server" || analyser=$?
server=
grep -v '^listening on ' "$said" >&2 || :
if [[ $guest != 0 ]]; then echo "trace.sh: the program's exit status was $guest" >&2; fi
exit "$analyser"
