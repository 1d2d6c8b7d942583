#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Does a profile close? What docs/report.md promises of `attribution` for every
program: whichever way its cycles and its instructions are told apart, they add up
to the same totals.

    closure.py report.json
"""

import json
import sys


def rows(table):
    """The rows of a table as dictionaries by the names of its columns."""
    return [dict(zip(table["columns"], row)) for row in table["rows"]]


def causes(listed):
    """["issue", 12, "memory", 300] as a dictionary."""
    return dict(zip(listed[::2], listed[1::2]))


def cycles_of(listed):
    return sum(listed[1::2])


def by_cause(tables, column):
    total = {}
    for row in tables:
        for cause, cycles in causes(row[column]).items():
            total[cause] = total.get(cause, 0) + cycles
    return total


def below(contexts):
    """Instructions and cycles of each context with all that is below it."""
    sums = [[c["instructions"], cycles_of(c["self"])] for c in contexts]
    for number in range(len(contexts) - 1, -1, -1):
        parent = contexts[number]["parent"]
        if parent is not None:
            if parent >= number:
                raise ValueError(f"context {number} comes before its parent {parent}")
            sums[parent] = [a + b for a, b in zip(sums[parent], sums[number])]
    return sums


def problems(trace):
    """What does not add up in a trace of a report, a line each."""
    found = []

    def same(what, have, wanted):
        if have != wanted:
            found.append(f"{what}: {have}, not {wanted}")

    profile = trace["attribution"]
    cycles, executed = trace["summary"]["totalCycles"], trace["executed"]
    instructions, blocks, functions, contexts, calls = (
        rows(profile[name])
        for name in ["instructions", "blocks", "functions", "contexts", "calls"])

    same("cycles of all regions and outside",
         sum(cycles_of(r["self"]) for r in rows(profile["regions"])) + cycles_of(profile["outside"]),
         cycles)
    same("cycles of all streams", sum(s["cycles"] for s in trace["streams"]), cycles)
    tables = [("instructions", instructions, "cycles"), ("blocks", blocks, "cycles"),
              ("functions", functions, "self"), ("contexts", contexts, "self")]
    expected = by_cause(instructions, "cycles")
    for name, table, column in tables:
        same(f"cycles of all {name}", sum(cycles_of(row[column]) for row in table), cycles)
        same(f"cycles by cause of all {name}", by_cause(table, column), expected)
    if trace.get("surroundings"):
        lost = {cause: lost for cause, lost in trace["surroundings"]["lostCycles"].items() if lost}
        same("cycles lost, by cause", {c: n for c, n in expected.items() if c != "issue"}, lost)

    same("executions of all instructions", sum(i["executions"] for i in instructions), executed)
    same("instructions of all blocks",
         sum(b["executions"] * b["numInstructions"] for b in blocks), executed)
    same("executions of all blocks", sum(b["executions"] for b in blocks),
         trace["blocksExecuted"])
    same("instructions of all functions", sum(f["instructions"] for f in functions), executed)
    same("instructions of all contexts", sum(c["instructions"] for c in contexts), executed)

    inclusive = below(contexts)
    roots = [number for number, c in enumerate(contexts) if c["parent"] is None]
    # A region that was simulated by itself begins with each entry.
    begins_once = "region" not in trace["description"]
    for stream in trace["streams"]:
        own = [r for r in roots if contexts[r]["stream"] == stream["stream"]]
        name = f"stream {stream['stream']}"
        same(f"{name} from its beginnings", [sum(inclusive[r][i] for r in own) for i in (0, 1)],
             [stream["executed"], stream["cycles"]])
        if begins_once:
            same(f"beginnings of {name}", [contexts[r]["calls"] for r in own],
                 [1] if stream["executed"] else [])

    # Of a function the contexts that have it not above them as well: there is no
    # context within another of the same function.
    of_function = [[0, 0] for _ in functions]
    for number, context in enumerate(contexts):
        of_function[context["function"]] = [
            a + b for a, b in zip(of_function[context["function"]], inclusive[number])]
    entered = [0] * len(functions)
    for root in roots:
        entered[contexts[root]["function"]] += contexts[root]["calls"]
    for call in calls:
        entered[call["callee"]] += call["calls"]
    for number, function in enumerate(functions):
        name = f"function {function['name']} at {function['address']}"
        same(f"{name}: inclusive instructions and cycles",
             [function["inclusiveInstructions"], function["inclusiveCycles"]],
             of_function[number])
        same(f"{name}: calls", entered[number], function["calls"])
        if function["inclusiveCycles"] < cycles_of(function["self"]):
            found.append(f"{name}: inclusive {function['inclusiveCycles']} cycles, but "
                         f"{cycles_of(function['self'])} of its own")
        if function["inclusiveInstructions"] < function["instructions"]:
            found.append(f"{name}: inclusive {function['inclusiveInstructions']} instructions, "
                         f"but {function['instructions']} of its own")
    return found


def main():
    with open(sys.argv[1]) as file:
        report = json.load(file)
    found = [line for trace in report["traces"] for line in problems(trace)]
    if found:
        sys.exit("\n".join(f"closure.py: {line}" for line in found[:20]))
    print("closes")


if __name__ == "__main__":
    main()
