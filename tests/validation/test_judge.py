"""The verdict on a build: files read back, one finding for each fault, always in the same order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import Finding
from exchange import TEXT, xpt
from specs import Records, Study, UserError, sources_of
from validation import Judgement, judge, judge_build, read_back

CREATED = datetime(2018, 1, 1)
SEX = {"name": "SEX", "terms": [{"value": "F"}, {"value": "M"}]}
DATASETS: dict[str, Any] = {
    "AE": {
        "keys": ["STUDYID", "USUBJID", "AETERM", "AESTDTC"],
        "variables": {
            "STUDYID": {"type": "Char", "core": "Req"},
            "DOMAIN": {"type": "Char", "core": "Req"},
            "USUBJID": {"type": "Char", "core": "Req"},
            "AESEQ": {"type": "Num", "core": "Req"},
            "AETERM": {"type": "Char", "core": "Req"},
            "AEDECOD": {"type": "Char", "core": "Req"},
            "AEOUT": {"type": "Char"},
            "AESTDTC": {"type": "Char"},
            "AEENDTC": {"type": "Char"},
        },
    },
    "DM": {
        "keys": ["STUDYID", "USUBJID"],
        "variables": {
            "STUDYID": {"type": "Char", "core": "Req"},
            "DOMAIN": {"type": "Char", "core": "Req"},
            "USUBJID": {"type": "Char", "core": "Req"},
            "SEX": {"type": "Char", "core": "Req", "codelist": SEX},
            "AGE": {"type": "Num"},
        },
    },
    "ADSL": {"model": "adam", "keys": ["USUBJID"], "variables": {"USUBJID": "Char", "SEX": "Char"}},
}
CHECKS = {
    "AE_END_BEFORE_START": {
        "dataset": "AE",
        "variable": "AEENDTC",
        "order": {"first": "AESTDTC", "then": "AEENDTC"},
        "message": "the event ends before it begins",
        "to_do": "query the site",
    },
    "AE_UNCODED": {
        "dataset": "AE",
        "variable": "AEDECOD",
        "never": 'AEDECOD EQ ""',
        "message": "the event is not coded",
        "to_do": "have it coded",
    },
    "AGE_RANGE": {
        "dataset": "DM",
        "variable": "AGE",
        "never": "AGE LT 18",
        "message": "the subject is younger than 18 years",
        "to_do": "query the site",
    },
}
RAW = {
    "DM": {
        "file": "edc.zip/DM.csv",
        "format": "csv",
        "keys": ["SUBJID"],
        "columns": {"SUBJID": {"required": True}, "SEX": {"values": ["Feminin", "Masculin"]}},
    }
}
AE = {
    "STUDYID": ["NCT1", "NCT1", "NCT1"],
    "DOMAIN": ["AE", "AE", "AE"],
    "USUBJID": ["1", "1", "2"],
    "AESEQ": [1, 2, 1],
    "AETERM": ["Headache", "Fever", "Fever"],
    "AEDECOD": ["Headache", "Pyrexia", "Pyrexia"],
    "AEOUT": ["UNKNOWN", "UNKNOWN", "UNKNOWN"],
    "AESTDTC": ["2015-03-10", "2015-03-11", "2015-03"],
    "AEENDTC": ["2015-03-10", "2015-03-12", "2015-03-01"],
}
DM = {
    "STUDYID": ["NCT1", "NCT1"],
    "DOMAIN": ["DM", "DM"],
    "USUBJID": ["1", "2"],
    "SEX": ["F", "M"],
    "AGE": [40, 50],
}
ADSL = {"USUBJID": ["1", "2"], "SEX": ["F", "M"]}


@pytest.fixture
def made(study: Any) -> Study:
    return study({"datasets": DATASETS, "checks": CHECKS, "raw": RAW})  # type: ignore[no-any-return]


def write(tables: Any, folder: Path, **records: dict[str, Any]) -> None:
    for name, each in records.items():
        place = folder / ("adam" if name.startswith("AD") else "sdtm")
        place.mkdir(exist_ok=True, parents=True)
        xpt.write(tables({name: {"records": each}})[name], place / f"{name.lower()}.xpt", created=CREATED)


def export(sexes: list[str | None]) -> dict[str, Records]:
    subjects = [f"0{number}" for number in range(1, len(sexes) + 1)]
    data = {"raw.SUBJID": pd.array(subjects, dtype=TEXT), "raw.SEX": pd.array(sexes, dtype=TEXT)}
    rows = np.arange(len(sexes), dtype=np.int64)
    return {
        "raw.DM": Records(
            pd.DataFrame(data), sources_of("raw.DM", rows), file="edc.zip/DM.csv", lines=rows + 2
        )
    }


def told(judgement: Judgement) -> list[tuple[str, str, str, dict[str, str]]]:
    return [(each.code, each.dataset, each.variable, dict(each.keys)) for each in judgement.findings]


def finding(code: str, dataset: str, variable: str, keys: dict[str, str], **more: Any) -> Finding:
    said = {
        "severity": "error",
        "value": "",
        "message": "as it was said before",
        "to_do": "query the site",
        **more,
    }
    return Finding(code=code, dataset=dataset, variable=variable, keys=tuple(keys.items()), **said)


def test_a_clean_build_has_no_findings_and_meets_all_expectations(
    made: Study, tables: Any, tmp_path: Path
) -> None:
    write(tables, tmp_path, AE=AE, DM=DM, ADSL=ADSL)
    judgement = judge_build(made, tmp_path, export(["Feminin", "Masculin"]), ())
    assert judgement.findings == ()
    assert all(result.success for result in judgement.expectations)
    assert list(dict.fromkeys(each.dataset for each in judgement.expectations)) == [
        "raw.DM",
        "AE",
        "DM",
        "ADSL",
    ]


def test_a_fault_that_several_find_is_told_once_by_the_study_s_own_check(
    made: Study, tables: Any, tmp_path: Path
) -> None:
    changes = {"AEENDTC": ["2015-03-09", *AE["AEENDTC"][1:]], "AEDECOD": ["Headache", None, "Pyrexia"]}
    write(tables, tmp_path, AE={**AE, **changes}, DM={**DM, "AGE": [40, 17]}, ADSL=ADSL)
    judgement = judge_build(made, tmp_path, export(["Feminin", "Masculin"]), ())
    first = {"USUBJID": "1", "AETERM": "Headache", "AESTDTC": "2015-03-10", "AESEQ": "1"}
    second = {"USUBJID": "1", "AETERM": "Fever", "AESTDTC": "2015-03-11", "AESEQ": "2"}
    assert told(judgement) == [
        ("AE_END_BEFORE_START", "AE", "AEENDTC", first),
        ("AE_UNCODED", "AE", "AEDECOD", second),
        ("AGE_RANGE", "DM", "AGE", {"USUBJID": "2"}),
    ]
    assert sorted(each.code for each in judgement.expectations if not each.success) == [
        "AE_END_BEFORE_START",
        "AGE_RANGE",
        "REQUIRED_MISSING",
    ]


def test_repeated_keys_are_told_once_for_all_records_of_the_group(
    made: Study, tables: Any, tmp_path: Path
) -> None:
    twice = {
        "AETERM": ["Fever"] * 3,
        "AESTDTC": ["2015-03-11", "2015-03-11", "2015-03"],
        "AEENDTC": [None] * 3,
    }
    write(tables, tmp_path, AE={**AE, **twice}, DM=DM, ADSL=ADSL)
    (found,) = judge_build(made, tmp_path, export(["Feminin", "Masculin"]), ()).findings
    assert (found.code, found.count, dict(found.keys)) == (
        "KEYS_REPEATED",
        2,
        {"USUBJID": "1", "AETERM": "Fever", "AESTDTC": "2015-03-11"},
    )


def test_an_earlier_finding_stays_and_its_value_is_not_missing_a_second_time(
    made: Study, tables: Any, tmp_path: Path
) -> None:
    cell = {"value": "Inconnu", "origin": "edc.zip/DM.csv:3:SEX"}
    earlier = (
        finding("TERM_UNMAPPED", "DM", "SEX", {"USUBJID": "2", "STUDYID": "NCT1"}, **cell),
        finding("RAW_VALUE_NOT_ALLOWED", "DM", "SEX", {"SUBJID": "02"}, **cell),
        finding("NUMBER_UNREADABLE", "AE", "AEDECOD", {"USUBJID": "1", "AESEQ": "2.0"}, severity="notice"),
    )
    write(
        tables,
        tmp_path,
        AE={**AE, "AEDECOD": [None, None, "Pyrexia"]},
        DM={**DM, "SEX": ["F", None]},
        ADSL={**ADSL, "SEX": ["F", None]},
    )
    judgement = judge_build(made, tmp_path, export(["Feminin", "Inconnu"]), earlier)
    assert [(each.code, each.message) for each in judgement.findings] == [
        ("AE_UNCODED", "the event is not coded"),
        ("RAW_VALUE_NOT_ALLOWED", "as it was said before"),
        ("TERM_UNMAPPED", "as it was said before"),
        ("NUMBER_UNREADABLE", "as it was said before"),
    ]
    assert dict(judgement.findings[0].keys)["AESEQ"] == "1"


def test_a_fault_that_adam_has_from_sdtm_is_told_in_sdtm(tables: Any) -> None:
    dates = {"AESTDTC": ["2015-03-10", "2015-03-10"], "AEENDTC": ["2015-03-09", "2015-03-11"]}
    ae = {"USUBJID": ["1", "1"], "DOMAIN": ["AE", "AE"], "AESEQ": [1, 2], **dates}
    adae = {"USUBJID": ["1", "1"], "AESEQ": [1, 2], **dates}
    (found,) = judge(None, tables({"ADAE": {"records": adae}, "AE": {"records": ae}}))
    assert (found.code, found.dataset, found.value) == ("DATE_ORDER", "AE", "2015-03-09")
    changed = {**adae, "AEENDTC": ["2015-03-09", "2015-03-08"]}
    both = judge(None, tables({"ADAE": {"records": changed}, "AE": {"records": ae}}))
    assert [(each.dataset, each.value) for each in both] == [("ADAE", "2015-03-08"), ("AE", "2015-03-09")]


def test_what_the_reading_of_the_export_has_not_told_is_told(
    made: Study, tables: Any, tmp_path: Path
) -> None:
    write(tables, tmp_path, AE=AE, DM=DM, ADSL=ADSL)
    (found,) = judge_build(made, tmp_path, export(["Feminin", "Inconnu"]), ()).findings
    assert (found.code, found.dataset, found.origin) == (
        "RAW_VALUE_NOT_ALLOWED",
        "DM",
        "edc.zip/DM.csv:3:SEX",
    )


def test_findings_are_in_order_from_the_gravest_on(made: Study, tables: Any, tmp_path: Path) -> None:
    earlier = (
        finding("B_CODE", "DM", "SEX", {"USUBJID": "10"}),
        finding("A_CODE", "DM", "SEX", {"USUBJID": "1"}, severity="notice"),
        finding("B_CODE", "DM", "SEX", {"USUBJID": "9"}),
        finding("A_CODE", "DM", "SEX", {"USUBJID": "1"}, severity="warning"),
        finding("A_CODE", "AE", "AEOUT", {"USUBJID": "1"}),
    )
    write(tables, tmp_path, AE=AE, DM=DM, ADSL=ADSL)
    for given in (earlier, earlier[::-1]):
        judgement = judge_build(made, tmp_path, export(["Feminin", "Masculin"]), given)
        assert [(each.severity, each.dataset, dict(each.keys)["USUBJID"]) for each in judgement.findings] == [
            ("error", "AE", "1"),
            ("error", "DM", "9"),
            ("error", "DM", "10"),
            ("warning", "DM", "1"),
            ("notice", "DM", "1"),
        ]


def test_datasets_that_were_not_wanted_are_not_missed(made: Study, tables: Any, tmp_path: Path) -> None:
    write(tables, tmp_path, DM={**DM, "AGE": [17, 40]})
    only = frozenset({"DM"})
    assert told(judge_build(made, tmp_path, {}, (), only=only)) == [
        ("AGE_RANGE", "DM", "AGE", {"USUBJID": "1"})
    ]
    everything = {code for code, *_ in told(judge_build(made, tmp_path, {}, ()))}
    assert everything == {"AGE_RANGE", "CHECK_NOT_RUN", "DATASET_MISSING"}


def test_without_a_specification_files_are_judged_by_what_they_say(tables: Any) -> None:
    records = {"AE": {**AE, "AEENDTC": ["2015-02", None, None], "USUBJID": ["1", "1", "9"]}, "DM": DM}
    found = judge(None, tables({name: {"records": each} for name, each in records.items()}))
    assert [(each.code, each.dataset) for each in found] == [("DATE_ORDER", "AE"), ("ORPHAN_SUBJECT", "AE")]


def test_the_order_of_the_files_does_not_matter(made: Study, tables: Any) -> None:
    records = {
        "AE": {**AE, "AEENDTC": ["2015-02", None, None]},
        "DM": {**DM, "AGE": [1, 2]},
        "ADSL": ADSL,
        "XX": DM,
    }
    files = tables({name: {"records": each} for name, each in records.items()})
    found = judge(made, files)
    assert [each.code for each in found] == [
        "AE_END_BEFORE_START",
        "AGE_RANGE",
        "AGE_RANGE",
        "DATASET_UNKNOWN",
        *["DOMAIN_WRONG"] * 2,
    ]
    assert judge(made, dict(reversed(files.items()))) == found


def test_files_that_cannot_be_read_are_told_together(tables: Any, tmp_path: Path) -> None:
    write(tables, tmp_path, DM=DM)
    (tmp_path / "sdtm" / "ae.xpt").write_bytes(b"no transport file")
    (tmp_path / "adam").mkdir()
    (tmp_path / "adam" / "dm2.xpt").write_bytes((tmp_path / "sdtm" / "dm.xpt").read_bytes())
    with pytest.raises(UserError) as error:
        read_back(tmp_path)
    assert [problem.where.partition(",")[0] for problem in error.value.problems] == [
        "sdtm/ae.xpt",
        "sdtm/dm.xpt",
    ]
    twice = error.value.problems[1]
    assert (twice.what, twice.to_do) == ("DM stands in two files", "keep one of them")
