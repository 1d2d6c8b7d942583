#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a command in a process group of its own, and interrupts it.

    interrupt.py [--times=N] [--signal=NAME] [--only-leader] -- command...

Half a second after the command has printed its first line, the signal goes to the
whole group, as a terminal sends it, N times with a fifth of a second in between.
Standard output and error are passed on. Then prints

    ended: exit status 0          or: ended: signal 2
    in time                       or: took 12.3 seconds

In time is within five seconds of the last signal.
"""

import argparse
import os
import signal
import subprocess
import sys
import time


def heed():
    """lit ignores SIGINT, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--signal", default="INT")
    parser.add_argument("--only-leader", action="store_true",
                        help="the command alone, not its children")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()

    process = subprocess.Popen(arguments.command, stdout=subprocess.PIPE, bufsize=0,
                               start_new_session=True, preexec_fn=heed)
    output = process.stdout.readline()
    time.sleep(0.5)
    number = getattr(signal, "SIG" + arguments.signal)
    for turn in range(arguments.times):
        if turn:
            time.sleep(0.2)
        if arguments.only_leader:
            process.send_signal(number)
        else:
            os.killpg(process.pid, number)
    start = time.monotonic()
    output += process.stdout.read()
    status = process.wait()
    took = time.monotonic() - start
    sys.stdout.write(output.decode())
    print(f"ended: signal {-status}" if status < 0 else f"ended: exit status {status}")
    print("in time" if took < 5 else f"took {took:.1f} seconds")


if __name__ == "__main__":
    main()
