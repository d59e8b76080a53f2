"""A build: from the export of a study to judged, documented datasets in one folder."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import define_xml
import raw
import validation
from engine import Finding, TableAccount, account
from specs import Problem, Records, Study, UserError, nearest
from trialwright import __version__
from trialwright.compute import compute, number_of_subjects
from trialwright.dataset_json import write_dataset_json
from trialwright.executors import IN_PROCESS, Workers
from trialwright.identity import build_id, digest, input_digests
from trialwright.moment import data_as_of
from trialwright.names import FINDINGS, MANIFEST, REPORT
from trialwright.origins import with_origins
from trialwright.place import building, publish
from trialwright.written import write_datasets
from validation.report import InputFile, OutputFile, ReportContent, write_report

_LIBRARIES = ("pandas", "numpy", "pyarrow", "lxml", "openpyxl", "jinja2", "great-expectations", "defineutils")


@dataclass(frozen=True)
class Build:
    """A complete build: where it is, what it is called, and what was found."""

    folder: Path
    id: str
    findings: tuple[Finding, ...]
    accounts: tuple[TableAccount, ...]
    records: Mapping[str, int]
    """the number of records of each dataset written"""


def build_study(
    study: Study,
    export: Path,
    out: Path,
    *,
    only: frozenset[str] | None = None,
    terminology: Path | None = None,
    by: Workers = IN_PROCESS,
    bucket: int | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Build:
    """Build a study from its export into `out`/<study>/<build id>, and let `latest` point there.

    `only` names the datasets that are wanted: then these alone are written and judged, rows are not accounted for, and
    `latest` stays where it is. `terminology` is the package that the study was read with, where it is not the shipped
    one. `by` runs buckets of `bucket` subjects; neither changes the result. Raises UserError where the user must mend
    something; then nothing is left behind.
    """
    _check_only(study, only)
    say("reading the export")
    data = raw.read_export(study, export)
    inputs = input_digests(study.folder, export, data.files, terminology)
    name = build_id(inputs, only)
    with building(out / study.folder.name) as folder:
        say("building SDTM and ADaM")
        size = bucket or by.bucket(number_of_subjects(data.tables))
        made = compute(study, data.tables, executor=by.executor, bucket=size)
        built = made.datasets
        accounts = account(study, data.tables, (made,)) if only is None else ()
        created = data_as_of(study, data.tables, built)
        say("writing the datasets")
        written = write_datasets(study, built, folder, created, only)
        stamp = created.isoformat(timespec="seconds")
        for model in ("sdtm", "adam"):
            if any(study.datasets[each].model == model for each in written):
                say(f"writing define.xml of {model}")
                define_xml.write(study, model, folder / model, created=stamp, only=only)
                write_dataset_json(study, model, folder / model, created)
        _write_lineage(folder / "lineage", data.tables, built, written)
        say("judging")
        earlier = [each for each in (*data.findings, *made.findings) if _is_wanted(each, study, only)]
        judgement = validation.judge_build(study, folder, data.tables, earlier, only=only)
        findings = with_origins(judgement.findings, study, built, data.tables)
        _write_json(folder / "accounting.json", [asdict(each) for each in accounts])
        place = folder / "validation"
        place.mkdir()
        validation.write_json(findings, folder / FINDINGS)
        validation.write_xlsx(findings, place / "findings.xlsx", created=created)
        validation.write_results(judgement.expectations, place / "expectations.json")
        say("writing the report")
        files = validation.read_back(folder)
        outputs = _outputs(folder)
        content = ReportContent(
            study=study,
            build_id=name,
            created=stamp,
            inputs=[InputFile(file, digest) for file, digest in inputs.items()],
            datasets={each: files[each] for each in written},
            findings=findings,
            expectations=judgement.expectations,
            accounts=accounts,
            outputs=[OutputFile(**entry) for entry in outputs],
        )
        write_report(content, folder / REPORT)
        counts = {each: len(built[each].data) for each in written}
        _write_json(
            folder / MANIFEST,
            _manifest(study, name, stamp, inputs, counts, [*outputs, _output(folder, folder / REPORT)]),
        )
        target = publish(folder, out / study.folder.name, name, latest=only is None)
    return Build(target, name, findings, accounts, counts)


def _is_wanted(finding: Finding, study: Study, only: frozenset[str] | None) -> bool:
    """Whether a finding speaks of the export or of a dataset that is written."""
    return only is None or finding.dataset in only or finding.dataset not in study.datasets


def _check_only(study: Study, only: frozenset[str] | None) -> None:
    problems = [
        Problem(
            f"no dataset '{name}' in {study.id}", "--only", nearest(name, study.datasets, "name its datasets")
        )
        for name in sorted((only or frozenset()) - study.datasets.keys())
    ]
    if problems:
        raise UserError(problems)


def _write_lineage(
    folder: Path, tables: Mapping[str, Records], built: Mapping[str, Records], written: tuple[str, ...]
) -> None:
    """The source positions of each dataset's records, and the lines on which the rows of each raw table stand."""
    folder.mkdir()
    for name in written:
        built[name].sources.to_parquet(folder / f"{name.lower()}.parquet", index=False)
    for name, records in tables.items():
        rows = np.arange(len(records.lines), dtype=np.int64)
        lines = pd.DataFrame({"row": rows, "line": records.lines, "file": records.file})
        lines.to_parquet(folder / f"{name}.parquet", index=False)


def _outputs(folder: Path) -> list[dict[str, Any]]:
    return [_output(folder, path) for path in sorted(folder.rglob("*")) if path.is_file()]


def _output(folder: Path, path: Path) -> dict[str, Any]:
    return {
        "file": path.relative_to(folder).as_posix(),
        "bytes": path.stat().st_size,
        "sha256": digest(path),
    }


def _manifest(
    study: Study,
    name: str,
    stamp: str,
    inputs: Mapping[str, str],
    records: Mapping[str, int],
    outputs: list[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "study": study.id,
        "build": name,
        "synthetic": study.synthetic,
        "data_as_of": stamp,
        "trialwright": __version__,
        "python": platform.python_version(),
        "libraries": {library: metadata.version(library) for library in _LIBRARIES},
        "standards": {model: [_use(use) for use in uses] for model, uses in study.standards.items()},
        "inputs": [{"file": file, "sha256": digest} for file, digest in sorted(inputs.items())],
        "records": dict(records),
        "outputs": outputs,
    }


def _use(use: Any) -> dict[str, str]:
    """A standard as the manifest names it."""
    return {"name": use.name, "version": use.version, "publishing_set": use.publishing_set}


def _write_json(path: Path, content: Any) -> None:
    path.write_text(
        json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )
