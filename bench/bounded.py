#!/usr/bin/env python3
# bench/bounded.py - a long run needs no more memory, no more time each, loses nothing
#
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Simulates ever longer runs of one program as they happen, with the fast engine, the
CPU's caches and predictors, and attribution: its peak memory, and its CPU time for each
instruction.

The program is a loop over several: perl that sorts, counts words in a hash, edits with
patterns, packs and unpacks, formats numbers. Longer runs do the same more often, with
other numbers each time.

Required (exit status 1 if not met): the peak is at most what the engine may remember
(--memory) and 512 MiB; the longest run takes at most 1.1 times as much CPU time for an
instruction as the shortest; each report is complete, which means as many instructions as
the relay sent, and has as many as an independent plugin beside the relay counts.

  bench/bounded.py --build build                          0.3 and 1 billion instructions
  bench/bounded.py --build build --billions 1,3,10        long: minutes for each billion
"""
import re
import shutil
import sys

from relay import Bench, fail, parser_of, print_load

FIXED_MIB = 512
LARGEST_GROWTH = 1.1
PROGRAM = r"""
my $x = 1;
sub draw { $x = ($x * 1103515245 + 12345) & 0x7fffffff; return $x >> 8; }
for (1 .. shift) {
  my @numbers = map { draw() } 1 .. 2000;
  my @sorted = sort { $a <=> $b } @numbers;
  my %words;
  $words{'w' . $_ % 331} += length for @numbers;
  my $text = join ' ', map { "$_=$words{$_}" } sort keys %words;
  $text =~ s/(\d)(\d\d)\b/$2$1/g;
  my $sum = unpack '%32C*', pack 'N*', @sorted;
  $sum += sprintf '%.3f', sqrt $_ for @numbers[0 .. 199];
  $x ^= $sum + length $text;
}
print "$x\n";
"""


class BoundedBench(Bench):
    timeout = 7200

    def __init__(self, args):
        super().__init__(args)
        self.memory = args.memory
        self.beside = self.counting

    def command(self, rounds):
        return ["/usr/bin/perl", "-e", PROGRAM, str(rounds)]

    def simulate(self, rounds):
        """Instructions, peak in bytes, CPU seconds of all stages."""
        report = f"{self.dir}/report.txt"
        command = self.command(rounds)
        _, peak = self.chained(command, options=[
            "-memory-accesses", f"-engine-memory={self.memory}", f"-report=text={report}"])
        with open(report) as file:
            text = file.read()
        # Iterations of rep instructions are in this number, and not in "Instructions".
        match = re.search(r"^Complete: +yes: (\d+) instructions", text, re.MULTILINE)
        if not match:
            fail("a report is not complete")
        count = int(match.group(1))
        if count != (counted := self.counted()):
            fail(f"{count:,} instructions arrived, but {counted:,} were executed")
        seconds = re.findall(r"[\d.]+", self.stages)
        return count, peak, sum(map(float, seconds))

    def measure(self, billions):
        few, more = (self.instructions(self.command(n)) for n in (2, 12))
        each = (more - few) / 10
        print(f"-mcpu=skylake, {self.memory} MiB to remember\n")
        print("| instructions | peak MiB | CPU seconds | ns per instruction |")
        print("|--:|--:|--:|--:|")
        costs, met = [], True
        for wanted in billions:
            count, peak, seconds = self.simulate(max(1, int(wanted * 1e9 / each)))
            costs.append(seconds / count * 1e9)
            print(f"| {count:,} | {peak / 2**20:.1f} | {seconds:.1f} | {costs[-1]:.1f} |",
                  flush=True)
            if peak > (self.memory + FIXED_MIB) * 2**20:
                print(f"not met: more than {self.memory} + {FIXED_MIB} MiB")
                met = False
        growth = costs[-1] / costs[0]
        print(f"\nCPU time for an instruction: {growth:.3f} times that of the shortest run")
        if growth > LARGEST_GROWTH:
            print(f"not met: more than {LARGEST_GROWTH}")
            met = False
        return met


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--billions", default="0.3,1", help="instructions of each run, rising")
    parser.add_argument("--memory", type=int, default=256, help="MiB to remember")
    args = parser.parse_args()
    args.runs = 1
    billions = [float(text) for text in args.billions.split(",")]
    if billions != sorted(billions) or len(billions) < 2:
        fail("--billions: at least two numbers, rising")
    bench = BoundedBench(args)
    print_load()
    try:
        return 0 if bench.measure(billions) else 1
    finally:
        shutil.rmtree(bench.dir)


if __name__ == "__main__":
    sys.exit(main())
