#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Adds up what test.sh ran: single tests of GoogleTest and lit, and CTest's other
tests as one each.

    summary.py <name>=<build folder> ...

Reads results/ctest.xml, results/<Room>Tests.json and test/lit*.json of each
folder; names what failed; the last line is `N passed, N failed`.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree

LIT_RUNS = {"lit", "lit/long", "lit/qemu10"}
LIT_GOOD = {"PASS", "FLAKYPASS", "XFAIL"}
LIT_SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


class Tally:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def googletest(report):
    tally = Tally()
    for suite in json.loads(report.read_text())["testsuites"]:
        for case in suite["testsuite"]:
            name = f"{suite['name']}.{case['name']}"
            if "failures" in case:
                tally.failed.append(name)
            elif case["result"] == "SKIPPED":
                tally.skipped.append(name)
            elif case["result"] == "COMPLETED":
                tally.passed += 1
    return tally


def lit(report):
    tally = Tally()
    for test in json.loads(report.read_text())["tests"]:
        if test["code"] in LIT_GOOD:
            tally.passed += 1
        elif test["code"] in LIT_SKIPPED:
            tally.skipped.append(test["name"])
        else:
            tally.failed.append(f"{test['name']} ({test['code']})")
    return tally


def inner_report(build, name):
    """The tally of a CTest test that is a runner itself; None for the others,
    and where the runner died before it wrote its report."""
    if name in LIT_RUNS:
        path, reader = build / "test" / f"{name.replace('/', '-')}.json", lit
    elif name.startswith("unittests/"):
        room = name.removeprefix("unittests/")
        path, reader = build / "results" / f"{room}Tests.json", googletest
    else:
        return None
    return reader(path) if path.is_file() else None


def of_build(build):
    total = Tally()
    tests = xml.etree.ElementTree.parse(build / "results" / "ctest.xml").getroot()
    for case in tests.iter("testcase"):
        name = case.get("name")
        passed, disabled = case.get("status") == "run", case.get("status") in ("disabled", "notrun")
        tally = inner_report(build, name) or Tally()
        # A runner that fails without a failed test of its own has crashed.
        if disabled and case.find("failure") is None:
            tally.skipped.append(name)
        elif not passed and not tally.failed:
            tally.failed.append(name)
        elif passed and not (tally.passed or tally.failed or tally.skipped):
            tally.passed += 1
        total.add(tally)
    return total


def main():
    total = Tally()
    for argument in sys.argv[1:]:
        name, folder = argument.split("=", 1)
        tally = of_build(pathlib.Path(folder))
        print(f"{name}: {tally.passed} passed, {len(tally.failed)} failed, "
              f"{len(tally.skipped)} skipped")
        for test in tally.skipped:
            print(f"  skipped: {test}")
        for test in tally.failed:
            print(f"  FAILED: {test}")
        if not tally.passed and not tally.failed:
            tally.failed.append(f"{name}: no test ran")
            print(f"  FAILED: {tally.failed[-1]}")
        total.add(tally)
    print(f"{total.passed} passed, {len(total.failed)} failed")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
