#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check-images.py DUMP: fails if a block of a dumped trace lies in an image that
comes only behind it, or if an image holds no block or comes twice."""

import re
import sys


def main():
    images, blocks = [], []
    with open(sys.argv[1], encoding="utf-8", errors="replace") as dump:
        for line in dump:
            if match := re.match(r" *image 0x([0-9a-f]+)-0x([0-9a-f]+) ", line):
                images.append((int(match[1], 16), int(match[2], 16), len(blocks)))
            elif match := re.match(r" *block \d+ address=0x([0-9a-f]+) ", line):
                blocks.append(int(match[1], 16))
    wrong = []
    for start, end, before in images:
        held = [number for number, block in enumerate(blocks) if start <= block < end]
        name = f"image {start:#x}-{end:#x}"
        if not held:
            wrong.append(f"{name} holds no block")
        elif held[0] < before:
            wrong.append(f"{name} comes after block {held[0]}")
    if len({image[:2] for image in images}) != len(images):
        wrong.append("an image comes twice")
    for sentence in wrong:
        print(sentence)
    print(f"{len(images)} images, {len(blocks)} blocks")
    return 1 if wrong or not images else 0


if __name__ == "__main__":
    sys.exit(main())
