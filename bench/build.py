"""The whole build of NCT01988506, simulation included: wall time and peak memory, against the limits that are promised.

    python bench/build.py [subjects]

46 subjects: under 60 s and under 1 GB on 2 cores. Ends with exit code 1 where a limit is broken.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS, GIGABYTES = 60.0, 1.0


def main(arguments: list[str]) -> int:
    subjects = int(arguments[0]) if arguments else 46
    with tempfile.TemporaryDirectory() as place:
        export, builds = Path(place) / "export", Path(place) / "builds"
        steps = (
            ("simulate", ["simulate", "nct01988506", "--subjects", str(subjects), "--out", str(export)]),
            (
                "build",
                ["build", "nct01988506", "--raw", str(export), "--out", str(builds), "--severity", "never"],
            ),
        )
        total = 0.0
        for name, command in steps:
            begun = time.monotonic()
            subprocess.run(
                [sys.executable, "-m", "trialwright", *command, "--quiet"],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            took = time.monotonic() - begun
            total += took
            print(f"{name:9} {took:7.1f} s")
        written = sum(
            path.stat().st_size for path in builds.rglob("*") if path.is_file() and not path.is_symlink()
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"{subjects} subjects: {total:.1f} s, peak {peak:.2f} GB, {written / 1e6:.1f} MB written")
    broken = subjects <= 46 and (total > SECONDS or peak > GIGABYTES)
    if broken:
        print(f"over the limit of {SECONDS:.0f} s and {GIGABYTES:.0f} GB", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
