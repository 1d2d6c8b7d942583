#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds the profile of counted.c and counted.S against what was counted by hand.

    check-counted.py [--ideal] <arch> counted.c report.json

main calls outer 7 times; outer calls middle once and leaf from two places; middle
calls leaf in 5 rounds; leaf has 10 rounds of 5 instructions between one that sets
the counter and one that returns. So leaf is called 7 * 5 + 7 * 2 = 49 times, and
each call of it is 1 + 10 * 5 + 1 = 52 instructions.

--ideal: nothing was around the core, so that the cycles of hash are known as well.
"""

import argparse
import json
import os
import sys

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "Inputs"))
from closure import cycles_of, problems, rows

# How often each instruction is executed, in the order of addresses.
LEAF = [49, 490, 490, 490, 490, 490, 49]
MIDDLE_AND_OUTER = {
    # x86 keeps return addresses in memory by itself.
    "x86_64": ([7, 35, 35, 35, 7], [7, 7, 7, 7]),
    "i386": ([7, 35, 35, 35, 7], [7, 7, 7, 7]),
    # One instruction in front, and one that also returns.
    "arm": ([7, 7, 35, 35, 35, 7], [7, 7, 7, 7, 7]),
    "thumb": ([7, 7, 35, 35, 35, 7], [7, 7, 7, 7, 7]),
    # One in front and one behind.
    "aarch64": ([7, 7, 35, 35, 35, 7, 7], [7, 7, 7, 7, 7, 7]),
    "ppc64le": ([7, 7, 35, 35, 35, 7, 7], [7, 7, 7, 7, 7, 7]),
    "riscv64": ([7, 7, 35, 35, 35, 7, 7], [7, 7, 7, 7, 7, 7]),
}
# Number of instructions, executions: the first round is part of the block in
# front of it.
LEAF_BLOCKS = [(6, 49), (5, 49 * 9), (1, 49)]
HASH_CALLS, HASH_ROUNDS = 3, 1000
# A round of hash waits for the one before: an exclusive or and a multiplication,
# 1 + 3 cycles on skylake, cortex-a57 and sifive-u74, 2 + 5 on pwr9.
ROUND_CYCLES = {"ppc64le": 7}
OTHER_ROUND_CYCLES = 4
# Calls of hash do not wait for each other: where one ends the next has begun, by
# as much as fits into a core. skylake takes 224 micro-ops, 45 of 3000 rounds, at
# two such borders: 3 %.
OVERLAP = 0.03


class Check:
    def __init__(self, report):
        trace = report["traces"][0]
        self.wrong = problems(trace)
        self.profile = trace["attribution"]
        for table in ["instructions", "blocks", "functions", "calls", "contexts"]:
            setattr(self, table, rows(self.profile[table]))
        self.numbers = {f["name"]: n for n, f in enumerate(self.functions)}

    def same(self, what, have, wanted):
        if have != wanted:
            self.wrong.append(f"{what}: {have}, not {wanted}")

    def function(self, name):
        return self.functions[self.numbers[name]]

    def code(self, name):
        return [i for i in self.instructions if i["function"] == self.numbers[name]]

    def check_function(self, name, executions, calls, inclusive):
        self.same(f"executions of {name}", [i["executions"] for i in self.code(name)],
                  executions)
        function = self.function(name)
        self.same(f"calls of {name}", function["calls"], calls)
        self.same(f"{name}'s own instructions", function["instructions"], sum(executions))
        self.same(f"{name}'s inclusive instructions", function["inclusiveInstructions"],
                  inclusive)
        self.same(f"{name}'s own cycles", cycles_of(function["self"]),
                  sum(cycles_of(i["cycles"]) for i in self.code(name)))

    def check_calls(self, caller, callee, wanted):
        """`wanted`: calls and instructions with callees, a pair for each place."""
        found = [c for c in self.calls if c["caller"] == self.numbers[caller]
                 and c["callee"] == self.numbers[callee]]
        self.same(f"calls of {callee} by {caller}",
                  [(c["calls"], c["instructions"]) for c in found], wanted)
        sites = {i["address"] for i in self.code(caller)}
        self.same(f"places in {caller} that call {callee}",
                  len({c["site"] for c in found} & sites), len(wanted))
        return sum(c["cycles"] for c in found)

    def contexts_below(self, name):
        """The path from `name` down, calls and own instructions of each context."""
        paths = {}
        for number, context in enumerate(self.contexts):
            above = paths.get(context["parent"])
            own = self.functions[context["function"]]["name"]
            if above or own == name:
                paths[number] = (above or []) + [own]
        return sorted((" ".join(path), self.contexts[n]["calls"],
                       self.contexts[n]["instructions"]) for n, path in paths.items())

    def check_counts(self, middle, outer):
        leaf_call = 52
        below_middle = sum(middle) + 35 * leaf_call
        below_outer = sum(outer) + below_middle + 14 * leaf_call
        self.check_function("leaf", LEAF, 49, 49 * leaf_call)
        self.check_function("middle", middle, 7, below_middle)
        self.check_function("outer", outer, 7, below_outer)
        self.same("blocks of leaf",
                  [(b["numInstructions"], b["executions"]) for b in self.blocks
                   if b["function"] == self.numbers["leaf"]], LEAF_BLOCKS)
        self.same("callers of leaf",
                  sum(c["calls"] for c in self.calls if c["callee"] == self.numbers["leaf"]), 49)
        by_main = self.check_calls("main", "outer", [(7, below_outer)])
        of_middle = self.check_calls("outer", "middle", [(7, below_middle)])
        by_outer = self.check_calls("outer", "leaf", [(7, 7 * leaf_call)] * 2)
        by_middle = self.check_calls("middle", "leaf", [(35, 35 * leaf_call)])
        self.same("contexts", self.contexts_below("outer"), [
            ("outer", 7, sum(outer)),
            ("outer leaf", 7, 7 * leaf_call), ("outer leaf", 7, 7 * leaf_call),
            ("outer middle", 7, sum(middle)),
            ("outer middle leaf", 35, 35 * leaf_call)])
        # Cycles are not known by hand, but how they add up is.
        own = {name: cycles_of(self.function(name)["self"])
               for name in ["leaf", "middle", "outer"]}
        with_callees = {name: self.function(name)["inclusiveCycles"] for name in own}
        self.same("leaf's inclusive cycles", with_callees["leaf"], own["leaf"])
        self.same("cycles of all calls of leaf", by_outer + by_middle, own["leaf"])
        self.same("middle's inclusive cycles", with_callees["middle"], own["middle"] + by_middle)
        self.same("cycles of middle by its caller", of_middle, with_callees["middle"])
        self.same("outer's inclusive cycles", with_callees["outer"], sum(own.values()))
        self.same("cycles of outer by its caller", by_main, with_callees["outer"])

    def frames(self, instruction):
        """(function, file's name, line) of each frame, innermost first."""
        if instruction["place"] is None:
            return []
        place, names = self.profile["places"][instruction["place"]], self.profile["names"]
        return [(names[place[n]], os.path.basename(names[place[n + 1]]), place[n + 2])
                for n in range(0, len(place), 4)]

    def check_lines(self, source):
        with open(source) as file:
            lines = file.read().splitlines()

        def line(text):
            return next(n for n, content in enumerate(lines, 1) if f"/* {text} */" in content)
        hot = [("mix", "counted.c", line("the hot line")),
               ("hash", "counted.c", line("where it is inlined"))]
        often = 0
        for instruction in self.code("hash"):
            frames = self.frames(instruction)
            where = f"frames of {instruction['text']} at {instruction['address']}"
            if len(frames) == 1:
                self.same(where, frames[0][:2], ("hash", "counted.c"))
            else:
                self.same(where, frames, hot)
                rounds = HASH_CALLS * HASH_ROUNDS
                often += instruction["executions"] == rounds
                # What is outside of the loop makes its constant.
                if instruction["executions"] not in (rounds, HASH_CALLS):
                    self.wrong.append(f"{where}: executed {instruction['executions']} times")
        self.same("exclusive or and multiplication of the hot line", often, 2)
        hottest = max(self.code("hash"), key=lambda i: cycles_of(i["cycles"]))
        self.same("frames of the instruction with most cycles", self.frames(hottest), hot)
        self.same("calls of hash", self.function("hash")["calls"], HASH_CALLS)

    def check_cycles(self, arch):
        cycles = cycles_of(self.function("hash")["self"])
        wanted = HASH_CALLS * HASH_ROUNDS * ROUND_CYCLES.get(arch, OTHER_ROUND_CYCLES)
        # At most one round more per call to come in and out.
        if not wanted * (1 - OVERLAP) <= cycles <= wanted * (1 + HASH_CALLS / HASH_ROUNDS):
            self.wrong.append(f"cycles of hash: {cycles}, not about {wanted}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ideal", action="store_true")
    for name in ["arch", "source", "report"]:
        parser.add_argument(name)
    given = parser.parse_args()
    with open(given.report) as file:
        check = Check(json.load(file))
    check.check_counts(*MIDDLE_AND_OUTER[given.arch])
    check.check_lines(given.source)
    if given.ideal:
        check.check_cycles(given.arch)
    if check.wrong:
        sys.exit("\n".join(f"check-counted.py: {line}" for line in check.wrong))


if __name__ == "__main__":
    main()
