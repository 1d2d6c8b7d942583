#!/bin/sh
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Says what bookworm-backports' qemu-x86_64 10.0.2 says: the head of its help, and
# how it refuses -plugin.
case $1 in
  -h)
    echo "usage: qemu-x86_64 [options] program [arguments...]"
    echo "Linux CPU emulator (compiled for x86_64 emulation)"
    ;;
  -plugin)
    echo "qemu: unknown option 'plugin'" >&2
    exit 1
    ;;
esac
