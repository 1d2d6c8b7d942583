#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every way in which a guest, QEMU, the analyser and the connection between them
can end: what each side is left with, again and again.

  endings.py --llvm-mcad=P --broker=P --relay=P --qemu=P --guest=P [--prefix=DIR]
             [--times=N] [--one-analyser] [ending ...]

Each ending gets an analyser of its own, or with --one-analyser all of them one
after another, which serves until it is told to stop while one more is under way;
its descriptors and threads must be as many before and after, and its memory grow by
reports alone. A line for each ending, and status 1 if anything was not as it should
be. Every wait is bounded.
"""

import argparse
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 120  # seconds for anything

# Exit status of the guest, whether the report is complete, and what it says. Of a
# fault, QEMU 7.2 tells its plugins nothing, and QEMU 10 does.
GUESTS_OWN = {
    "exit": (3, True, None),
    "exit-group": (4, True, None),
    "abort": (-signal.SIGABRT, True, "ended-by-signal"),
    "segv": (-signal.SIGSEGV, None, "trace-cut-short"),
    "kill": (-signal.SIGKILL, True, "ended-by-signal"),
    "exec": (0, True, "ended-by-exec"),
}
ENDINGS = [*GUESTS_OWN, "kill-qemu", "kill-analyser", "stop-with-analyser", "cut", "stall",
           "disk-full"]
# Those for which the analyser survives, and need nothing of it that is special.
SHARED = [*GUESTS_OWN, "kill-qemu", "cut"]
ROUNDS = "300000"
LONG = str(30 * int(ROUNDS))
LONGEST = "100000000"  # outlasts what is done to it meanwhile
REPORT_MIB = 2  # at most, of a trace: what is kept of one that has ended


class Wrong(Exception):
    pass


def expect(what, found, wanted):
    if found != wanted:
        raise Wrong(f"{what} is {found!r}, not {wanted!r}")


def limit_files(most_bytes):
    """For a disk that is full after so many bytes of a file."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


class Analyser:
    """llvm-mcad, listening on a Unix socket. No file that it writes may have more
    than \p most_bytes."""

    def __init__(self, args, folder, *options, most_bytes=resource.RLIM_INFINITY):
        self.socket = os.path.join(folder, "socket")
        self.log = open(os.path.join(folder, "log"), "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [args.llvm_mcad, f"-mcpu={args.cpu}", "-ideal", f"-load-broker-plugin={args.broker}",
             f"-broker-plugin-arg-host={self.socket}", "-report=json",
             *options],
            stderr=self.log, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: limit_files(most_bytes))
        end = time.monotonic() + PATIENCE
        # Its socket's file is there a moment before it listens.
        while "listening on" not in self.said():
            if self.process.poll() is not None or time.monotonic() > end:
                raise Wrong(f"the analyser does not listen: {self.said()}")
            time.sleep(0.01)

    def said(self):
        # Through a description of its own: where the analyser writes stays.
        with open(self.log.name, encoding="utf-8") as log:
            return log.read()

    def traces(self):
        report, _ = self.process.communicate(timeout=PATIENCE)
        return json.loads(report)["traces"]

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


