# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The end-to-end tests: each is one file with its RUN lines, its input and what
is expected. docs/building.md tells how to run a single one.

Substitutions:
  %llvm-mcad %mcad      the tools of this build
  %broker %relay        the QEMU broker plugin and the QEMU plugin
  %count                the QEMU plugin that only counts instructions
  %check-states         EndToEnd/Inputs/check-states.py: ARM and Thumb, held against the CPU
  %guests               the folder of the guest programs, <program>.<arch>[.static], and
                        of firmware.<board>
  %qemu-<arch>          QEMU for a guest's architecture
  %qemu-system-<arch>   QEMU for a whole system of it
  %prefix-<arch>        what to give QEMU's -L for a dynamically linked guest
  %traced               Inputs/run-traced.py: server, guest and relay in one line
  %check-guest          Inputs/check-guest.py: a guest through the whole chain, held
                        against everything that is independent of it
  %endings              EndToEnd/Inputs/endings.py: every way to end
  %name-trace           what lib/Symbols makes of a recorded trace: Tools/NameTrace.cpp
  %luajit               Debian's
  %busybox              the folder of Debian's busybox, busybox.<arch>
  %llvm-mca %llvm-objdump %cmake %cxx %llvm-dir %source %build %python

Features: qemu-<arch>, qemu-system-<arch>, compiler-<arch>, guests-<arch>,
firmware-<board>, host-<arch>, relay, valgrind, luajit, man, sanitized, long, qemu10.

Parameters (--param <name>=<value>):
  long=1           with the tests that take minutes; long=only: those alone
  qemu10=<folder>  under the QEMU 10 of test/build-qemu10.sh <folder>, not under PATH's
"""

import os
import pathlib
import re
import shutil

import lit.formats


def names_of_tests(are_long):
    """The file names of the tests that require the feature `long`, or do not."""
    tests = pathlib.Path(config.mcad_source_root, "test").rglob("*.test")
    return {test.name for test in tests
            if bool(re.search(r"^REQUIRES:.*\blong\b", test.read_text(), re.M)) == are_long}


config.name = "MCAD"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".test", ".s"]
config.excludes = ["Guests", "Inputs", "Oracle", "Plugins", "Tools"]
long = lit_config.params.get("long")
if long == "only":
    config.excludes += names_of_tests(are_long=False) - names_of_tests(are_long=True)
config.test_source_root = os.path.join(config.mcad_source_root, "test")
config.test_exec_root = os.path.join(config.mcad_build_root, "test")

# In front of PATH, since mcad and the tests' scripts look there too.
qemu10 = lit_config.params.get("qemu10")
if qemu10:
    qemu10 = os.path.abspath(os.path.join(qemu10, "bin"))
    if not os.access(os.path.join(qemu10, "qemu-arm"), os.X_OK):
        lit_config.fatal(f"{qemu10}: no qemu-arm: run test/build-qemu10.sh <folder>")
    config.available_features.add("qemu10")
    config.environment["PATH"] = os.pathsep.join([qemu10, config.environment["PATH"]])
    config.test_exec_root += "-qemu10"

# Architecture as in the guests' file names -> the compiler's prefix. The
# dynamically linked guests' libraries lie in /usr/<prefix>.
ARCHITECTURES = {
    "arm": "arm-linux-gnueabihf",
    "aarch64": "aarch64-linux-gnu",
    "ppc64le": "powerpc64le-linux-gnu",
    "riscv64": "riscv64-linux-gnu",
    "i386": "i686-linux-gnu",
    "x86_64": "x86_64-linux-gnu",
}


def built(*parts):
    return os.path.join(config.mcad_build_root, *parts)


relay = built("plugins", "qemu-broker", "Qemu", "libQemuRelay.so")
broker = built("plugins", "qemu-broker", "libMCADQemuBroker.so")
guests = built("test", "Guests")
llvm_mcad = built("llvm-mcad")
traced = " ".join([
    config.python, os.path.join(config.test_source_root, "Inputs", "run-traced.py"),
    f"--broker={broker}", f"--relay={relay}"])

# A word boundary behind each, so that none is taken for the head of another.
for name, value in [
        ("llvm-mcad", llvm_mcad), ("mcad", built("mcad")),
        ("broker", broker), ("relay", relay),
        ("check-guest", " ".join([
            config.python, os.path.join(config.test_source_root, "Inputs", "check-guest.py"),
            f"'--traced={traced}'", f"--llvm-mcad={llvm_mcad}", f"--mcad={built('mcad')}",
            f"--count={built('test', 'Plugins', 'libCountInstructions.so')}"])),
        ("endings", " ".join([
            config.python, os.path.join(config.test_source_root, "EndToEnd", "Inputs",
                                        "endings.py"),
            f"--llvm-mcad={llvm_mcad}", f"--broker={broker}", f"--relay={relay}"])),
        ("check-states", " ".join([
            config.python, os.path.join(
                config.test_source_root, "EndToEnd", "Inputs", "check-states.py"),
            f"'--traced={traced}'", f"--llvm-mcad={llvm_mcad}", f"--mcad={built('mcad')}",
            f"--states={built('test', 'Plugins', 'libThumbStates.so')}"])),
        ("name-trace", built("test", "Tools", "name-trace")),
        ("busybox", built("test", "busybox")), ("count", built("test", "Plugins", "libCountInstructions.so")),
        ("guests", guests), ("traced", traced), ("llvm-mca", config.llvm_mca),
        ("llvm-objdump", config.llvm_objdump), ("cmake", config.cmake),
        ("cxx", config.cxx), ("llvm-dir", config.llvm_dir),
        ("source", config.mcad_source_root), ("build", config.mcad_build_root),
        ("python", config.python)]:
    config.substitutions.append((f"%{name}(?![-\\w])", value))
config.substitutions.append((r"\bFileCheck\b", config.filecheck))

# <program>.<arch>[.static]; arm is ARM state, thumb is Thumb-2, both for qemu-arm.
for name in os.listdir(guests) if os.path.isdir(guests) else []:
    if name.startswith("hello_world."):
        config.available_features.add(f"guests-{name.split('.')[1]}")
    if name.startswith("firmware."):
        config.available_features.add(name.replace(".", "-"))
for arch, prefix in ARCHITECTURES.items():
    qemu = shutil.which(f"qemu-{arch}", path=config.environment["PATH"])
    if qemu:
        config.available_features.add(f"qemu-{arch}")
        config.substitutions.append((f"%qemu-{arch}\\b", qemu))
    if shutil.which(f"{prefix}-gcc"):
        config.available_features.add(f"compiler-{arch}")
    # The machine's own libraries need no prefix.
    libraries = "/" if os.uname().machine == arch else f"/usr/{prefix}"
    config.substitutions.append((f"%prefix-{arch}\\b", libraries))

for arch in ["arm", "riscv64"]:
    qemu = shutil.which(f"qemu-system-{arch}")
    if qemu:
        config.available_features.add(f"qemu-system-{arch}")
        config.substitutions.append((f"%qemu-system-{arch}\\b", qemu))

config.available_features.add(f"host-{os.uname().machine}")
if shutil.which("man") and shutil.which("groff"):
    config.available_features.add("man")
luajit = shutil.which("luajit")
if luajit:
    config.available_features.add("luajit")
    config.substitutions.append((r"%luajit\b", luajit))
if shutil.which("valgrind"):
    config.available_features.add("valgrind")

if long:
    config.available_features.add("long")
if config.plugins:
    config.available_features.add("relay")
if config.sanitize:
    config.available_features.add("sanitized")
