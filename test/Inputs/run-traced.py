#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a guest under QEMU with the relay against an llvm-mcad of its own.

    run-traced.py --broker=B --relay=R [options] -- llvm-mcad ARG... --- qemu-arm ARG... guest

Starts llvm-mcad with the broker on a free port, or on a Unix socket; waits for
its line `listening on ...`; runs QEMU with the relay pointed there; waits for
both. The analyser's output and errors go to standard output and standard error;
so do the guest's, to standard error, each line after `guest| `. At the end it prints

    llvm-mcad: exit status 0
    guest: exit status 0

on standard error and exits with 0 if both are what is expected (0, unless given).
"""

import argparse
import contextlib
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time


def options(words):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--broker", required=True)
    parser.add_argument("--relay", required=True)
    parser.add_argument("--unix", action="store_true", help="a Unix socket instead of TCP")
    parser.add_argument("--relay-arg", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--plugin", action="append", default=[],
                        help="one more -plugin for QEMU, ahead of the relay")
    parser.add_argument("--guest-count", type=int, default=1,
                        help="run the guest so often, one after the other")
    parser.add_argument("--guest-input", default=os.devnull, metavar="FILE")
    parser.add_argument("--guest-output", metavar="FILE",
                        help="keep the guest's standard output here, untouched")
    parser.add_argument("--expect-mcad", type=int, default=0, metavar="STATUS")
    parser.add_argument("--expect-guest", type=int, default=0, metavar="STATUS")
    parser.add_argument("--time-limit", type=float, default=60, metavar="SECONDS")
    return parser.parse_args(words)


def forward(stream, target, prefix, lines=None):
    """Copies a stream line by line, from a thread of its own."""
    def copy():
        for line in stream:
            target.write(prefix + line)
            target.flush()
            if lines is not None:
                lines.put(line)
        if lines is not None:
            lines.put(None)

    thread = threading.Thread(target=copy)
    thread.start()
    return thread


def listening_address(lines, deadline):
    """The address of the analyser's line `listening on ...`; None if it ended
    without one."""
    while True:
        try:
            line = lines.get(timeout=max(0.1, deadline - time.monotonic()))
        except queue.Empty:
            raise subprocess.TimeoutExpired("llvm-mcad: listening on ...", 0) from None
        if line is None:
            return None
        match = re.match(r"listening on (.*\S)", line)
        if match:
            return match.group(1)


def relay_arguments(address):
    if "/" in address:
        return [f"addr={address}"]
    host, port = address.rsplit(":", 1)
    return [f"addr={host.strip('[]')}", f"port={port}"]


def main():
    words = sys.argv[1:]
    first = words.index("--")
    second = words.index("---")
    given = options(words[:first])
    analyser_command, guest_command = words[first + 1:second], words[second + 1:]
    deadline = time.monotonic() + given.time_limit
    processes, threads, statuses = [], [], []
    text = {"text": True, "errors": "replace"}

    with contextlib.ExitStack() as files, tempfile.TemporaryDirectory() as folder:
        host = os.path.join(folder, "mcad.sock") if given.unix else "127.0.0.1:0"
        try:
            analyser = subprocess.Popen(
                analyser_command + [f"-load-broker-plugin={given.broker}",
                                    f"-broker-plugin-arg-host={host}"],
                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **text)
            processes.append(analyser)
            lines = queue.Queue()
            threads.append(forward(analyser.stderr, sys.stderr, "", lines))
            address = listening_address(lines, deadline)
            if address is None:
                print("llvm-mcad ended before it listened", file=sys.stderr)
            for _ in range(given.guest_count if address else 0):
                plugins = []
                for plugin in given.plugin:
                    plugins += ["-plugin", plugin]
                relay = ",".join([given.relay, *relay_arguments(address), *given.relay_arg])
                guest = subprocess.Popen(
                    [guest_command[0], *plugins, "-plugin", relay, *guest_command[1:]],
                    stdin=files.enter_context(open(given.guest_input, "rb")),
                    stdout=files.enter_context(open(given.guest_output, "wb"))
                    if given.guest_output else subprocess.PIPE,
                    stderr=subprocess.PIPE, **text)
                processes.append(guest)
                for stream in filter(None, [guest.stdout, guest.stderr]):
                    threads.append(forward(stream, sys.stderr, "guest| "))
                statuses.append(guest.wait(max(0.1, deadline - time.monotonic())))
            mcad_status = analyser.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            print(f"run-traced.py: not done after {given.time_limit} s, waiting for "
                  f"{error.cmd}", file=sys.stderr)
            return 124
        finally:
            for process in processes:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            for thread in threads:
                thread.join()
    print(f"llvm-mcad: exit status {mcad_status}", file=sys.stderr)
    for status in statuses:
        print(f"guest: exit status {status}", file=sys.stderr)
    good = mcad_status == given.expect_mcad and all(
        status == given.expect_guest for status in statuses)
    return 0 if good and (address or given.expect_mcad) else 1


if __name__ == "__main__":
    sys.exit(main())