def start_guest(args, address, *words, options=""):
    prefix = ["-L", args.prefix] if args.prefix else []
    return subprocess.Popen(
        [args.qemu, *prefix, "-plugin", f"{args.relay},addr={address}{options}", args.guest, *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)


class Proxy:
    """Passes a connection on, until so many bytes have come from the guest; then
    closes both ends, or takes nothing more."""

    def __init__(self, folder, to, after):
        self.path = os.path.join(folder, "proxy")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen()
        self.thread = threading.Thread(target=self.run, args=(to, after))
        self.thread.start()

    def run(self, to, after):
        guest, _ = self.listener.accept()
        analyser = socket.socket(socket.AF_UNIX)
        analyser.connect(to)

        def answers():
            while data := analyser.recv(1 << 16):
                guest.sendall(data)
        back = threading.Thread(target=answers)
        back.start()
        left = after
        while left > 0 and (data := guest.recv(min(left, 1 << 16))):
            analyser.sendall(data)
            left -= len(data)
        for end in guest, analyser:
            end.shutdown(socket.SHUT_RDWR)
        back.join()
        guest.close()
        analyser.close()

    def close(self):
        self.thread.join(PATIENCE)
        self.listener.close()


def finish(guest):
    out, err = guest.communicate(timeout=PATIENCE)
    return guest.returncode, out, err


def losses(trace):
    return [loss["name"] for loss in trace["losses"]]


def untraced(args, *words):
    """What the guest says without MCAD."""
    prefix = ["-L", args.prefix] if args.prefix else []
    return subprocess.run([args.qemu, *prefix, args.guest, *words], stdout=subprocess.PIPE,
                          text=True, check=False, timeout=PATIENCE).stdout


def check_trace(trace, complete, says):
    if complete is not None:
        expect("complete", trace["complete"], complete)
    if says and says not in losses(trace) and not (complete is None and trace["complete"]):
        raise Wrong(f"the report says {losses(trace)}, not {says}")
    if not trace["summary"]["instructions"]:
        raise Wrong("nothing arrived")


def end_guest(args, analyser, ending, folder):
    """An ending that the analyser survives: what it should report."""
    if ending == "kill-qemu":
        guest = start_guest(args, analyser.socket, "spin")
        time.sleep(0.5)
        guest.kill()
        expect("status", finish(guest)[0], -signal.SIGKILL)
        return False, "trace-cut-short"
    if ending == "cut":
        proxy = Proxy(folder, analyser.socket, 700_000)
        guest = start_guest(args, proxy.path, "exit", LONG)
        status, out, err = finish(guest)
        proxy.close()
        expect("status", status, 3)
        expect("output", out, args.expected["long"])
        expect("a warning", "the analyser went away" in err, True)
        os.remove(proxy.path)
        return False, "trace-cut-short"
    wanted, complete, says = GUESTS_OWN[ending]
    # The relay sends half a megabyte at a time, and loses as much at a fault.
    rounds = LONG if ending == "segv" else ROUNDS
    status, out, _ = finish(start_guest(args, analyser.socket, ending, rounds))
    expect("status", status, wanted)
    expect("output", out, args.expected[ending])
    return complete, says


def alone(args, ending, folder):
    """With an analyser of its own."""
    if ending in ("kill-analyser", "stop-with-analyser"):
        analyser = Analyser(args, folder)
        stops = ending == "stop-with-analyser"
        guest = start_guest(args, analyser.socket, "exit", LONGEST,
                            options=",on-disconnect=stop" if stops else "")
        time.sleep(0.5)
        analyser.close()
        status, out, err = finish(guest)
        expect("a word", "the analyser went away" in err, True)
        expect("status", status, 1 if stops else 3)
        if not stops:
            expect("output", out, args.expected["longest"])
        return
    if ending == "stall":
        # It is there, and takes nothing: after a while the guest goes on.
        analyser = Analyser(args, folder)
        guest = start_guest(args, analyser.socket, "exit", LONGEST, options=",patience=1")
        time.sleep(0.5)
        analyser.process.send_signal(signal.SIGSTOP)
        status, out, err = finish(guest)
        expect("a word", "the analyser went away" in err, True)
        expect("status", status, 3)
        expect("output", out, args.expected["longest"])
        analyser.process.send_signal(signal.SIGCONT)
        check_trace(analyser.traces()[0], False, "trace-cut-short")
        analyser.close()
        return
    if ending == "disk-full":
        analyser = Analyser(args, folder, f"-record={folder}/trace.mcad", most_bytes=4096)
    else:
        analyser = Analyser(args, folder)
    try:
        if ending == "disk-full":
            status, out, _ = finish(start_guest(args, analyser.socket, "exit", ROUNDS))
            expect("status", status, 3)
            expect("output", out, args.expected["exit"])
            complete, says = False, None
        else:
            complete, says = end_guest(args, analyser, ending, folder)
        traces = analyser.traces()
        expect("traces", len(traces), 1)
        check_trace(traces[0], complete, says)
        expect("analyser's status", analyser.process.returncode,
               0 if traces[0]["complete"] else 1)
        if ending == "disk-full":
            expect("the reason", "File too large" in analyser.said(), True)
    finally:
        analyser.close()


def figures(pid):
    """Descriptors, threads and resident MiB of a process."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        status = dict(line.split(":", 1) for line in file if ":" in line)
    return (len(os.listdir(f"/proc/{pid}/fd")), int(status["Threads"]),
            int(status["VmRSS"].split()[0]) >> 10)


def settled(pid):
    """Its figures once it has done with all that ended."""
    end = time.monotonic() + PATIENCE
    last = figures(pid)
    while time.monotonic() < end:
        time.sleep(0.5)
        now = figures(pid)
        if now[:2] == last[:2]:
            return now
        last = now
    return last


def together(args, endings):
    """All with one analyser."""
    folder = tempfile.mkdtemp()
    analyser = Analyser(args, folder, "-broker-plugin-arg-max-accepted-connection=-1",
                        "-engine-memory=64")
    wanted = []
    try:
        for ending in endings:
            wanted.append(end_guest(args, analyser, ending, folder))
        before = settled(analyser.process.pid)
        for _ in range(args.times - 1):
            for ending in endings:
                wanted.append(end_guest(args, analyser, ending, folder))
        after = settled(analyser.process.pid)
        print(f"one analyser, {len(wanted)} connections: descriptors, threads, MiB: "
              f"{before} after the first {len(endings)}, {after} at the end")
        expect("descriptors and threads", after[:2], before[:2])
        grown = (after[2] - before[2]) / len(wanted)
        if grown > REPORT_MIB:
            raise Wrong(f"{grown:.2f} MiB more for each connection")
        # One that is under way is cut off, and reported with the others.
        guest = start_guest(args, analyser.socket, "exit", LONGEST)
        time.sleep(0.5)
        analyser.process.send_signal(signal.SIGTERM)
        wanted.append((False, "trace-cut-short"))
        traces = analyser.traces()
        status, out, _ = finish(guest)
        expect("status", status, 3)
        expect("output", out, args.expected["longest"])
        expect("traces", len(traces), len(wanted))
        # In the order of their connections.
        for trace, (complete, says) in zip(traces, wanted):
            check_trace(trace, complete, says)
        if os.path.exists(analyser.socket):
            raise Wrong("the socket is left behind")
    finally:
        analyser.close()
        shutil.rmtree(folder)


def parser_of(doc):
    """What Analyser and start_guest need."""
    parser = argparse.ArgumentParser(description=doc,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in "llvm-mcad", "broker", "relay", "qemu", "guest", "cpu":
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--prefix")
    return parser


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--one-analyser", action="store_true")
    parser.add_argument("endings", nargs="*", default=[])
    args = parser.parse_args()
    args.expected = {ending: untraced(args, ending, LONG if ending == "segv" else ROUNDS)
                     for ending in GUESTS_OWN}
    args.expected["long"] = untraced(args, "exit", LONG)
    args.expected["longest"] = untraced(args, "exit", LONGEST)

    if args.one_analyser:
        together(args, args.endings or SHARED)
        return
    for ending in args.endings or ENDINGS:
        start = time.monotonic()
        for _ in range(args.times):
            folder = tempfile.mkdtemp()
            try:
                alone(args, ending, folder)
            except Wrong as wrong:
                sys.exit(f"{ending}: {wrong}")
            finally:
                shutil.rmtree(folder)
        print(f"{ending}: {args.times} times as it should be, "
              f"{(time.monotonic() - start) / args.times:.2f} s each")


if __name__ == "__main__":
    main()
