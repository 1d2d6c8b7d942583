#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails if an include points against the arrows of docs/architecture.md.

    layers.py <source folder>
    layers.py --self-test
"""

import pathlib
import re
import sys

# Room -> the rooms that it may include. LLVM, Serialization (with FlatBuffers)
# and Asio count as rooms; the C++ library and the system do not.
CHAIN = ["Target", "Code", "Facts", "Timing", "Attribution", "Report",
         "Analysis"]
ALLOWED = {room: set(CHAIN[:i + 1]) | {"include", "LLVM"} for i, room in enumerate(CHAIN)}
ALLOWED["Symbols"] = {"Symbols", "Code", "Target", "include", "LLVM"}
for room in ("Attribution", "Report", "Analysis"):
    ALLOWED[room].add("Symbols")
ALLOWED["Diff"] = {"Diff"} | ALLOWED["Report"]
ALLOWED["Broker"] = {"Broker", "Code", "Target", "include", "LLVM"}
ALLOWED["Trace"] = {"Trace", "Serialization", "include", "LLVM"}
ALLOWED["Session"] = set(CHAIN) | {"Session", "Broker", "Trace", "include", "LLVM"}
ALLOWED["include"] = {"include", "LLVM"}
ALLOWED["tools"] = set(CHAIN) | {"Session", "Broker", "Diff", "Symbols", "Trace", "Serialization",
                                 "include", "LLVM", "tools"}
ALLOWED["plugin"] = {"plugin", "Trace", "Serialization", "include", "LLVM", "Asio"}
# Of include/mcad the relay may take what takes nothing from LLVM.
ALLOWED["relay"] = {"relay", "Serialization", "LLVM-free include", "Asio"}

ROOM_OF_FOLDER = [("plugins/qemu-broker/Qemu/", "relay"), ("plugins/qemu-broker/", "plugin"),
                  ("include/mcad/", "include"), ("tools/", "tools")]
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)
QEMU = re.compile(r"qemu[-_]plugin|QemuPlugin\.h")


def room_of_file(path):
    for folder, room in ROOM_OF_FOLDER:
        if path.startswith(folder):
            return room
    match = re.match(r"lib/(\w+)/", path)
    return match.group(1) if match else None


def room_of_include(name, own_room, llvm_free):
    """The room that an include names; None for what is nobody's room."""
    if name.startswith(("llvm/", "llvm-c/")):
        return "LLVM"
    if name.startswith("mcad/"):
        if own_room == "relay" and "include/" + name in llvm_free:
            return "LLVM-free include"
        return "include"
    if name == "mcad_generated.h" or name.startswith(("flatbuffers/", "Serialization/")):
        return "Serialization"
    if name == "asio.hpp" or name.startswith("asio/"):
        return "Asio"
    if "/" in name and name.split("/")[0] in ALLOWED:
        return name.split("/")[0]
    if name.startswith(("Qemu/", "qemu-broker/Qemu/")):
        return "relay"
    return None


def llvm_free_headers(files):
    """The public headers that take nothing from LLVM, directly or by another."""
    headers = {path: [name for _, name in INCLUDE.findall(text)]
               for path, text in files.items() if path.startswith("include/mcad/")}

    def is_free(path, seen):
        if path in seen:
            return True
        return path in headers and all(
            is_free("include/" + name, seen | {path}) if name.startswith("mcad/")
            else not name.startswith(("llvm/", "llvm-c/")) for name in headers[path])

    return {path for path in headers if is_free(path, set())}


def violations(files):
    """Sentences, one per include that points the wrong way. \\p files maps the
    path of each source to its text."""
    found = []
    llvm_free = llvm_free_headers(files)
    for path, text in sorted(files.items()):
        room = room_of_file(path)
        if room is None:
            continue
        if room not in ALLOWED:
            found.append(f"{path}: lib/{room} is no room that layers.py knows: add it "
                         "with its arrows, here and in docs/architecture.md")
            continue
        for match in INCLUDE.finditer(text):
            name = match.group(2)
            line = text.count("\n", 0, match.start()) + 1
            target = room_of_include(name, room, llvm_free)
            if name.startswith("../"):
                found.append(f"{path}:{line}: {name}: name the room, not the way to it")
            elif target is not None and target not in ALLOWED[room]:
                found.append(f"{path}:{line}: {room} may not include {name} ({target})")
        if path.startswith("lib/") and QEMU.search(text):
            found.append(f"{path}: lib/ may not know QEMU's plugin interface")
    return found


