#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs one guest through the whole chain and holds what comes out against
everything that is independent of it.

    check-guest.py --traced='run-traced.py ...' --llvm-mcad=M --mcad=M --count=C
                   [options] -- mcad-arg... --- qemu-arm ... guest

  1. The instructions of the report are as many as a QEMU plugin counted in the
     same run that does nothing but count.
  2. The report is complete, and every instruction was decoded. The cycles and the
     instructions of its profile add up to the totals, whichever way they are told
     apart (closure.py).
  3. The recorded trace keeps its invariants (mcad trace check), and its replay
     gives the same report, byte for byte but for the run-time figures.
  4. With --objdump: every instruction executed in the guest's own file is where,
     as long and what llvm-objdump says. On ARM that is a check of ARM against
     Thumb.
  5. With --expect-output: the guest's standard output is that of the guest run
     without QEMU's plugins.
"""

import argparse
import json
import os
import re
import shlex
import subprocess
import sys

import closure


def fail(message):
    sys.exit(f"check-guest.py: {message}")


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        fail(f"exit status {result.returncode}: {shlex.join(command)}\n"
             f"{result.stdout[-2000:]}{result.stderr[-4000:]}")
    return result.stdout


def options(words):
    parser = argparse.ArgumentParser()
    for name in ["traced", "llvm-mcad", "mcad", "count", "work"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--objdump", metavar="LLVM_OBJDUMP")
    parser.add_argument("--input", default=os.devnull)
    parser.add_argument("--expect-output", action="store_true")
    parser.add_argument("--no-replay", action="store_true",
                        help="leave out the second simulation of point 3")
    parser.add_argument("--threads", type=int, metavar="N",
                        help="the guest has N threads in all; its instructions are "
                        "not counted, since QEMU 7.2's inline counters are shared")
    parser.add_argument("--streams", type=int, metavar="N",
                        help="so many threads or vCPUs, which QEMU runs on one "
                        "thread, so that they are counted")
    parser.add_argument("--time-limit", default="200")
    return parser.parse_args(words)


def without_run_time(report):
    report = json.loads(report)
    del report["runTime"]
    return report


def text_without_run_time(path):
    with open(path) as file:
        return [line for line in file if not line.startswith("Simulated by engine")]


NORMAL = [
    (re.compile(r"\s*(<.*|[@#;/]+ .*)$"), ""),  # symbols and comments
    (re.compile(r"\s+"), " "),
]


def normal(text):
    for pattern, by in NORMAL:
        text = pattern.sub(by, text)
    return text.strip()


def objdump_instructions(objdump, path):
    """Address -> (bytes, text) of every instruction of the file. Bytes are in
    memory order."""
    found = {}
    line_of = re.compile(r"^ *([0-9a-f]+): ((?:[0-9a-f]{2,8} ?)+)\s*(.*)$")
    for line in run([objdump, "-d", "--print-imm-hex", path]).splitlines():
        match = line_of.match(line)
        if not match:
            continue
        # Bytes, halfwords or words; all our guests are little-endian.
        groups = match[2].split()
        raw = b"".join(bytes.fromhex(group)[::-1] for group in groups)
        found[int(match[1], 16)] = (raw, normal(match[3]), len(groups[0]))
    return found


def check_disassembly(objdump, guest, code_path, report):
    """Holds the code listing against llvm-objdump's."""
    expected = objdump_instructions(objdump, guest)
    bias = int(report["description"]["loadBias"], 16)
    checked = differing = 0
    examples = []
    mode = ""
    with open(code_path) as file:
        for line in file:
            if line.startswith("block "):
                mode = "ARM" if "(ARM)" in line else "Thumb" if "(Thumb)" in line else ""
                continue
            address, raw, text = re.match(r"^ *([0-9a-f]+): ([0-9a-f]+) *(.*)$", line).groups()
            address = int(address, 16) - bias
            if address not in expected:
                continue
            their_raw, their_text, group = expected[address]
            checked += 1
            # It takes a lock or repeat prefix for an instruction of its own.
            if their_text in ("lock", "rep", "repne", "xacquire", "xrelease"):
                raw2, text2, _ = expected[address + len(their_raw)]
                their_raw, their_text = their_raw + raw2, their_text + " " + text2
            # llvm-objdump shows ARM instructions as one word of eight digits.
            their_mode = "" if not mode else "ARM" if group == 8 else "Thumb"
            ours = (bytes.fromhex(raw), normal(text), mode)
            if ours != (their_raw, their_text, their_mode):
                differing += 1
                if len(examples) < 10:
                    examples.append(f"{address:x}: ours {ours}, theirs "
                                    f"{(their_raw, their_text, their_mode)}")
    if not checked:
        fail("no executed address lies in the guest's file")
    if differing:
        fail(f"{differing} of {checked} instructions differ from llvm-objdump:\n"
             + "\n".join(examples))
    return checked


