#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Starts as many guests at once as asked for, all traced into one analyser: each has
a report of its own, complete, of the same work.

  many-connections.py --llvm-mcad=P --broker=P --relay=P --qemu=P --cpu=C --guest=P
                      [--prefix=DIR] [--connections=N]
"""

import shutil
import sys
import tempfile
import time

from endings import Analyser, Wrong, expect, finish, parser_of, start_guest


def held(args, folder):
    analyser = Analyser(args, folder,
                        f"-broker-plugin-arg-max-accepted-connection={args.connections}",
                        f"-broker-plugin-arg-max-at-once={args.connections}")
    start = time.monotonic()
    try:
        guests = [start_guest(args, analyser.socket, "exit", "100000")
                  for _ in range(args.connections)]
        for guest in guests:
            expect("status", finish(guest)[0], 3)
        traces = analyser.traces()
        expect("analyser's status", analyser.process.returncode, 0)
    finally:
        analyser.close()
    expect("traces", len(traces), args.connections)
    for trace in traces:
        expect("complete", trace["complete"], True)
        expect("summary", trace["summary"], traces[0]["summary"])
    print(f"{args.connections} connections at once, each complete: "
          f"{traces[0]['summary']['instructions']} instructions, "
          f"{time.monotonic() - start:.1f} s")


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--connections", type=int, default=64)
    args = parser.parse_args()
    folder = tempfile.mkdtemp()
    try:
        held(args, folder)
    except Wrong as wrong:
        sys.exit(str(wrong))
    finally:
        shutil.rmtree(folder)


main()
