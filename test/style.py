#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails if a source has no licence head, or is not what clang-format writes.

    style.py --clang-format=<clang-format-19> <source folder>
"""

import argparse
import pathlib
import subprocess
import sys

# Written by flatc.
GENERATED = {"Serialization/mcad_generated.h"}
CXX = {".h", ".cpp", ".c"}
# Guests and other inputs of tests are programs on which MCAD is tried: laid out
# as their test needs it.
INPUTS = ("test/Guests/", "demo/")
LICENCE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
HEAD_LINES = 12


def sources(root):
    """What is tracked by git; in a copy without git, all outside build folders."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"],
                            capture_output=True, text=True)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
        names = [name for name in names if (root / name).is_file()]
    else:
        names = [path.relative_to(root).as_posix() for path in root.rglob("*")
                 if path.is_file() and not path.relative_to(root).parts[0].startswith(("build", "."))]
    return [name for name in names if name not in GENERATED]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clang-format", required=True)
    parser.add_argument("root", type=pathlib.Path)
    arguments = parser.parse_args()

    names = sources(arguments.root)
    own = [name for name in names if not name.startswith(INPUTS)]
    cxx = [name for name in own if pathlib.Path(name).suffix in CXX]
    scripts = [name for name in own if pathlib.Path(name).suffix in {".py", ".sh"}]
    headless = [
        name for name in cxx + scripts
        if not any(LICENCE in line for line in
                   (arguments.root / name).read_text(errors="replace").splitlines()[:HEAD_LINES])]
    for name in headless:
        print(f"{name}: no licence head: copy it from include/mcad/Broker.h")
    if not cxx or not scripts:
        print(f"style: {arguments.root}: no sources there")
        return 1
    formatted = subprocess.run(
        [arguments.clang_format, "--dry-run", "-Werror", *cxx], cwd=arguments.root,
        capture_output=True, text=True)
    unformatted = sorted({line.split(":")[0] for line in formatted.stderr.splitlines()
                          if "[-Wclang-format-violations]" in line})
    if unformatted:
        print(f"not formatted; mend with: {arguments.clang_format} -i {' '.join(unformatted)}")
    elif formatted.returncode:
        print(formatted.stderr)
    print(f"style: {len(cxx)} C++ files, {len(unformatted)} not formatted; "
          f"{len(scripts)} scripts; {len(headless)} files without licence head")
    return 1 if headless or formatted.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
