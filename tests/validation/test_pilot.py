"""The checks on published data of another study, which lie outside the project: skipped where they are not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from exchange import NUMBER, Column, Table, csv
from validation import judge

PILOT = Path(__file__).resolve().parents[2] / "../shared/pilot/sdtm"
NUMERIC = ("SEQ", "DY", "AGE", "DOSE", "VISITNUM")


def typed(table: Table) -> Table:
    """A table whose numbers are numbers; a comma separated file has only text."""
    numeric = [column.name for column in table.columns if column.name.endswith(NUMERIC)]
    numbers = {name: pd.to_numeric(table.records[name].astype("object")).astype(NUMBER) for name in numeric}
    columns = tuple(
        Column(each.name, type="Num", length=8) if each.name in numeric else each for each in table.columns
    )
    return replace(table, columns=columns, records=table.records.assign(**numbers))


@pytest.mark.skipif(not PILOT.is_dir(), reason="the published data are not beside the project")
def test_published_data_have_one_wrong_study_day_and_nothing_else_of_weight() -> None:
    files = {
        path.stem.upper(): typed(csv.read(path, name=path.stem.upper()))
        for path in sorted(PILOT.glob("*.csv"))
    }
    assert sorted(files) == ["AE", "DM", "DS", "EX"]
    found = judge(None, files)
    assert [(dict(each.keys), each.message) for each in found if each.severity == "error"] == [
        (
            {"USUBJID": "01-716-1063", "AESEQ": "1"},
            "AESTDY is 366, but AESTDTC 2013-05-09 is day 1 counted from RFSTDTC 2013-05-09",
        )
    ]
    assert {(each.code, each.variable) for each in found if each.severity != "error"} == {
        ("LEADING_BLANK", "DSSPID")
    }
