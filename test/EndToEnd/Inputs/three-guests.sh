#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#   three-guests.sh -plugin <relay> <qemu> <guest> <another qemu> <its guest>
#
# Runs the first guest, the other, and the first again, each with the plugin.
set -euo pipefail
plugin=("$1" "$2")
"$3" "${plugin[@]}" "$4"
"$5" "${plugin[@]}" "$6"
"$3" "${plugin[@]}" "$4"
