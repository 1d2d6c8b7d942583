#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Records programs and compares predictors of branch directions on all of them.

    compare-predictors.py --traced=... --llvm-mcad=... --folder=F QEMU ... -- PROGRAM ...

Each predictor must mispredict less in all than the one before it.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys

PREDICTORS = {
    "last-direction": [],
    "bimodal": [],
    "gshare": ["-set=branch.history=12"],
    "tage": ["-set=branch.history=200", "-set=branch.tagged_tables=7",
             "-set=branch.tagged_entries=1024"],
}


def wrong_directions(llvm_mcad, trace, predictor):
    done = subprocess.run(
        [*llvm_mcad, "-broker=trace", trace, "-engine=none", "-report=json",
         f"-set=branch.predictor={predictor}", "-set=branch.table_entries=4096",
         *PREDICTORS[predictor]],
        stdout=subprocess.PIPE, check=True)
    branches = json.loads(done.stdout)["traces"][0]["surroundings"]["branches"]
    return branches["conditional"], branches["wrongDirections"]


def main():
    words = sys.argv[1:]
    split = words.index("--")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("traced", "llvm-mcad", "folder"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("guests", nargs="+")
    args = parser.parse_args(words[:split])
    llvm_mcad = shlex.split(args.llvm_mcad)

    total = dict.fromkeys(PREDICTORS, 0)
    executed = 0
    trace = os.path.join(args.folder, "trace.mcad")
    for guest in args.guests:
        for program in words[split + 1:]:
            subprocess.run(
                [*shlex.split(args.traced), "--guest-output=/dev/null", "--",
                 *llvm_mcad, "-engine=none", f"-record={trace}",
                 "---", *shlex.split(guest), *shlex.split(program)],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
            for predictor in PREDICTORS:
                conditional, wrong = wrong_directions(llvm_mcad, trace, predictor)
                total[predictor] += wrong
            executed += conditional
    for predictor, wrong in total.items():
        print(f"{predictor:15} {wrong:8} of {executed} mispredicted")
    counts = list(total.values())
    return 0 if all(a > b for a, b in zip(counts, counts[1:])) else 1


if __name__ == "__main__":
    sys.exit(main())
