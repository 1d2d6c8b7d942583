#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails unless the timelines of reports show what a trace has executed.

    check-timeline.py --dump=<of the trace> --stream=<n> --numbers=<from>,<to>
                      [--perfetto=FILE] [--o3pipeview=FILE] [--text=FILE]
                      report.json [another.json ...]

Each report is of the same trace on the same CPU, and has the same timeline,
whoever made it; the other formats are those of the first.
"""

import argparse
import json
import re
import sys

NAMES = ["stream", "number", "instruction", "dispatched", "ready", "issued", "executed", "retired"]
LABEL_COLUMNS = 10  # Of the text, if numbers have at most five digits.


def executed(dump, stream):
    """The addresses of the instructions that stream executed, in order."""
    blocks, units = {}, []
    message = ""
    for line in open(dump):
        if not line.startswith(" "):
            message = line
        for number, address, sizes in re.findall(
                r"block (\d+) .*?address=(0x[0-9a-f]+).*?sizes=([0-9,]+)", line):
            at, addresses = int(address, 16), []
            for size in sizes.split(","):
                addresses.append(at)
                at += int(size)
            blocks[number] = addresses
        if message.startswith(f"run {stream}:"):
            units += line.removeprefix(f"run {stream}:").split()
    return [address for unit in units if unit.isdigit() for address in blocks[unit]]


def timeline(path):
    with open(path) as f:
        profile = json.load(f)["traces"][0]["attribution"]
    table = profile["timeline"]
    assert table["columns"] == NAMES, table["columns"]
    instructions = profile["instructions"]
    at = {name: i for i, name in enumerate(instructions["columns"])}
    rows = [dict(zip(NAMES, row)) for row in table["rows"]]
    for row in rows:
        instruction = instructions["rows"][row["instruction"]]
        row["address"] = int(instruction[at["address"]], 16)
        row["text"] = instruction[at["text"]]
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dump", required=True)
    parser.add_argument("--stream", type=int, required=True)
    parser.add_argument("--numbers", required=True)
    parser.add_argument("--perfetto")
    parser.add_argument("--o3pipeview")
    parser.add_argument("--text")
    parser.add_argument("reports", nargs="+")
    args = parser.parse_args()
    first, last = map(int, args.numbers.split(","))

    rows = timeline(args.reports[0])
    for other in args.reports[1:]:
        if timeline(other) != rows:
            sys.exit(f"{other}: its timeline is another than that of {args.reports[0]}")
    numbers = [row["number"] for row in rows]
    if numbers != list(range(first, last + 1)):
        sys.exit(f"numbers {first} to {last} are wanted, got {numbers}")
    wanted = executed(args.dump, args.stream)[first:last + 1]
    for row, address in zip(rows, wanted, strict=True):
        if (row["stream"], row["address"]) != (args.stream, address):
            sys.exit(f"the guest executed {address:#x}, the timeline has {row}")
        stages = [row[name] for name in NAMES[3:]]
        if stages != sorted(stages):
            sys.exit(f"stages are not in order: {row}")
    for stage in ["dispatched", "retired"]:
        cycles = [row[stage] for row in rows]
        if cycles != sorted(cycles):
            sys.exit(f"out of order, an instruction is {stage} before an older one: {cycles}")
    if rows[0]["dispatched"] == rows[-1]["retired"]:
        sys.exit("no time passes")

    if args.perfetto:
        with open(args.perfetto) as f:
            events = json.load(f)["traceEvents"]
        got = [(e["args"]["number"], int(e["args"]["address"], 16), e["name"], e["ts"],
                e["ts"] + e["dur"] - 1) for e in events if e.get("cat") == "instruction"]
        if got != [(row["number"], row["address"], row["text"].replace("\t", " "),
                    row["dispatched"], row["retired"]) for row in rows]:
            sys.exit(f"{args.perfetto}: other instructions or cycles")
    if args.o3pipeview:
        text = open(args.o3pipeview).read()
        ticks = {"fetch": "dispatched", "issue": "issued", "complete": "executed",
                 "retire": "retired"}
        for stage, name in ticks.items():
            got = [int(tick) // 1000 - 1
                   for tick in re.findall(rf"^O3PipeView:{stage}:(\d+)", text, re.M)]
            if got != [row[name] for row in rows]:
                sys.exit(f"{args.o3pipeview}: other cycles of {stage}")
        got = [int(a, 16) for a in re.findall(r"^O3PipeView:fetch:\d+:(0x[0-9a-f]+):", text, re.M)]
        if got != [row["address"] for row in rows]:
            sys.exit(f"{args.o3pipeview}: other instructions")
    if args.text:
        start, got = 0, []
        for line in open(args.text):
            if match := re.match(r"Cycles from (\d+) of stream", line):
                start = int(match[1])
            if match := re.match(rf"\[{args.stream},(\d+)\] ", line):
                got.append((int(match[1]), start + line.index("D") - LABEL_COLUMNS))
        if got != [(row["number"], row["dispatched"]) for row in rows]:
            sys.exit(f"{args.text}: other numbers or cycles of dispatch: {got}")
    print(f"{len(rows)} instructions, {rows[-1]['retired'] - rows[0]['dispatched'] + 1} cycles")


main()
