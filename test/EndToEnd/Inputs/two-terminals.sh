#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# two-terminals.sh <hello.c> <folder>: the manual's example in the current folder,
# which is the build folder; what the server prints comes last.
set -u
source=$1 folder=$2

arm-linux-gnueabihf-gcc -O2 -o hello_world "$source" -lm

# Terminal 1
timeout 100 ./llvm-mcad -mtriple="armv7-linux-gnueabihf" -mcpu="cortex-a57" \
  -load-broker-plugin="$PWD/plugins/qemu-broker/libMCADQemuBroker.so" \
  -broker-plugin-arg-host="localhost:9487" > "$folder/report" 2> "$folder/errors" &
server=$!
for _ in $(seq 100); do
  grep -q '^listening on' "$folder/errors" && break
  sleep 0.1
done

# Terminal 2
timeout 100 qemu-arm -L /usr/arm-linux-gnueabihf \
  -plugin "$PWD/plugins/qemu-broker/Qemu/libQemuRelay.so",arg="-addr=127.0.0.1",arg="-port=9487" \
  -d plugin ./hello_world > "$folder/output" 2>&1
client=$?
wait "$server"
echo "server: exit status $?"
echo "client: exit status $client"
rm -f hello_world
cat "$folder/errors" "$folder/report"
