#!/usr/bin/env python3
# bench/engine.py - how fast the engines are
#
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the fast engine with the reference, all in one run on one machine.

Programs are traced once under qemu-x86_64, each with about as many instructions
as asked for. Each trace is then simulated: by LLVM's pipeline, by the fast engine
without memory, and by the fast engine; without surroundings (-ideal) and with the
CPU's caches and predictors. The reports of all three must be the same, but for the
line that names the engine. Speeds are in millions of instructions for each CPU
second of all stages together (-engine-stats): reading the trace, counting and facts
are in it, as on one core. A ratio is that speed by the reference's.

"known" is the part of the instructions that the fast engine knew, "ports" the part
of which it had to simulate the ports alone; the rest it simulated whole. "states"
and "MiB" are what it knew at the end.

  bench/engine.py --build build                       10 million instructions each
  bench/engine.py --build build --instructions 100e6  long: LLVM takes minutes each
  bench/engine.py --build build --programs gzip,perl --around ideal
"""
import os
import re
import shutil
import subprocess
import sys

from relay import Bench, fail, large_file, parser_of

ENGINES = {"llvm": ["-engine=llvm"], "fast, no memory": ["-engine-memory=0"], "fast": []}
SURROUNDINGS = {"ideal": ["-ideal"], "model": []}


class EngineBench(Bench):
    def __init__(self, args):
        super().__init__(args)
        self.cpu = args.cpu
        self.analyser = self.need("llvm-mcad")

    def commands(self, size):
        """Name -> command line; instructions grow about linearly with size."""
        return {
            "loop": ["/usr/bin/bash", "-c", f"for ((i = 0; i < {size // 900}; i++)); do :; done"],
            "sha256": ["/usr/bin/sha256sum", self.input(max(1000, size // 53))],
            "gzip": ["/usr/bin/gzip", "-c", self.input(max(1000, size // 150))],
            "xz": ["/usr/bin/xz", "-1", "-c", self.input(max(1000, size // 300))],
            "perl": ["/usr/bin/perl", "-e",
                     f"for $i (1..{size // 900}) {{ $h{{$i % 1013}} .= chr(65 + $i % 26) }}"
                     "print join('', sort values %h)"],
            "bash": ["/usr/bin/bash", "-c",
                     f"s=0; for ((i = 0; i < {size // 2500}; i++)); do "
                     "s=$(((s * 31 + i) % 65521)); a[s % 97]=$s; done; echo ${a[@]}"],
            "quicksort": [self.sorter, str(max(100, size // 400))],
        }

    def sized(self, name, wanted):
        """The command of about that many instructions."""
        size = wanted
        for _ in range(3):
            count = self.instructions(self.commands(int(size))[name])
            size *= wanted / count
        return self.commands(int(size))[name]

    def record(self, name, command, options=()):
        path = os.path.join(self.dir, f"{name}.mcad")
        server = [self.analyser, f"-mcpu={self.cpu}", "-engine=none", f"-record={path}",
                  "-load-broker-plugin=" + self.need(
                      "plugins/qemu-broker/libMCADQemuBroker.so"),
                  "-broker-plugin-arg-host=127.0.0.1:0", *options]
        self.traced(server, "tcp", command)
        return path

    def simulate(self, trace, options):
        done = subprocess.run([self.analyser, "-broker=trace", trace, f"-mcpu={self.cpu}",
                               "-engine-stats", *options],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            fail(f"{' '.join(options)}: status {done.returncode}: {done.stderr.strip()}")

        def figure(text, pattern):
            found = re.search(pattern, text)
            return float(found.group(1)) if found else None
        stages = re.search(r"CPU seconds: receiving ([\d.]+), counting and facts ([\d.]+), "
                           r"engines ([\d.]+)", done.stderr)
        return {
            "report": re.sub(r"^Simulated by.*$", "", done.stdout, flags=re.MULTILINE),
            "instructions": figure(done.stdout, r"Instructions: +(\d+)"),
            "seconds": sum(map(float, stages.groups())),
            "known": figure(done.stderr, r"known ([\d.]+)%"),
            "ports": figure(done.stderr, r"ports alone simulated ([\d.]+)%"),
            "states": figure(done.stderr, r"states (\d+)"),
            "MiB": figure(done.stderr, r", ([\d.]+) MiB"),
        }

    def measure(self, wanted, programs, arounds):
        print(f"-mcpu={self.cpu}, {large_file()} as input\n")
        print(f"| program   | around | {'instructions':>12} | {'llvm M/s':>8} "
              f"| {'no memory M/s':>13} | {'ratio':>5} | {'fast M/s':>8} | {'ratio':>5} "
              f"| {'known %':>7} | {'ports %':>7} | {'states':>7} | {'MiB':>4} |")
        print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
        for name in programs:
            trace = self.record(name, self.sized(name, wanted))
            for around in arounds:
                results = [self.simulate(trace, SURROUNDINGS[around] + options)
                           for options in ENGINES.values()]
                for engine, result in zip(ENGINES, results):
                    if result["report"] != results[0]["report"]:
                        fail(f"{name}, {around}, {engine}: another report than the reference's")
                self.row(name, around, *results)
            os.remove(trace)

    @staticmethod
    def row(name, around, reference, plain, fast):
        def speed(result):
            return result["instructions"] / result["seconds"] / 1e6

        def ratio(result):
            return reference["seconds"] / result["seconds"]
        print(f"| {name:9} | {around:6} | {fast['instructions']:12.0f} | {speed(reference):8.2f} "
              f"| {speed(plain):13.2f} | {ratio(plain):5.1f} | {speed(fast):8.2f} "
              f"| {ratio(fast):5.1f} | {fast['known']:7.2f} | {fast['ports']:7.2f} "
              f"| {fast['states']:7.0f} | {fast['MiB']:4.0f} |", flush=True)


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--instructions", type=float, default=10e6, help="of each trace")
    parser.add_argument("--cpu", default="skylake")
    parser.add_argument("--programs", help="a list with commas; all")
    parser.add_argument("--around", choices=SURROUNDINGS, help="both")
    args = parser.parse_args()
    args.runs = 1
    bench = EngineBench(args)
    try:
        programs = args.programs.split(",") if args.programs else list(bench.commands(1000))
        bench.measure(args.instructions, programs,
                      [args.around] if args.around else list(SURROUNDINGS))
    finally:
        shutil.rmtree(bench.dir)
    return 0


if __name__ == "__main__":
    sys.exit(main())
