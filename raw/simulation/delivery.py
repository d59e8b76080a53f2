"""The files of an export: each as its sender would write it, and each the same every time."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from exchange import Column, Table, WholeFile, csv, whole_file, xpt
from raw.simulation.as_text import frame
from raw.simulation.cohort import Cohort
from raw.simulation.features import Features
from raw.simulation.parameters import Parameters
from raw.simulation.planting import Planted
from raw.simulation.workbook import write_workbook
from specs import UserError

MANIFEST = "MANIFEST.json"
_NO_CLOCK = (1980, 1, 1, 0, 0, 0)
_CODING_LABELS = {
    "STUDYID": "Study Identifier",
    "SUBJID": "Subject Number",
    "RECID": "EDC Record Identifier of the Event",
    "VERBATIM": "Event as Reported",
    "PT": "Preferred Term",
    "SOC": "System Organ Class",
    "CODESTAT": "Coder Status",
    "DATANAT": "Nature of the Data",
}


def check_replaceable(out: Path) -> None:
    """Raises UserError unless `out` is absent, an empty folder, or a simulated export."""
    if not out.exists():
        return
    if out.is_dir():
        if not any(out.iterdir()):
            return
        try:
            held = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
            if held["synthetic"] is True and set(os.listdir(out)) <= {
                MANIFEST,
                *(f["file"] for f in held["files"]),
            }:
                return
        except (OSError, ValueError, KeyError, TypeError):
            pass
    raise UserError.of(
        f"{out} holds something else than a simulated export", str(out), "name another folder (--out)"
    )


def replace_folder(staging: Path, out: Path) -> None:
    """Put the finished folder in the place of `out`."""
    staging.chmod(0o755)
    if out.exists():
        old = staging.with_name(f"{staging.name}.old")
        out.replace(old)
        staging.replace(out)
        shutil.rmtree(old)
    else:
        staging.replace(out)


def write_edc(parameters: Parameters, forms: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """edc.zip with one CSV file for each form."""
    content = io.BytesIO()
    page = folder / ".form.csv"
    with zipfile.ZipFile(content, "w") as archive:
        archive.comment = f"{parameters.nature} data of {parameters.study}".encode("ascii")
        for name, records in forms.items():
            csv.write(_table(name, records), page, delimiter=",")
            archive.writestr(_member(f"{name}.csv"), page.read_bytes(), compresslevel=4)
    page.unlink()
    with whole_file(folder / "edc.zip") as target:
        target.write(content.getbuffer())


def write_coding(
    parameters: Parameters, records: pd.DataFrame, folder: Path, last_contact: np.datetime64
) -> None:
    """coding.xpt, the coder's delivery after the last contact."""
    table = Table(
        name="CODING",
        label=f"{parameters.nature} coding of adverse events",
        columns=tuple(Column(name, label) for name, label in _CODING_LABELS.items()),
        records=records,
        rows=np.arange(1, len(records) + 1),
    )
    xpt.write(table, folder / "coding.xpt", created=_after(last_contact))


class LocalExtract:
    """lab_local.csv, written block by block."""

    def __init__(self, folder: Path, target: WholeFile) -> None:
        self._block, self._target = folder / ".block.csv", target
        self.next_row = 2
        """the line on which the next record will stand"""

    def append(self, records: pd.DataFrame) -> None:
        """Write a block of records."""
        csv.write(_table("LAB_LOCAL", records), self._block, delimiter=";", line_end="\r\n")
        content = self._block.read_bytes()
        if self.next_row > 2:
            content = content[content.index(b"\n") + 1 :]
        self._target.write(content.decode("utf-8").encode("cp1252"))
        self.next_row += len(records)
        self._block.unlink()


@contextmanager
def local_extract(folder: Path) -> Iterator[LocalExtract]:
    """The local laboratories' extract, open for blocks of records."""
    with whole_file(folder / "lab_local.csv") as target:
        yield LocalExtract(folder, target)


def write_central(parameters: Parameters, records: pd.DataFrame, folder: Path) -> None:
    """lab_central.xlsx: the sheet RESULTS, and a sheet README that says what it is."""
    about = frame(
        {
            "README": pa.array(
                [
                    f"{parameters.nature} DATA",
                    f"Transfer of the central laboratory for {parameters.study}, made by a simulator.",
                    "No line of it is about a patient.",
                ]
            )
        }
    )
    write_workbook({"RESULTS": records, "README": about}, folder / "lab_central.xlsx", frozenset({"RUN"}))


def write_answers(
    parameters: Parameters, folder: Path, planted: Sequence[Planted], features: Features
) -> None:
    """planted.json: every planted fault with what is expected of it, and the counts of ordinary features."""
    ordered = sorted(planted, key=lambda fault: (fault.file, fault.row, fault.column))
    faults = [
        {
            "id": f"P{number:04d}",
            "defect": fault.defect,
            "file": fault.file,
            "table": fault.table,
            "row": fault.row,
            "column": fault.column,
            "subject": fault.subject,
            "value": fault.value,
            "expect": dict(fault.expect),
        }
        for number, fault in enumerate(ordered, start=1)
    ]
    answers = {
        "study": parameters.study,
        "synthetic": True,
        "planted": faults,
        "features": features.listed(),
    }
    _write_json(answers, folder / "planted.json")


def write_readme(parameters: Parameters, cohort: Cohort, folder: Path, seed: int) -> None:
    """README.txt."""
    text = f"""{parameters.nature} DATA

This export of {parameters.study} was made by trialwright's simulator (seed {seed}).
No patient-level data of the trial is public; no line of these files is about a patient.

Subjects screened {cohort.screened}, treated {cohort.treated}.

edc.zip           forms of the EDC, one CSV file each: UTF-8, comma
lab_local.csv     extract of the local laboratories: Windows-1252, semicolon, decimal mark by laboratory
lab_central.xlsx  transfer of the central laboratory, sheet RESULTS
coding.xpt        the coder's delivery, SAS transport file version 5
planted.json      the faults planted on purpose, what a build must report of each; counts of features
MANIFEST.json     files with their SHA-256
"""
    with whole_file(folder / "README.txt") as target:
        target.write(text.encode("utf-8"))


def write_manifest(parameters: Parameters, cohort: Cohort, folder: Path, *, seed: int, defects: bool) -> None:
    """MANIFEST.json: how the export was made, and the hash of each file."""
    files = [
        {"file": path.name, "bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
    ]
    manifest = {
        "study": parameters.study,
        "synthetic": True,
        "seed": seed,
        "subjects": cohort.treated,
        "screened": cohort.screened,
        "defects": defects,
        "files": files,
    }
    _write_json(manifest, folder / MANIFEST)


def _after(last_contact: np.datetime64) -> datetime:
    """When vendors deliver: a month after the study's last contact."""
    return datetime.fromisoformat(f"{last_contact + np.timedelta64(30, 'D')}T12:00:00")


def _table(name: str, records: pd.DataFrame) -> Table:
    columns = tuple(Column(str(column)) for column in records.columns)
    return Table(name, "", columns, records, np.arange(len(records)) + 2)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, date_time=_NO_CLOCK)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 3
    member.external_attr = 0o644 << 16
    return member


def _write_json(content: object, path: Path) -> None:
    with whole_file(path) as target:
        target.write((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
