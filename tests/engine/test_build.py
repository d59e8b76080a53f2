"""Datasets from given records: their order, their sources, what was held back, and what is found in doubt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from engine import NUMBER, TEXT, Built, Finding, build_datasets
from sdtm.derivations.category import Category
from sdtm.derivations.coded_value import CodedValue
from sdtm.derivations.collected import Collected
from sdtm.derivations.collected_number import CollectedNumber
from sdtm.derivations.iso8601 import Iso8601
from sdtm.derivations.range_indicator import RangeIndicator
from sdtm.derivations.raw_records import RawRecords
from sdtm.derivations.sequence import Sequence
from sdtm.derivations.supplemental_records import SupplementalRecords
from sdtm.derivations.unpivoted_records import UnpivotedRecords
from specs import Codelist, Dataset, Records, Ref

MakeDataset = Callable[..., Dataset]
MakeRaw = Callable[..., Records]

NUM = {"type": "Num"}
SUBJECT = Collected(field="SUBJECT")
SEVERITY = Codelist.model_validate({"name": "AESEV", "terms": [{"value": "MILD", "synonyms": ["Leger"]}]})


def plain(values: pd.Series) -> list[Any]:
    return [None if value is pd.NA else value for value in values]


def sources(built: Built, name: str) -> list[tuple[Any, ...]]:
    return list(built.datasets[name].sources[["record", "table", "row"]].itertuples(index=False, name=None))


@pytest.fixture
def events(dataset: MakeDataset) -> Dataset:
    """AE with its topic, sorted by subject and term."""
    return dataset(
        "AE",
        [RawRecords(table="AE")],
        {
            "USUBJID": SUBJECT,
            "AESEQ": (Sequence(keys=(Ref("USUBJID"), Ref("AETERM"))), NUM),
            "AETERM": Collected(field="AETERM", ascii=True),
            "AESEV": CodedValue(field="AESEV", codelist=SEVERITY),
        },
        keys=["USUBJID", "AETERM"],
        topic="AETERM",
    )


@pytest.fixture
def reported(raw: MakeRaw) -> Records:
    """Five reported events, one of them without a term."""
    return raw(
        "AE",
        SUBJECT=["02", "01", "01", "02", "01"],
        AETERM=["rash", "nausea", None, "fever", "fever"],
        AESEV=["Leger", "Leger", "Leger", "Fort", None],
        CLASS=["skin", None, "gut", "none", "none"],
    )


def test_records_are_sorted_by_the_keys_and_keep_their_sources(events: Dataset, reported: Records) -> None:
    built = build_datasets([events], {"raw.AE": reported})
    data = built.datasets["AE"].data
    assert plain(data["USUBJID"]) == ["01", "01", "02", "02"]
    assert plain(data["AETERM"]) == ["fever", "nausea", "fever", "rash"]
    assert plain(data["AESEQ"]) == [1, 2, 1, 2]
    assert sources(built, "AE") == [(0, "raw.AE", 4), (1, "raw.AE", 1), (2, "raw.AE", 3), (3, "raw.AE", 0)]


def test_variables_stand_in_the_order_of_the_specification_and_as_they_are_stored(
    events: Dataset, reported: Records
) -> None:
    data = build_datasets([events], {"raw.AE": reported}).datasets["AE"].data
    assert list(data.columns) == ["USUBJID", "AESEQ", "AETERM", "AESEV"]
    assert [data[name].dtype for name in data] == [TEXT, NUMBER, TEXT, TEXT]
    assert data.index.equals(pd.RangeIndex(4))


def test_a_record_without_a_topic_is_held_back_and_accounted_for(events: Dataset, reported: Records) -> None:
    built = build_datasets([events], {"raw.AE": reported})
    assert built.left_out.to_dict("records") == [
        {
            "table": "raw.AE",
            "row": 2,
            "reason": "TOPIC_MISSING",
            "because": "AE.AETERM could not be filled",
            "dataset": "AE",
        }
    ]


def test_missing_keys_come_first_and_ties_keep_the_order_of_the_export(
    dataset: MakeDataset, raw: MakeRaw
) -> None:
    described = dataset(
        "AE",
        [RawRecords(table="AE")],
        {"USUBJID": SUBJECT, "AESTDTC": Collected(field="START"), "AESPID": Collected(field="LINE")},
        keys=["USUBJID", "AESTDTC"],
    )
    given = raw(
        "AE",
        SUBJECT=["01", "01", "01", "01"],
        START=["2014-02", "2014-01", None, "2014-01"],
        LINE=["1", "2", "3", "4"],
    )
    built = build_datasets([described], {"raw.AE": given})
    assert plain(built.datasets["AE"].data["AESPID"]) == ["3", "2", "4", "1"]


def test_a_doubt_becomes_a_finding_with_keys_value_and_the_cell_of_the_export(
    events: Dataset, reported: Records
) -> None:
    built = build_datasets([events], {"raw.AE": reported})
    assert built.findings == (
        Finding(
            code="TERM_UNMAPPED",
            severity="error",
            dataset="AE",
            variable="AESEV",
            keys=(("USUBJID", "02"), ("AETERM", "fever")),
            value="Fort",
            message="the collected text maps to no term of the codelist",
            to_do="add a synonym in codelists.yaml, or query the site",
            origin="edc.zip/AE.csv:5:AESEV",
        ),
    )
    assert plain(built.datasets["AE"].data["AESEV"]) == [None, "MILD", None, "MILD"]


def test_a_doubt_about_a_record_that_is_held_back_still_names_the_cell(events: Dataset, raw: MakeRaw) -> None:
    given = raw("AE", SUBJECT=["01"], AETERM=["頭痛"], AESEV=[None])
    built = build_datasets([events], {"raw.AE": given})
    assert len(built.datasets["AE"].data) == 0
    assert [(each.code, each.keys, each.value, each.origin) for each in built.findings] == [
        ("TEXT_NOT_ASCII", (), "頭痛", "edc.zip/AE.csv:2:AETERM")
    ]


def test_a_value_of_several_parts_is_shown_with_all_of_them_and_points_at_the_part_in_doubt(
    dataset: MakeDataset, raw: MakeRaw
) -> None:
    word = Iso8601(date="DAY", time="CLOCK", formats=("DD/MM/YYYY",))
    described = dataset("EX", [RawRecords(table="EX")], {"USUBJID": SUBJECT, "EXSTDTC": word})
    given = raw("EX", SUBJECT=["01", "01"], DAY=["06/01/2014", "31/02/2014"], CLOCK=["25:00", None])
    built = build_datasets([described], {"raw.EX": given})
    assert [(each.code, each.value, each.origin) for each in built.findings] == [
        ("TIME_IMPOSSIBLE", "06/01/2014 | 25:00", "edc.zip/EX.csv:2:CLOCK"),
        ("DATE_IMPOSSIBLE", "31/02/2014", "edc.zip/EX.csv:3:DAY"),
    ]


def test_numbers_are_shown_without_an_idle_point_and_traced_through_their_variables(
    dataset: MakeDataset, raw: MakeRaw
) -> None:
    described = dataset(
        "LB",
        [RawRecords(table="LB")],
        {
            "USUBJID": SUBJECT,
            "VISITNUM": (CollectedNumber(field="VISIT"), NUM),
            "LBSTRESN": (CollectedNumber(field="RESULT"), NUM),
            "LBSTNRLO": (CollectedNumber(field="LOW"), NUM),
            "LBSTNRHI": (CollectedNumber(field="HIGH"), NUM),
            "LBNRIND": RangeIndicator(result="LBSTRESN", low="LBSTNRLO", high="LBSTNRHI"),
        },
        keys=["USUBJID", "VISITNUM"],
    )
    given = raw("LB", SUBJECT=["01"], VISIT=["7"], RESULT=["5.5"], LOW=["10"], HIGH=["4"])
    (finding,) = build_datasets([described], {"raw.LB": given}).findings
    assert (finding.code, finding.keys, finding.value, finding.origin) == (
        "RANGE_INVERTED",
        (("USUBJID", "01"), ("VISITNUM", "7")),
        "5.5 | 10 | 4",
        "edc.zip/LB.csv:2:LOW",
    )


def test_a_doubt_about_a_field_beside_points_at_the_row_that_it_came_from(
    dataset: MakeDataset, raw: MakeRaw
) -> None:
    word = RawRecords.model_validate(
        {"table": "AE", "beside": [{"table": "CODING", "on": {"LINE": "LINE"}, "fields": {"PT": "TERM"}}]}
    )
    described = dataset("AE", [word], {"USUBJID": SUBJECT, "AEDECOD": Collected(field="PT", ascii=True)})
    given = {
        "raw.AE": raw("AE", SUBJECT=["01", "01"], LINE=["1", "2"]),
        "raw.CODING": raw("CODING", LINE=["3", "2"], TERM=["x", "頭痛"]),
    }
    (finding,) = build_datasets([described], given).findings
    assert (finding.value, finding.origin) == ("頭痛", "edc.zip/CODING.csv:3:TERM")


def test_where_several_columns_may_be_meant_the_finding_names_the_one_that_holds_the_value(
    dataset: MakeDataset, raw: MakeRaw
) -> None:
    word = UnpivotedRecords.model_validate(
        {"table": "VS", "tests": {"SYSBP": {"result": "SYS"}, "DIABP": {"result": "DIA"}}}
    )
    described = dataset(
        "VS",
        [word],
        {
            "USUBJID": SUBJECT,
            "VSTESTCD": Collected(field="TEST"),
            "VSORRES": (CollectedNumber(field="RESULT"), NUM),
        },
        keys=["USUBJID", "VSTESTCD"],
    )
    given = raw("VS", SUBJECT=["01", "02"], SYS=["120", "9O"], DIA=["8O", "9O"])
    findings = build_datasets([described], {"raw.VS": given}).findings
    assert [(each.keys[0][1], each.keys[1][1], each.value, each.origin) for each in findings] == [
        ("01", "DIABP", "8O", "edc.zip/VS.csv:2:DIA"),
        ("02", "SYSBP", "9O", "edc.zip/VS.csv:3"),
        ("02", "DIABP", "9O", "edc.zip/VS.csv:3"),
    ]


def test_records_of_several_words_stand_together_and_lack_what_their_table_has_not(
    dataset: MakeDataset, raw: MakeRaw
) -> None:
    described = dataset(
        "EX",
        [
            RawRecords.model_validate(
                {"table": "EXI", "names": {"DOSE": "EXIDOSE"}, "constants": {"PHASE": "INDUCTION"}}
            ),
            RawRecords.model_validate({"table": "EXM", "names": {"SITE": "EXMSITE"}}),
        ],
        {
            "USUBJID": SUBJECT,
            "EXDOSE": (CollectedNumber(field="DOSE"), NUM),
            "EXLOC": Collected(field="SITE"),
            "EXCAT": Collected(field="PHASE"),
            "EXSPID": Collected(field="@TABLE"),
        },
    )
    given = {
        "raw.EXI": raw("EXI", SUBJECT=["02"], EXIDOSE=["1.5"]),
        "raw.EXM": raw("EXM", SUBJECT=["01", "02"], EXMSITE=["arm", "leg"]),
    }
    built = build_datasets([described], given)
    data = built.datasets["EX"].data
    assert {name: plain(data[name]) for name in data} == {
        "USUBJID": ["01", "02", "02"],
        "EXDOSE": [None, 1.5, None],
        "EXLOC": ["arm", None, "leg"],
        "EXCAT": [None, "INDUCTION", None],
        "EXSPID": ["EXM", "EXI", "EXM"],
    }
    assert sources(built, "EX") == [(0, "raw.EXM", 0), (1, "raw.EXI", 0), (2, "raw.EXM", 1)]


def test_sources_in_a_dataset_that_is_sorted_later_point_at_its_final_records(
    dataset: MakeDataset, events: Dataset, reported: Records
) -> None:
    nonstandard = {"CLASS": (Collected(field="CLASS"), {"standard": False})}
    ae = events.model_copy(
        update={"variables": (*events.variables, *dataset("AE", [], nonstandard).variables)}
    )
    word = SupplementalRecords.model_validate(
        {"dataset": "AE", "qualifiers": {"CLASS": {"label": "Class", "origin": "Collected"}}}
    )
    supp = dataset(
        "SUPPAE",
        [word],
        {
            "USUBJID": Collected(field="USUBJID"),
            "IDVARVAL": Collected(field="IDVARVAL"),
            "QVAL": Collected(field="QVAL"),
        },
        keys=["USUBJID", "IDVARVAL"],
    )
    built = build_datasets([ae, supp], {"raw.AE": reported})
    parents, records = built.datasets["AE"].data, built.datasets["SUPPAE"].data
    assert plain(records["QVAL"]) == ["none", "none", "skin"]
    assert sources(built, "SUPPAE") == [(0, "AE", 0), (1, "AE", 2), (2, "AE", 3)]
    for record, _, row in sources(built, "SUPPAE"):
        assert parents["USUBJID"][row] == records["USUBJID"][record]
        assert f"{parents['AESEQ'][row]:g}" == records["IDVARVAL"][record]


def test_an_empty_table_makes_an_empty_dataset_of_the_same_form(events: Dataset, raw: MakeRaw) -> None:
    built = build_datasets([events], {"raw.AE": raw("AE", SUBJECT=[], AETERM=[], AESEV=[])})
    data = built.datasets["AE"].data
    assert (len(data), list(data.columns)) == (0, ["USUBJID", "AESEQ", "AETERM", "AESEV"])
    assert [data[name].dtype for name in data] == [TEXT, NUMBER, TEXT, TEXT]
    assert (sources(built, "AE"), len(built.left_out), built.findings) == ([], 0, ())


def test_what_is_given_is_not_changed(events: Dataset, reported: Records) -> None:
    before = reported.data.copy(deep=True)
    build_datasets([events], {"raw.AE": reported})
    pd.testing.assert_frame_equal(reported.data, before)


def test_the_same_records_give_the_same_dataset(events: Dataset, reported: Records) -> None:
    first = build_datasets([events], {"raw.AE": reported})
    second = build_datasets([events], {"raw.AE": reported})
    pd.testing.assert_frame_equal(first.datasets["AE"].data, second.datasets["AE"].data)
    pd.testing.assert_frame_equal(first.datasets["AE"].sources, second.datasets["AE"].sources)
    assert first.findings == second.findings


def test_a_dataset_made_before_may_be_read(
    dataset: MakeDataset, raw: MakeRaw, frame: Callable[..., pd.DataFrame]
) -> None:
    arm = Category.model_validate(
        {"cases": [{"where": "DM.ARM EQ X", "value": "treated"}], "otherwise": "other"}
    )
    described = dataset("AE", [RawRecords(table="AE")], {"USUBJID": SUBJECT, "AECAT": arm})
    given = {
        "raw.AE": raw("AE", SUBJECT=["02", "01", "03"]),
        "DM": Records(frame(USUBJID=["01", "02"], ARM=["X", "Y"])),
    }
    data = build_datasets([described], given).datasets["AE"].data
    assert (plain(data["USUBJID"]), plain(data["AECAT"])) == (["01", "02", "03"], ["treated", "other", None])
