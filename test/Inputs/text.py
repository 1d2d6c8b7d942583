#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes so many lines of words, the same every time: text.py <file> <lines>."""

import random
import sys

WORDS = ("cycle dispatch retire micro-op port latency throughput block trace region "
         "thread load store branch cache fetch decode issue").split()

generator = random.Random(1998)
with open(sys.argv[1], "w") as file:
    for _ in range(int(sys.argv[2])):
        count = generator.randrange(2, 9)
        print(generator.randrange(1000), *generator.choices(WORDS, k=count), file=file)
