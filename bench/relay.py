#!/usr/bin/env python3
# bench/relay.py - what tracing costs
#
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures what tracing costs, all in one run on one machine.

Four integer programs run under qemu-x86_64: plain; with the relay into
mcad-drain, which reads and discards, without and with memory accesses, over TCP
and over a Unix socket; and, with --chain, into llvm-mcad. The configurations
take turns, the time of an empty program in the same round is subtracted from
each, and a ratio is the median over the rounds of the ratio within the round: a
machine whose speed drifts then slows both sides of it. Beside it the smallest
and the largest of these; far apart, the machine was not one's own.

  bench/relay.py --build build              the relay
  bench/relay.py --build build --chain      the chain into llvm-mcad, see below
  bench/relay.py --build build --memory     llvm-mcad's peak memory at 10 and at
                                            100 million instructions

--chain measures two things. First all but engine and model: llvm-mcad that only
counts (-engine=none -ideal), without and with memory accesses. Then, in one round
on less input, what simulation adds: caches and predictors alone (-engine=none), the
core alone (-ideal), and both. Behind each whose CPU seconds went: QEMU's own, which
are more than plain QEMU's by what the relay costs (the system's: by what sending
does), and those of llvm-mcad's stages. All run side by side: the largest is what a
machine with a core for each waits for.

