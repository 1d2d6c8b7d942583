#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every command and option that mcad's help knows is in its man pages and in the
completions of each shell.

    check-pages.py <mcad>
"""

import re
import subprocess
import sys

MCAD = sys.argv[1]


def said(*words):
    return subprocess.run([MCAD, *words], check=True, capture_output=True, text=True).stdout


def man_page(*words):
    """Without what is for the formatter."""
    return re.sub(r"\\f[BIR]", "", said("man", *words)).replace("\\-", "-")


def is_in(option, text):
    return re.search(rf"(^|[^\w-]){re.escape(option)}(?![\w-])", text, re.M)


missing = []
commands = re.findall(r"^  ([a-z-]+) ", said("--help").split("OPTIONS:")[0], re.M)
completions = {shell: said("completion", shell) for shell in ["bash", "zsh", "fish"]}
main_page = man_page()
num_options = 0
for command in commands:
    if not is_in(f"mcad-{command}", main_page):
        missing.append(f"{command}: not in mcad(1)")
    for shell, text in completions.items():
        if not is_in(command, text):
            missing.append(f"{command}: not in the completion of {shell}")
    options = re.findall(r"^  (--?[\w-]+)", said(command, "--help").split("OPTIONS:")[1]
                         .split("EXAMPLES:")[0], re.M)
    num_options += len(options)
    page = man_page(command)
    for option in options:
        if not is_in(option, page):
            missing.append(f"{command} {option}: not in its man page")
        for shell, text in completions.items():
            name = option.lstrip("-")
            in_fish = rf"subcommand_from {command}'.* -[ls] {name}( |$)"
            if not (re.search(in_fish, text, re.M) if shell == "fish" else is_in(option, text)):
                missing.append(f"{command} {option}: not in the completion of {shell}")
for sentence in missing:
    print(sentence)
print(f"{len(commands)} commands, {num_options} options, {len(missing)} missing")
sys.exit(1 if missing else 0)
