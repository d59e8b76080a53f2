"""What the words that make records say of themselves: the fields they make, and the raw columns behind them."""

from __future__ import annotations

from sdtm.derivations.protocol_records import ProtocolRecords
from sdtm.derivations.raw_records import RawRecords
from sdtm.derivations.subject_elements import SubjectElements
from sdtm.derivations.supplemental_records import SupplementalRecords
from sdtm.derivations.unpivoted_records import UnpivotedRecords
from specs import Ref

EVENTS = RawRecords.model_validate(
    {
        "table": "AE",
        "where": "AEYN EQ Oui",
        "leave_out": [{"where": 'AETERM EQ "" and AESTDAT EQ ""', "reason": "EMPTY", "because": "nothing"}],
        "names": {"START": "AESTDAT"},
        "constants": {"PHASE": "INDUCTION"},
        "beside": [
            {"table": "CODING", "on": {"LINE": "AENO"}, "fields": {"PT": "TERM"}, "where": "STATUS EQ CODED"}
        ],
    }
)
FORM = UnpivotedRecords.model_validate(
    {
        "table": "VS",
        "tests": {
            "SYSBP": {"result": "SYS", "columns": {"POSITION": "BPPOS"}, "constants": {"UNIT": "mmHg"}},
            "TEMP": {"result": "TEMP", "columns": {"UNIT": "TEMPU"}},
        },
        "not_done": "VSDONE EQ Non",
        "where": "FOLDER EQ J8",
    }
)


def test_raw_records_take_their_table_and_those_beside_it() -> None:
    assert (EVENTS.tables(), EVENTS.datasets()) == (("AE", "CODING"), ())
    assert EVENTS.fields() == {"START", "PHASE", "PT"}


def test_behind_a_field_of_raw_records_stands_a_column_of_the_table_that_it_comes_from() -> None:
    assert EVENTS.columns_behind("AE", "AETERM") == ("AETERM",)
    assert EVENTS.columns_behind("AE", "START") == ("AESTDAT",)
    assert EVENTS.columns_behind("AE", "PHASE") == ()
    assert EVENTS.columns_behind("AE", "PT") == ()
    assert EVENTS.columns_behind("CODING", "PT") == ("TERM",)
    assert EVENTS.columns_behind("CODING", "AETERM") == ()


def test_columns_that_choose_or_join_raw_records_are_used() -> None:
    assert set(EVENTS.columns_used("AE")) == {"AEYN", "AETERM", "AESTDAT", "AENO"}
    assert set(EVENTS.columns_used("CODING")) == {"LINE", "STATUS"}


def test_the_fields_of_a_form_are_its_tests_results_and_what_belongs_to_them() -> None:
    assert (FORM.tables(), FORM.datasets()) == (("VS",), ())
    assert FORM.fields() == {"TEST", "RESULT", "POSITION", "UNIT"}
    assert FORM.columns_behind("VS", "RESULT") == ("SYS", "TEMP")
    assert FORM.columns_behind("VS", "POSITION") == ("BPPOS",)
    assert FORM.columns_behind("VS", "UNIT") == ("TEMPU",)
    assert FORM.columns_behind("VS", "TEST") == ()
    assert FORM.columns_behind("VS", "VISDAT") == ("VISDAT",)
    assert set(FORM.columns_used("VS")) == {"VSDONE", "FOLDER"}


def test_protocol_records_need_nothing() -> None:
    word = ProtocolRecords(columns=("ETCD", "ELEMENT"), rows=())
    assert (word.tables(), word.datasets(), word.fields()) == ((), (), {"ETCD", "ELEMENT"})


def test_subject_elements_name_every_date_that_they_read() -> None:
    word = SubjectElements.model_validate(
        {
            "ends": ["DS.DSSTDTC"],
            "elements": [
                {"etcd": "INDUC", "starts": {"dataset": "EX", "variable": "EXSTDTC", "where": "EXOCCUR EQ Y"}}
            ],
        }
    )
    assert (word.tables(), word.datasets()) == ((), ("DM", "DS", "EX"))
    assert word.related() == {Ref("DM.SUBJID"), Ref("DS.DSSTDTC"), Ref("EX.EXSTDTC"), Ref("EX.EXOCCUR")}


def test_supplemental_records_are_made_of_their_parent() -> None:
    word = SupplementalRecords.model_validate(
        {"dataset": "AE", "qualifiers": {"AETERM1": {"label": "Term 2", "origin": "Collected"}}}
    )
    assert (word.tables(), word.datasets()) == ((), ("AE",))
    assert "QVAL" in word.fields()
