#!/usr/bin/env bash
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What bash completes, asked as bash asks: complete.sh <mcad> <line>...
# The words of COMP_LINE are broken at = as by default.
set -u
mcad_path=$1
shift
mcad() { "$mcad_path" "$@"; }
source <(mcad completion bash)
# Only within a completion there is one.
compopt() { :; }
for line in "$@"; do
  COMP_LINE=$line COMP_POINT=${#line} COMPREPLY=()
  _mcad
  echo "$line| ${COMPREPLY[*]}"
done
