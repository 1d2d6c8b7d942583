#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""functions.py REPORT.json NAME...: of each function of a report that has one of these
names: its name, file, calls and instructions."""

import json
import os
import sys


def main():
    path, *names = sys.argv[1:]
    with open(path) as file:
        attribution = json.load(file)["traces"][0]["attribution"]

    def rows(table):
        columns = attribution[table]["columns"]
        return [dict(zip(columns, row)) for row in attribution[table]["rows"]]
    images = rows("images")
    for function in rows("functions"):
        if function["name"] in names:
            print(function["name"], os.path.basename(images[function["image"]]["path"]),
                  function["calls"], function["instructions"])


if __name__ == "__main__":
    main()