Required (exit status 1 if not met, over TCP), in times of plain QEMU without
accesses and with: the relay 1.6 and 4, the chain that counts 2 and 6. Peak memory
at 100 M instructions within 10 % of that at 10 M, for LLVM's pipeline and for the
fast engine that remembers nothing; what it may remember comes on top and no more.
"""
import argparse
import glob
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

QEMU = "qemu-x86_64"
LARGEST_RATIO = {"tcp blocks": 1.6, "tcp accesses": 4.0,
                 "count blocks": 2.0, "count accesses": 6.0}
LARGEST_GROWTH = 1.10
REMEMBERED = 64  # MiB for the fast engine: the 10 M instructions fill it.
SHORTEST_PLAIN = 0.1  # seconds of plain QEMU that make a ratio
SIMULATED_PART = 0.6  # of the programs' work, where it is simulated


def fail(text):
    sys.exit(f"error: {text}")


def large_file():
    """Something real to compress."""
    for pattern in ("/usr/lib/x86_64-linux-gnu/libLLVM*.so*",
                    "/usr/lib/llvm-*/lib/libLLVM*.so*",
                    "/usr/lib/x86_64-linux-gnu/*.so.*", "/usr/bin/*"):
        found = [f for f in glob.glob(pattern) if os.path.isfile(f)]
        if found:
            return max(found, key=os.path.getsize)
    fail("no large file to compress found under /usr")


class Bench:
    timeout = 600  # seconds, for any one run

    def __init__(self, args):
        self.build = os.path.abspath(args.build)
        self.runs = args.runs
        self.dir = tempfile.mkdtemp(prefix="mcad-bench-")
        self.relay = self.need("plugins/qemu-broker/Qemu/libQemuRelay.so")
        self.count_file = os.path.join(self.dir, "count")
        self.counting = ["-plugin", self.need("test/Plugins/libCountInstructions.so") +
                         f",out={self.count_file}"]
        self.beside = []  # The relay: further plugins.
        self.drain = self.need("mcad-drain")
        self.sorter = self.need("bench/bench-quicksort")
        if not shutil.which(QEMU):
            fail(f"{QEMU} not found: install qemu-user")
        self.inputs = {}
        self.qemus = ""  # CPU seconds of the last run of QEMU.
        self.stages = ""  # And of what it was traced into, if that was llvm-mcad.

    def need(self, path):
        full = os.path.join(self.build, path)
        if not os.path.exists(full):
            fail(f"{full} does not exist: build with MCAD_BUILD_BENCHMARKS and "
                 "MCAD_BUILD_TESTS on, or name the folder with --build")
        return full

    def input(self, size):
        if size not in self.inputs:
            path = os.path.join(self.dir, f"input-{size}")
            with open(large_file(), "rb") as source, open(path, "wb") as to:
                to.write(source.read(size))
            self.inputs[size] = path
        return self.inputs[size]

    def programs(self, part=1):
        """Name and command line; all, or a part of the work."""
        size = int(3_000_000 * part)
        loop = int(16_000 * part)
        numbers = int(3_000_000 * part)
        return {
            "gzip": ["/usr/bin/gzip", "-c", self.input(size)],
            "xz": ["/usr/bin/xz", "-1", "-c", self.input(size)],
            "bash": ["/usr/bin/bash", "-c",
                     f"s=0; for ((i = 0; i < {loop}; i++)); do "
                     "s=$(((s * 31 + i) % 65521)); done; echo $s"],
            "quicksort": [self.sorter, str(numbers)],
        }

    def qemu(self, plugin, command):
        """Seconds of one run."""
        start = time.perf_counter()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([QEMU] + plugin + command, timeout=self.timeout,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
        elapsed = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.qemus = (f"QEMU {after.ru_utime - before.ru_utime:.2f} and "
                      f"{after.ru_stime - before.ru_stime:.2f} of the system's")
        if done.returncode:
            fail(f"{' '.join(command)}: status {done.returncode}: "
                 f"{done.stderr.strip()}")
        return elapsed

    def instructions(self, command):
        self.qemu(self.counting, command)
        return self.counted()

    def counted(self):
        """By the last run with the plugin that counts."""
        with open(self.count_file) as file:
            return int(file.read().split()[1])

    def traced(self, server, address, command):
        """Runs `server`, then the program into it; returns the seconds, the
        server's peak memory in bytes and what it says on standard error."""
        process = subprocess.Popen(server, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        where = None
        for line in process.stderr:
            if match := re.search(r"listening on (\S+)", line):
                where = match.group(1)
                break
        if where is None:
            process.wait()
            fail(f"{server[0]} does not listen: status {process.returncode}")
        options = f"addr={where}"
        if address == "tcp":
            host, port = where.rsplit(":", 1)
            options = f"addr={host},port={port}"
        elapsed = self.qemu(["-plugin", f"{self.relay},{options}", *self.beside], command)
        # The program is done when its trace is: the server's end, and with it that of
        # what it says, counts too.
        start = time.perf_counter()
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        elapsed += time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            fail(f"{' '.join(server)}: status {process.returncode}")
        return elapsed, usage.ru_maxrss * 1024, said

    def drained(self, address, accesses, command):
        listen = ("127.0.0.1:0" if address == "tcp"
                  else os.path.join(self.dir, "socket"))
        server = [self.drain, f"-listen={listen}"]
        if accesses:
            server.append("-accesses")
        return self.traced(server, address, command)

    def chained(self, command, options=()):
        server = [self.need("llvm-mcad"), "-mtriple=x86_64-linux-gnu",
                  "-mcpu=skylake", "-engine-stats",
                  "-load-broker-plugin=" + self.need(
                      "plugins/qemu-broker/libMCADQemuBroker.so"),
                  "-broker-plugin-arg-host=127.0.0.1:0", *options]
        seconds, peak, said = self.traced(server, "tcp", command)
        if match := re.search(r"CPU seconds: (.*)", said):
            self.stages = ", " + match.group(1)
        return seconds, peak

    def compare(self, programs, configurations, rounds):
        """Seconds per round for each program and configuration, less
        start-up; and the CPU seconds of the last round, as text."""
        times = {(program, name): [] for program in programs
                 for name in configurations}
        spent = {}
        for _ in range(rounds):
            start_up = {name: run(["/bin/true"])
                        for name, run in configurations.items()}
            for program, command in programs.items():
                for name, run in configurations.items():
                    self.stages = ""
                    times[program, name].append(run(command) - start_up[name])
                    spent[program, name] = self.qemus + self.stages
        return times, spent

    def table(self, programs, configurations, rounds, details=False):
        """With details, what each configuration spent where."""
        print(f"{'program':10} {'instructions':>13} {'configuration':14} "
              f"{'seconds':>8} {'ratio':>6} {'from':>6} {'to':>6} "
              f"{'M instr/s':>10}")
        seconds, spent_where = self.compare(programs, configurations, rounds)
        ratios = {}
        for program, command in programs.items():
            count = self.instructions(command)
            for name in configurations:
                spent = statistics.median(seconds[program, name])
                plain = seconds[program, "plain"]
                print(f"{program:10} {count:13,} {name:14} {spent:8.2f} ", end="")
                # What is left of less is noise of the start-up taken off.
                if min(plain) < SHORTEST_PLAIN:
                    print(f"{'-':>6} {'-':>6} {'-':>6} ", end="")
                else:
                    rounds = [one / base for one, base in
                              zip(seconds[program, name], plain)]
                    ratios[program, name] = statistics.median(rounds)
                    print(f"{ratios[program, name]:6.2f} {min(rounds):6.2f} "
                          f"{max(rounds):6.2f} ", end="")
                print(f"{count / spent / 1e6:10.0f}" if spent > 0 else "")
                if details:
                    print(f"{'':24} CPU seconds: {spent_where[program, name]}")
        return ratios

    def meets(self, ratios):
        """Says which ratios are more than is allowed; whether none is."""
        met = bool(ratios)
        for (program, name), ratio in ratios.items():
            largest = LARGEST_RATIO.get(name)
            if largest and ratio > largest:
                print(f"not met: {program}, {name}: {ratio:.2f} is more than "
                      f"{largest}")
                met = False
        return met

    def measure_relay(self):
        configurations = {"plain": lambda c: self.qemu([], c)}
        for address in ("tcp", "unix"):
            for accesses in (False, True):
                name = f"{address} {'accesses' if accesses else 'blocks'}"
                configurations[name] = (
                    lambda c, a=address, m=accesses: self.drained(a, m, c)[0])
        return self.meets(
            self.table(self.programs(), configurations, self.runs))

    def measure_chain(self):
        def configuration(*options):
            return lambda c: self.chained(c, options)[0]

        plain = {"plain": lambda c: self.qemu([], c)}
        counters = {
            "count blocks": ["-engine=none", "-ideal"],
            "count accesses": ["-engine=none", "-ideal", "-memory-accesses"]}
        engines = {"model": ["-engine=none"], "core": ["-ideal"],
                   "core, model": []}
        met = self.meets(self.table(
            self.programs(),
            plain | {n: configuration(*o) for n, o in counters.items()},
            self.runs, details=True))
        self.table(
            self.programs(SIMULATED_PART),
            plain | {n: configuration(*o) for n, o in engines.items()},
            rounds=1, details=True)
        return met

    def measure_memory(self):
        """The sort does about 20 instructions per number and level."""
        engines = {"llvm": ["-engine=llvm"], "fast, 0 MiB": ["-engine-memory=0"],
                   f"fast, {REMEMBERED} MiB": [f"-engine-memory={REMEMBERED}"]}
        peaks = {name: [] for name in engines}
        for wanted in (10_000_000, 100_000_000):
            probe = 20_000
            each = self.instructions([self.sorter, str(probe)]) / probe
            for _ in range(3):  # The logarithm in it: approach the size.
                numbers = int(wanted / each)
                count = self.instructions([self.sorter, str(numbers)])
                each = count / numbers
            for name, options in engines.items():
                _, peak = self.chained([self.sorter, str(numbers)], options)
                print(f"{name:12} at {count:,} instructions: peak "
                      f"{peak / 2**20:.1f} MiB")
                peaks[name].append(peak)
        met = True
        for name in ("llvm", "fast, 0 MiB"):
            growth = peaks[name][1] / peaks[name][0]
            print(f"{name}: growth {growth:.3f}")
            if growth > LARGEST_GROWTH:
                print(f"not met: {name}: {growth:.3f} is more than "
                      f"{LARGEST_GROWTH}")
                met = False
        allowed = (peaks["fast, 0 MiB"][0] * LARGEST_GROWTH +
                   REMEMBERED * 2**20)
        peak = peaks[f"fast, {REMEMBERED} MiB"][1]
        if peak > allowed:
            print(f"not met: {REMEMBERED} MiB to remember: peak "
                  f"{peak / 2**20:.1f} MiB, {allowed / 2**20:.1f} allowed")
            met = False
        return met


def print_load():
    """What is measured here needs more than one core."""
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.2f}" +
          ("" if os.cpu_count() - load > 1.5 else
           ": too busy for these figures to mean much"))


def parser_of(doc):
    """What every benchmark takes."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default="build", help="the build folder")
    return parser


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs per figure")
    parser.add_argument("--chain", action="store_true",
                        help="only the chain into llvm-mcad")
    parser.add_argument("--memory", action="store_true",
                        help="only llvm-mcad's memory")
    args = parser.parse_args()
    bench = Bench(args)
    print_load()
    try:
        if args.memory:
            return 0 if bench.measure_memory() else 1
        if args.chain:
            return 0 if bench.measure_chain() else 1
        return 0 if bench.measure_relay() else 1
    finally:
        shutil.rmtree(bench.dir)


if __name__ == "__main__":
    sys.exit(main())