def read_tree(root):
    return {path.relative_to(root).as_posix(): path.read_text(errors="replace")
            for folder in ["include", "lib", "tools", "plugins"]
            for path in sorted((root / folder).rglob("*"))
            if path.suffix in {".h", ".cpp", ".c", ".inc"}}


def self_test():
    """Each wrong include is found, each right one is not."""
    wrong = {
        "lib/Target/A.cpp": '#include "Code/Program.h"\n',
        "lib/Code/A.h": '#include "Timing/TimingEngine.h"\n',
        "lib/Timing/A.h": '#include "Report/Report.h"\n',
        "lib/Attribution/A.h": '#include "Trace/Wire.h"\n',
        "lib/Broker/A.h": '#include "Timing/TimingEngine.h"\n',
        "lib/Trace/A.h": '#include "Code/Program.h"\n',
        "lib/Symbols/A.h": '#include "Timing/TimingEngine.h"\n',
        "lib/Code/D.h": '#include "Symbols/SymbolTable.h"\n',
        "lib/Report/A.h": '#include "Broker/AsmBroker.h"\n',
        "lib/Report/B.h": '#include <asio.hpp>\n',
        "lib/Report/C.h": '#include "Diff/Difference.h"\n',
        "lib/Code/B.h": '#include <qemu-plugin.h>\n',
        "lib/Code/C.h": '#include "../Timing/TimingEngine.h"\n',
        "lib/Unheard/A.h": "",
        "include/mcad/A.h": '#include "Code/Program.h"\n',
        "plugins/qemu-broker/A.cpp": '#include "Report/Report.h"\n',
        "plugins/qemu-broker/Qemu/A.cpp": '#include "llvm/ADT/ArrayRef.h"\n',
        "plugins/qemu-broker/Qemu/B.cpp": '#include "mcad/Deep.h"\n',
        "plugins/qemu-broker/Qemu/C.cpp": '#include "Trace/Wire.h"\n',
        "tools/llvm-mcad/A.cpp": '#include "qemu-broker/Qemu/Options.h"\n',
    }
    right = {
        "include/mcad/Deep.h": '#include "mcad/Execution.h"\n#include "mcad/Event.h"\n',
        "include/mcad/Execution.h": '#include "llvm/ADT/ArrayRef.h"\n#include "mcad/Event.h"\n',
        "include/mcad/Event.h": "#include <cstdint>\n",
        "lib/Report/R.h": '#include "Target/Target.h"\n#include "mcad/Broker.h"\n',
        "lib/Trace/R.h": '#include "mcad_generated.h"\n#include "Trace/Wire.h"\n',
        "lib/Symbols/R.h": '#include "Code/Program.h"\n',
        "lib/Broker/R.h": '#include "Code/Program.h"\n',
        "plugins/qemu-broker/Qemu/R.cpp": '#include "mcad/Event.h"\n#include "Options.h"\n'
                                          '#include "mcad_generated.h"\n#include <asio.hpp>\n',
        "tools/mcad/R.cpp": '#include "Trace/TraceFile.h"\n',
    }
    found = violations({**wrong, **right})
    missed = [path for path in wrong if not any(f.startswith(path + ":") for f in found)]
    blamed = [f for f in found if f.split(":")[0] in right]
    for path in missed:
        print(f"not noticed: {path}: {wrong[path].strip()}")
    for sentence in blamed:
        print(f"wrongly blamed: {sentence}")
    return 1 if missed or blamed else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    files = read_tree(pathlib.Path(sys.argv[1]))
    found = violations(files)
    for sentence in found:
        print(sentence)
    print(f"layers: {len(files)} files, {len(found)} includes against the arrows")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
