"""The order of evaluation: every variable after what it reads, across datasets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import RECORDS, plan
from sdtm.derivations.assigned import Assigned
from sdtm.derivations.category import Category
from sdtm.derivations.collected import Collected
from sdtm.derivations.protocol_records import ProtocolRecords
from sdtm.derivations.raw_records import RawRecords
from sdtm.derivations.reference_date import ReferenceDate
from sdtm.derivations.study_day import StudyDay
from sdtm.derivations.subject_elements import SubjectElements
from sdtm.derivations.supplemental_records import SupplementalRecords
from specs import Condition, Dataset, UserError

MakeDataset = Callable[..., Dataset]

SUBJECT = Collected(field="SUBJECT")


def first_of(*sources: str) -> ReferenceDate:
    return ReferenceDate.model_validate({"sources": list(sources), "take": "first"})


def test_two_datasets_may_read_each_other(dataset: MakeDataset) -> None:
    dm = dataset("DM", [RawRecords(table="DM")], {"USUBJID": SUBJECT, "RFSTDTC": first_of("EX.EXSTDTC")})
    ex = dataset(
        "EX",
        [RawRecords(table="EX")],
        {"USUBJID": SUBJECT, "EXSTDY": StudyDay(date="EXSTDTC"), "EXSTDTC": Collected(field="EXSTDAT")},
    )
    steps = plan([dm, ex])
    assert sorted(steps) == [
        ("DM", RECORDS), ("DM", "RFSTDTC"), ("DM", "USUBJID"),
        ("EX", RECORDS), ("EX", "EXSTDTC"), ("EX", "EXSTDY"), ("EX", "USUBJID"),
    ]  # fmt: skip
    before = [
        (("DM", RECORDS), ("DM", "USUBJID")),
        (("EX", RECORDS), ("EX", "EXSTDTC")),
        (("EX", "EXSTDTC"), ("DM", "RFSTDTC")),
        (("EX", "USUBJID"), ("DM", "RFSTDTC")),
        (("DM", "USUBJID"), ("DM", "RFSTDTC")),
        (("DM", "RFSTDTC"), ("EX", "EXSTDY")),
    ]
    assert [pair for pair in before if steps.index(pair[0]) > steps.index(pair[1])] == []


def test_the_order_depends_on_the_specification_alone(dataset: MakeDataset) -> None:
    dm = dataset(
        "DM", [RawRecords(table="DM")], {"USUBJID": SUBJECT, "RFSTDTC": first_of("EX.EXSTDTC", "AE.AESTDTC")}
    )
    ex = dataset("EX", [RawRecords(table="EX")], {"USUBJID": SUBJECT, "EXSTDTC": Collected(field="EXSTDAT")})
    ae = dataset("AE", [RawRecords(table="AE")], {"USUBJID": SUBJECT, "AESTDTC": Collected(field="AESTDAT")})
    assert len({plan([dm, ex, ae]) for _ in range(5)}) == 1


def test_the_topic_comes_first_but_for_what_it_reads(dataset: MakeDataset) -> None:
    ae = dataset(
        "AE",
        [RawRecords(table="AE")],
        {
            "STUDYID": Assigned(value="ABC"),
            "USUBJID": SUBJECT,
            "AEYN": Collected(field="AEYN"),
            "AETERM": (Collected(field="AETERM"), {"where": Condition.read("AEYN EQ Y")}),
        },
        topic="AETERM",
    )
    assert plan([ae]) == (
        ("AE", RECORDS),
        ("AE", "AEYN"),
        ("AE", "AETERM"),
        ("AE", "STUDYID"),
        ("AE", "USUBJID"),
    )


def test_who_reads_another_dataset_waits_until_its_records_are_settled(dataset: MakeDataset) -> None:
    sv = dataset(
        "SV",
        [RawRecords(table="SV")],
        {
            "USUBJID": SUBJECT,
            "SVSTDTC": Collected(field="VISDAT"),
            "VISITNUM": Category.model_validate({"cases": [{"where": 'SVSTDTC NE ""', "value": 1}]}),
        },
        topic="VISITNUM",
    )
    dm = dataset("DM", [RawRecords(table="DM")], {"USUBJID": SUBJECT, "RFPENDTC": first_of("SV.SVSTDTC")})
    steps = plan([dm, sv])
    assert steps.index(("SV", "VISITNUM")) < steps.index(("DM", "RFPENDTC"))


def test_records_made_of_a_dataset_wait_for_all_of_it(dataset: MakeDataset) -> None:
    ae = dataset(
        "AE",
        [RawRecords(table="AE")],
        {"USUBJID": SUBJECT, "AETERM": Collected(field="AETERM")},
        topic="AETERM",
    )
    word = SupplementalRecords.model_validate(
        {"dataset": "AE", "qualifiers": {"AETERM": {"label": "Term", "origin": "Collected"}}}
    )
    supp = dataset("SUPPAE", [word], {"USUBJID": Collected(field="USUBJID")})
    assert plan([supp, ae]) == (
        ("AE", RECORDS),
        ("AE", "AETERM"),
        ("AE", "USUBJID"),
        ("SUPPAE", RECORDS),
        ("SUPPAE", "USUBJID"),
    )


def test_records_that_name_what_they_read_wait_for_that_alone(dataset: MakeDataset) -> None:
    dm = dataset(
        "DM",
        [RawRecords(table="DM")],
        {
            "USUBJID": SUBJECT,
            "SUBJID": SUBJECT,
            "RFICDTC": Collected(field="ICDAT"),
            "RFENDTC": first_of("SE.SEENDTC"),
        },
    )
    word = SubjectElements.model_validate(
        {"ends": ["DM.RFICDTC"], "elements": [{"etcd": "SCRN", "starts": "DM.RFICDTC"}]}
    )
    se = dataset("SE", [word], {"USUBJID": Collected(field="USUBJID"), "SEENDTC": Collected(field="END")})
    steps = plan([dm, se])
    assert steps.index(("DM", "RFICDTC")) < steps.index(("SE", RECORDS)) < steps.index(("DM", "RFENDTC"))


def test_what_is_given_needs_no_step(dataset: MakeDataset) -> None:
    ae = dataset("AE", [RawRecords(table="AE")], {"USUBJID": SUBJECT, "AESTDY": StudyDay(date="USUBJID")})
    assert plan([ae]) == (("AE", RECORDS), ("AE", "USUBJID"), ("AE", "AESTDY"))


def test_variables_that_read_each_other_in_a_circle_are_told(dataset: MakeDataset) -> None:
    dm = dataset("DM", [RawRecords(table="DM")], {"USUBJID": SUBJECT, "RFSTDTC": first_of("EX.EXSTDTC")})
    ex = dataset(
        "EX",
        [RawRecords(table="EX")],
        {
            "USUBJID": SUBJECT,
            "EXSTDTC": (Collected(field="EXSTDAT"), {"where": Condition.read('DM.RFSTDTC NE ""')}),
        },
    )
    with pytest.raises(UserError) as told:
        plan([dm, ex])
    assert str(told.value) == (
        "variables read each other in a circle: DM.RFSTDTC reads EX.EXSTDTC reads DM.RFSTDTC\n"
        "  where: dm.yaml:6, DM.RFSTDTC\n"
        "  to do: let one of them read what was collected instead"
    )


def test_a_variable_that_reads_itself_is_told(dataset: MakeDataset) -> None:
    ae = dataset("AE", [RawRecords(table="AE")], {"USUBJID": SUBJECT, "AESTDY": StudyDay(date="AESTDY")})
    with pytest.raises(UserError) as told:
        plan([ae])
    assert str(told.value) == (
        "variables read each other in a circle: AE.AESTDY reads AE.AESTDY\n"
        "  where: ae.yaml:6, AE.AESTDY\n"
        "  to do: let one of them read what was collected instead"
    )


def test_records_in_a_circle_are_told(dataset: MakeDataset) -> None:
    word = SubjectElements.model_validate(
        {
            "subjects": "SE.USUBJID",
            "ends": ["SE.SEENDTC"],
            "elements": [{"etcd": "SCRN", "starts": "SE.SEENDTC"}],
        }
    )
    se = dataset("SE", [word], {"USUBJID": Collected(field="USUBJID"), "SEENDTC": Collected(field="END")})
    with pytest.raises(UserError) as told:
        plan([se])
    assert str(told.value) == (
        "variables read each other in a circle: the records of SE reads the records of SE\n"
        "  where: se.yaml:1, SE\n"
        "  to do: let one of them read what was collected instead"
    )


def test_reference_data_need_no_subjects(dataset: MakeDataset) -> None:
    tv = dataset(
        "TV",
        [ProtocolRecords(columns=("VISIT",), rows=(("DAY 1",),))],
        {"VISIT": Collected(field="VISIT")},
        keys=["VISIT"],
        reference_data=True,
    )
    assert plan([tv]) == (("TV", RECORDS), ("TV", "VISIT"))
