# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the checks of regions share: a run with a manifest, and what is expected of it."""

import json
import subprocess
import sys

failures = 0


def expect(what, got, wanted):
    global failures
    if got != wanted:
        print(f"{what}: {got} where {wanted} is expected")
        failures += 1


def finish():
    sys.exit(f"{failures} differences" if failures else 0)


def run(mcad, program, manifest, folder, *options):
    """The report of `mcad run` with these regions told apart."""
    manifest_path, report_path = folder / "regions.json", folder / "report.json"
    manifest_path.write_text(json.dumps(manifest, indent=1))
    subprocess.run([mcad, "run", "--quiet", f"--regions={manifest_path}", "-o", str(report_path),
                    *options, "--", program], check=True)
    return json.loads(report_path.read_text())