def check_replay(given, mcad_arguments, report, path):
    replay = run([given.llvm_mcad, *mcad_arguments, "-broker=trace", path("trace.mcad"),
                  "-report=json", f"-report=text={path('replay.txt')}"])
    if without_run_time(replay) != without_run_time(json.dumps(report)):
        fail("the replay's report is another")
    if text_without_run_time(path("replay.txt")) != text_without_run_time(path("report.txt")):
        fail("the replay's text report is another")


def main():
    words = sys.argv[1:]
    first, second = words.index("--"), words.index("---")
    given = options(words[:first])
    mcad_arguments, guest = words[first + 1:second], words[second + 1:]
    work = given.work
    os.makedirs(work, exist_ok=True)

    def path(name):
        return os.path.join(work, name)

    for name in os.listdir(work):
        os.remove(path(name))

    run(shlex.split(given.traced) +
        [f"--plugin={given.count},out={path('count')}", f"--guest-input={given.input}",
         f"--guest-output={path('output')}", f"--time-limit={given.time_limit}", "--",
         given.llvm_mcad, *mcad_arguments, f"-report=json={path('report.json')}",
         f"-report=text={path('report.txt')}", f"-record={path('trace.mcad')}",
         f"-code={path('code')}", "---", *guest])
    with open(path("report.json")) as file:
        report = json.load(file)
    trace = report["traces"][0]

    counted = trace["executed"]
    streams = given.threads or given.streams
    if streams and len(trace["streams"]) != streams:
        fail(f"{len(trace['streams'])} streams, not {streams}")
    if not given.threads:
        with open(path("count")) as file:
            counted = int(re.search(r"instructions: (\d+)", file.read())[1])
    if trace["executed"] != counted:
        fail(f"the report has {trace['executed']} instructions, the counting plugin {counted}")
    if trace["executed"] != trace["summary"]["instructions"] + trace["repeatIterations"]:
        fail("executed is not instructions and repeat iterations")
    if not report["complete"]:
        fail(f"not complete: {trace['losses']}")
    if trace["unmodelled"]["undecodedExecutions"]:
        fail(f"not decoded: {trace['unmodelled']['topPlaces']}")
    if unequal := closure.problems(trace):
        fail("the profile does not close:\n" + "\n".join(unequal[:20]))

    run([given.mcad, "trace", "check", path("trace.mcad")])
    if not given.no_replay:
        check_replay(given, mcad_arguments, report, path)

    checked = ""
    if given.objdump:
        program = [word for word in guest[1:] if os.path.exists(word) and os.path.isfile(word)][0]
        number = check_disassembly(given.objdump, program, path("code"), trace)
        checked = f", {number} executed places as llvm-objdump has them"
    if given.expect_output:
        with open(given.input, "rb") as file:
            plain = subprocess.run(guest, stdin=file, capture_output=True)
        with open(path("output"), "rb") as file:
            if file.read() != plain.stdout:
                fail("the guest's output is not that of a run without plugins")
    os.remove(path("trace.mcad"))
    print(f"{counted} instructions, {trace['summary']['totalCycles']} cycles{checked}")


if __name__ == "__main__":
    main()
