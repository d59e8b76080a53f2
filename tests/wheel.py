"""The wheel, built and run in an environment of its own: packages, text data and the command are all in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

HOME = Path(__file__).parent.parent
NEEDED = (
    "specs/standards/sdtmig_3_4/ae.yaml",
    "specs/nct01988506/study.yaml",
    "specs/nct01988506/simulation.yaml",
    "specs/cdiscpilot01/study.yaml",
    "validation/report/templates/",
    "trialwright/cli.py",
)


def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        builder = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
        subprocess.run(builder, cwd=HOME, check=True, stdout=subprocess.DEVNULL)
        (wheel,) = folder.glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        missing = [needed for needed in NEEDED if not any(name.startswith(needed) for name in names)]
        strangers = sorted(
            {name.partition("/")[0] for name in names if name.startswith(("tests", "bench", "docs"))}
        )
        if missing or strangers:
            print(f"the wheel lacks {missing} and holds {strangers}", file=sys.stderr)
            return 1
        environment = folder / "environment"
        venv.create(environment, with_pip=True)
        python = environment / "bin" / "python"
        install = [
            str(python),
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--disable-pip-version-check",
            str(wheel),
        ]
        subprocess.run(install, check=True)
        # The libraries come from the environment that runs this test: what is tried is the wheel, not PyPI.
        libraries = next(path for path in sys.path if path.endswith("site-packages"))
        site = subprocess.run(
            [str(python), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        run = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{libraries}"}
        for arguments in (["--version"], ["spec", "check", "nct01988506"], ["spec", "check", "cdiscpilot01"]):
            done = subprocess.run(
                [str(python), "-P", "-m", "trialwright", *arguments],
                cwd=folder,
                env=run,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                print(
                    f"trialwright {' '.join(arguments)} from the wheel:\n{done.stdout}{done.stderr}",
                    file=sys.stderr,
                )
                return 1
    print("the wheel is whole")
    return 0


if __name__ == "__main__":
    sys.exit(main())
