#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Is the function that was changed, and made faster, what `mcad diff` names first?

    check-changes.py diff.json NAME CYCLES

All other functions together may have changed by CYCLES, gains and losses alike;
none of their code may be another.
"""

import json
import sys


def change(row, member):
    return ((row["after"] or {}).get(member, 0)) - ((row["before"] or {}).get(member, 0))


def main():
    path, name, allowed = sys.argv[1:]
    with open(path) as file:
        diff = json.load(file)
    if not diff["functions"]:
        sys.exit("check-changes.py: no function changed")
    first, *others = diff["functions"]
    if first["name"] != name:
        sys.exit(f"check-changes.py: {first['name']} is named first, not {name}")
    if change(first, "cycles") >= 0:
        sys.exit(f"check-changes.py: {name} gained {change(first, 'cycles')} cycles")
    by_others = {row["name"]: change(row, "cycles") for row in others}
    if sum(map(abs, by_others.values())) > int(allowed):
        sys.exit(f"check-changes.py: more than {allowed} cycles by others: {by_others}")
    total = diff["cycles"]["after"] - diff["cycles"]["before"]
    if total != change(first, "cycles") + sum(by_others.values()):
        sys.exit(f"check-changes.py: {total} cycles, but functions changed by "
                 f"{change(first, 'cycles')} and {by_others}")
    for row in others:
        if change(row, "calls") or change(row, "instructions"):
            sys.exit(f"check-changes.py: {row['name']} did not do the same: {row}")
    for code in diff["code"]:
        if code["function"] != 0 and not all(row["same"] for row in code["rows"]):
            sys.exit(f"check-changes.py: the code of "
                     f"{diff['functions'][code['function']]['name']} is called another")
    print(f"{name} {change(first, 'cycles')}, others {by_others}")


if __name__ == "__main__":
    main()
