#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a command on a terminal of its own.

    on-terminal.py command...

Prints what it wrote there, each return of the carriage as a new line, and fails
as it failed.
"""

import os
import pty
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
output = b""
while True:
    try:
        more = os.read(terminal, 1 << 16)
    except OSError:  # Linux's end of file of a terminal.
        break
    if not more:
        break
    output += more
print(output.decode().replace("\r", "\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
