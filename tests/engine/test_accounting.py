"""Nothing lost: every row of the export became something or was left out for a reason, and every column has its fate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine import ColumnFate, LeftOut, account, build_datasets
from sdtm.derivations.collected import Collected
from sdtm.derivations.raw_records import RawRecords
from specs import Dataset, RawTable, Records, Study, SubjectNumber, UserError, left_out_of

MakeDataset = Callable[..., Dataset]
MakeRaw = Callable[..., Records]

COLUMNS: dict[str, Any] = {
    "SUBJECT": {},
    "AETERM": {},
    "AEYN": {},
    "AUDIT": {"not_submitted": "audit trail of the EDC"},
}


def table(name: str, **further: Any) -> RawTable:
    given = {
        "name": name,
        "file": f"edc.zip/{name}.csv",
        "format": "csv",
        "subject": "SUBJECT",
        "columns": COLUMNS,
    }
    return RawTable.model_validate({**given, **further})


def study(datasets: list[Dataset], tables: list[RawTable]) -> Study:
    return Study(
        id="ABC",
        name="ABC",
        description="A small study",
        protocol="ABC",
        folder=Path("abc"),
        files=(),
        subject=SubjectNumber(form="{number:2}"),
        standards={},
        raw={each.name: each for each in tables},
        codelists={},
        conversions={},
        datasets={each.name: each for each in datasets},
    )


@pytest.fixture
def events(dataset: MakeDataset) -> Dataset:
    """AE without the rows that say that there was no event."""
    word = RawRecords.model_validate(
        {
            "table": "AE",
            "leave_out": [
                {"where": "AEYN EQ Non", "reason": "NO_EVENT", "because": "the site says that there was none"}
            ],
        }
    )
    return dataset(
        "AE",
        [word],
        {"USUBJID": Collected(field="SUBJECT"), "AETERM": Collected(field="AETERM")},
        topic="AETERM",
    )


@pytest.fixture
def reported(raw: MakeRaw) -> Records:
    """Six rows: three events, two that say there was none, one that says nothing."""
    return raw(
        "AE",
        SUBJECT=["01", "01", "02", "02", "03", "03"],
        AETERM=["rash", None, "fever", None, None, "rash"],
        AEYN=["Oui", "Non", "Oui", None, "Non", "Oui"],
        AUDIT=["a", "b", "c", "d", "e", "f"],
    )


def test_the_sums_close_with_a_reason_for_every_row_left_out(events: Dataset, reported: Records) -> None:
    given = {"raw.AE": reported}
    (found,) = account(study([events], [table("AE")]), given, [build_datasets([events], given)])
    assert (found.table, found.file, found.read, found.used) == ("AE", "edc.zip/AE.csv", 6, 3)
    assert found.left_out == (
        LeftOut("NO_EVENT", "the site says that there was none", 2, (3, 6)),
        LeftOut("TOPIC_MISSING", "AE.AETERM could not be filled", 1, (5,)),
    )
    assert found.read == found.used + sum(each.rows for each in found.left_out)
    assert found.records == {"AE": 3}


def test_every_column_has_its_fate(events: Dataset, reported: Records) -> None:
    given = {"raw.AE": reported}
    (found,) = account(study([events], [table("AE")]), given, [build_datasets([events], given)])
    assert found.columns == (
        ColumnFate("SUBJECT", ("AE.USUBJID", "USUBJID"), ""),
        ColumnFate("AETERM", ("AE.AETERM",), ""),
        ColumnFate("AEYN", ("AE",), ""),
        ColumnFate("AUDIT", (), "audit trail of the EDC"),
    )


def test_a_row_that_became_nothing_for_no_reason_is_told(dataset: MakeDataset, reported: Records) -> None:
    word = RawRecords.model_validate({"table": "AE", "where": "AEYN EQ Oui"})
    described = dataset(
        "AE", [word], {"USUBJID": Collected(field="SUBJECT"), "AETERM": Collected(field="AETERM")}
    )
    given = {"raw.AE": reported}
    with pytest.raises(UserError) as told:
        account(study([described], [table("AE")]), given, [build_datasets([described], given)])
    assert str(told.value) == (
        "3 of 6 rows of raw table 'AE' became nothing, and no reason is known\n"
        "  where: edc.zip/AE.csv, lines 3, 5, 6\n"
        "  to do: make records of them, or leave them out with a reason: `leave_out:`"
    )


def test_a_row_that_one_dataset_left_out_and_another_uses_is_used(
    dataset: MakeDataset, events: Dataset, reported: Records
) -> None:
    all_rows = dataset("XX", [RawRecords(table="AE")], {"USUBJID": Collected(field="SUBJECT")})
    given = {"raw.AE": reported}
    built = build_datasets([events, all_rows], given)
    (found,) = account(study([events, all_rows], [table("AE")]), given, [built])
    assert (found.read, found.used, found.left_out) == (6, 6, ())
    assert found.records == {"AE": 3, "XX": 6}


def test_a_record_of_several_rows_uses_them_all(dataset: MakeDataset, raw: MakeRaw) -> None:
    word = RawRecords.model_validate(
        {"table": "AE", "beside": [{"table": "CODING", "on": {"AETERM": "AETERM"}, "fields": {"PT": "AEYN"}}]}
    )
    described = dataset(
        "AE", [word], {"USUBJID": Collected(field="SUBJECT"), "AEDECOD": Collected(field="PT")}
    )
    given = {
        "raw.AE": raw("AE", SUBJECT=["01"], AETERM=["rash"], AEYN=[None], AUDIT=[None]),
        "raw.CODING": raw(
            "CODING", SUBJECT=["x", "y"], AETERM=["rash", "fever"], AEYN=["Rash", "Fever"], AUDIT=[None, None]
        ),
    }
    accounts = account(
        study([described], [table("AE"), table("CODING")]), given, [build_datasets([described], given)]
    )
    assert [(each.table, each.read, each.used, each.left_out) for each in accounts] == [
        ("AE", 1, 1, ()),
        ("CODING", 2, 1, (LeftOut("NO_PARTNER", "no record of AE has its AETERM", 1, (3,)),)),
    ]


def test_a_table_that_is_not_submitted_is_left_out_whole(
    events: Dataset, reported: Records, raw: MakeRaw
) -> None:
    given = {"raw.AE": reported, "raw.CM": raw("CM", SUBJECT=["01", "02"])}
    described = study([events], [table("AE"), table("CM", not_submitted="not coded yet")])
    accounts = account(described, given, [build_datasets([events], given)])
    assert [(each.table, each.used, each.left_out) for each in accounts][1] == (
        "CM",
        0,
        (LeftOut("NOT_SUBMITTED", "not coded yet", 2, (2, 3)),),
    )


def test_rows_that_reading_left_out_are_accounted_for(events: Dataset, reported: Records) -> None:
    kept = reported.sources.iloc[:5].reset_index(drop=True)
    read = Records(
        reported.data.iloc[:5].reset_index(drop=True),
        kept,
        left_out_of(
            "raw.AE", reported.sources["row"].to_numpy()[5:], "DUPLICATE", "a later row has its keys"
        ),
        file=reported.file,
        lines=reported.lines,
    )
    given = {"raw.AE": read}
    (found,) = account(study([events], [table("AE")]), given, [build_datasets([events], given)])
    assert (found.read, found.used) == (6, 2)
    assert LeftOut("DUPLICATE", "a later row has its keys", 1, (7,)) in found.left_out
    assert found.read == found.used + sum(each.rows for each in found.left_out)


def test_a_table_without_rows_has_an_account_too(events: Dataset, raw: MakeRaw) -> None:
    given = {"raw.AE": raw("AE", SUBJECT=[], AETERM=[], AEYN=[], AUDIT=[])}
    (found,) = account(study([events], [table("AE")]), given, [build_datasets([events], given)])
    assert (found.read, found.used, found.left_out, found.records) == (0, 0, (), {})


def test_the_account_does_not_change_the_records(events: Dataset, reported: Records) -> None:
    given = {"raw.AE": reported}
    built = build_datasets([events], given)
    before = built.left_out.copy(deep=True)
    account(study([events], [table("AE")]), given, [built])
    pd.testing.assert_frame_equal(built.left_out, before)
