#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a command and prints how it ended.

    status.py command...

Standard streams are the command's. The last line on standard output is

    ended: exit status 0          or: ended: signal 6
"""

import subprocess
import sys

# Nothing that is asked here takes minutes; one that hangs is a failure.
status = subprocess.run(sys.argv[1:], timeout=300).returncode
print(f"ended: signal {-status}" if status < 0 else f"ended: exit status {status}")
