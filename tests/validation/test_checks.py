"""Every check against its literal files: tests/validation/checks/<CODE>.yaml.

A case has `datasets` (see the fixture `tables`), where it needs one a `study`, and what the check `finds`:
for each finding dataset, variable, keys, value, message and count, those that are not "", empty or 1. A case
without `finds` passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from engine import Finding
from validation.check import StandingCheck
from validation.checks import CHECKS
from validation.written import Written

HERE = Path(__file__).parent / "checks"


def read(code: str) -> list[Mapping[str, Any]]:
    path = HERE / f"{code}.yaml"
    return list(YAML(typ="safe").load(path)["cases"]) if path.is_file() else []


def cases() -> Iterator[Any]:
    for check in CHECKS:
        for case in read(check.code):
            yield pytest.param(check, case, id=f"{check.code}: {case['name']}")


def shown(finding: Finding) -> dict[str, Any]:
    said = {
        "dataset": finding.dataset,
        "variable": finding.variable,
        "keys": dict(finding.keys),
        "value": finding.value,
        "message": finding.message,
        "count": finding.count,
    }
    return {
        name: value
        for name, value in said.items()
        if value not in ("", {}) and not (name == "count" and value == 1)
    }


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_check_has_a_case_that_passes_and_one_that_fails(check: StandingCheck) -> None:
    finds = [bool(case.get("finds")) for case in read(check.code)]
    assert set(finds) == {True, False}


def test_every_file_of_cases_belongs_to_a_check() -> None:
    assert sorted(path.stem for path in HERE.glob("*.yaml")) == sorted(check.code for check in CHECKS)


def test_every_file_of_the_folder_is_in_the_list() -> None:
    import validation.checks

    folder = Path(validation.checks.__file__).parent
    codes = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert codes == sorted(check.code for check in CHECKS)


@pytest.mark.parametrize("check, case", list(cases()))
def test_check(
    check: StandingCheck, case: Mapping[str, Any], tables: Callable[..., Any], study: Callable[..., Any]
) -> None:
    written = Written(study(case["study"]) if "study" in case else None, tables(case["datasets"]))
    before = {name: dataset.records.copy(deep=True) for name, dataset in written.datasets.items()}
    findings = [fault.finding for fault in check.faults(written)]
    assert [shown(finding) for finding in findings] == case.get("finds", [])
    assert {(each.code, each.severity, each.to_do) for each in findings} <= {
        (check.code, check.severity, check.to_do)
    }
    for name, records in before.items():
        assert records.equals(written.datasets[name].records)
