"""The checks of the study that ships, on literal records: nct01988506.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import adam
import sdtm
import specs
from specs import Study, inconsistencies, read_study
from validation.study_checks import study_faults
from validation.written import Written

CASES: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("nct01988506.yaml"))


@pytest.fixture(scope="module")
def shipped() -> Study:
    folder = Path(specs.__file__).parent / "nct01988506"
    return read_study(folder, {"sdtm": sdtm.VOCABULARY, "adam": adam.VOCABULARY})


def cases() -> Iterator[Any]:
    for code, given in CASES.items():
        for case in given:
            yield pytest.param(code, case, id=f"{code}: {case['name']}")


def test_every_check_has_a_case(shipped: Study) -> None:
    assert sorted(CASES) == sorted(check.code for check in shipped.checks)


def test_every_check_reads_what_the_specification_has(shipped: Study) -> None:
    assert [problem for problem in inconsistencies(shipped) if problem.where.startswith("checks/")] == []
    for check in shipped.checks:
        for ref in check.reads():
            dataset = shipped.datasets[ref.dataset or check.dataset]
            assert ref.variable in {variable.name for variable in dataset.submitted}, f"{check.code}: {ref}"


def test_every_check_says_why_and_what_to_do(shipped: Study) -> None:
    assert [check.code for check in shipped.checks if not (check.why.endswith(".") and check.to_do)] == []


@pytest.mark.parametrize("code, case", list(cases()))
def test_check(shipped: Study, tables: Any, code: str, case: dict[str, Any]) -> None:
    records = {name: {"records": each} for name, each in case["datasets"].items()}
    (check,) = (check for check in shipped.checks if check.code == code)
    written = Written(shipped.model_copy(update={"checks": (check,)}), tables(records))
    findings = [fault.finding for fault in study_faults(written)]
    assert {each.code for each in findings} == {code}
    assert [dict(each.keys)["USUBJID"] for each in findings] == case["finds"]
    assert {(each.message, each.severity, each.dataset) for each in findings} == {
        (check.message, check.severity, check.dataset)
    }
