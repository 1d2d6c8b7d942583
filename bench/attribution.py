#!/usr/bin/env python3
# bench/attribution.py - what it costs to say who pays for the cycles
#
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures what attribution adds to `mcad analyze`, all in one run on one machine.

Programs are traced once under qemu-x86_64, with and without memory accesses. Each
trace is then analysed with attribution and without (-attribution=false), in turns,
the first of a round changing places; the whole program is timed, from its start to
the report as JSON, with the symbols and lines it reads. A ratio is the median over
the rounds of the ratio within the round, of wall time and of the CPU time of all
threads; beside it the smallest and the largest. Far apart, the machine was not one's
own; CPU time suffers less from that.

Without attribution the engine still charges cycles to instructions, which is not in
the ratio: what is are contexts, symbols, lines and the tables of the report. Most of
that is the same however long the trace is, so that short ones pay more.

Cycles must be the same with attribution and without.

Required (exit status 1 if not met): the ratio of wall times is at most 1.5.

  bench/attribution.py --build build
  bench/attribution.py --build build --instructions 100e6 --programs gzip,xz
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from engine import EngineBench
from relay import fail, large_file, parser_of, print_load

LARGEST_RATIO = 1.5
PROGRAMS = ["loop", "gzip", "xz", "bash", "quicksort"]


class AttributionBench(EngineBench):
    def __init__(self, args):
        super().__init__(args)
        self.front_end = self.need("mcad")

    def analyse(self, trace, *options):
        """Wall and CPU seconds, and the cycles."""
        report = os.path.join(self.dir, "report.json")
        command = [self.front_end, "analyze", "--quiet", f"--cpu={self.cpu}", "-o", report,
                   *options, trace]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            fail(f"{' '.join(command)}: status {process.returncode}")
        with open(report) as file:
            summary = json.load(file)["traces"][0]["summary"]
        return wall, usage.ru_utime + usage.ru_stime, summary

    def compare(self, name, accesses, trace):
        """Prints a row; the ratio of wall times."""
        configurations = {"off": ["--attribution=false"], "on": []}
        seconds = {key: [] for key in configurations}
        cycles = set()
        for number in range(self.runs):
            order = list(configurations)
            for key in order if number % 2 == 0 else reversed(order):
                wall, cpu, summary = self.analyse(trace, *configurations[key])
                seconds[key].append((wall, cpu))
                cycles.add(summary["totalCycles"])
        if len(cycles) != 1:
            fail(f"{name}, {accesses}: cycles differ: {sorted(cycles)}")
        ratios = [[on[kind] / off[kind] for on, off in zip(seconds["on"], seconds["off"])]
                  for kind in (0, 1)]
        wall, cpu = map(statistics.median, ratios)
        off, on = (statistics.median(one[0] for one in seconds[key]) for key in ("off", "on"))
        print(f"| {name:9} | {summary['instructions']:12} | {accesses:8} | {off:7.2f} | {on:7.2f} "
              f"| {wall:5.2f} | {min(ratios[0]):5.2f} | {max(ratios[0]):5.2f} "
              f"| {cpu:5.2f} | {min(ratios[1]):5.2f} | {max(ratios[1]):5.2f} |", flush=True)
        return wall

    def measure(self, wanted, programs):
        print(f"-mcpu={self.cpu}, {large_file()} as input\n")
        print(f"| {'program':9} | {'instructions':>12} | accesses | {'off, s':>7} | {'on, s':>7} "
              f"| {'ratio':>5} | {'from':>5} | {'to':>5} | {'CPU':>5} | {'from':>5} | {'to':>5} |")
        print("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|")
        met = True
        for name in programs:
            command = self.sized(name, wanted)
            for accesses in ("with", "without"):
                given = [] if accesses == "with" else ["-memory-accesses=false"]
                trace = self.record(name, command, given)
                ratio = self.compare(name, accesses, trace)
                os.remove(trace)
                if ratio > LARGEST_RATIO:
                    print(f"not met: {name}, {accesses} accesses: {ratio:.2f} is more than "
                          f"{LARGEST_RATIO}")
                    met = False
        return met


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--instructions", type=float, default=20e6, help="of each trace")
    parser.add_argument("--runs", type=int, default=5, help="rounds per figure")
    parser.add_argument("--cpu", default="skylake")
    parser.add_argument("--programs", help=f"a list with commas ({','.join(PROGRAMS)})")
    args = parser.parse_args()
    bench = AttributionBench(args)
    print_load()
    try:
        programs = args.programs.split(",") if args.programs else PROGRAMS
        return 0 if bench.measure(args.instructions, programs) else 1
    finally:
        shutil.rmtree(bench.dir)


if __name__ == "__main__":
    sys.exit(main())
