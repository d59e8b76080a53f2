"""Dataset-JSON as it is written: the bytes, the rules of the standard, what is refused and what then stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from exchange import NUMBER, TEXT, Column, Table, dataset_json
from exchange.dataset_json import Identity, Writer
from specs import UserError

USUBJID = Column("USUBJID", "Unique Subject Identifier", "Char", 6)
AETERM = Column("AETERM", "Reported Term", "Char", 20)
AESEQ = Column("AESEQ", "Sequence Number", "Num", 8)
ADY = Column("AVAL", "Analysis Value", "Num", 8, "8.2")
ASTDT = Column("ASTDT", "Start Date", "Num", 8, "DATE9.")
ASTDTM = Column("ASTDTM", "Start Date/Time", "Num", 8, "DATETIME20.")
ASTTM = Column("ASTTM", "Start Time", "Num", 8, "TIME5.")

IDENTITY = Identity(
    item_group_oid="IG.ADAE",
    item_oids={"USUBJID": "IT.ADAE.USUBJID", "ASTDT": "IT.ADAE.ASTDT"},
    file_oid="FILE.ADAE",
    study_oid="STUDY.S",
    metadata_oid="MDV.S.ADAM",
    metadata_ref="define.xml",
    originator="The sponsor",
    source_system="trialwright",
    source_system_version="0.1.0",
    key_sequence={"USUBJID": 1},
    lengths={"USUBJID": 11},
)
HEADER = (
    '{"datasetJSONCreationDateTime":"2024-03-01T08:30:15","datasetJSONVersion":"1.1.0","fileOID":"FILE.ADAE",'
    '"dbLastModifiedDateTime":"2024-02-29T00:00:00","originator":"The sponsor",'
    '"sourceSystem":{"name":"trialwright","version":"0.1.0"},"studyOID":"STUDY.S",'
    '"metaDataVersionOID":"MDV.S.ADAM","metaDataRef":"define.xml","itemGroupOID":"IG.ADAE","records":2,'
    '"name":"ADAE","label":"Adverse Events Analysis","columns":['
    '{"itemOID":"IT.ADAE.USUBJID","name":"USUBJID","label":"Unique Subject Identifier","dataType":"string",'
    '"length":11,"keySequence":1},'
    '{"itemOID":"IT.ADAE.ASTDT","name":"ASTDT","label":"Start Date","dataType":"date",'
    '"targetDataType":"integer","displayFormat":"DATE9."}]'
)


# The rules of Dataset-JSON 1.1: every attribute in the recommended order, whether it is required, its type.
TOP = {
    "datasetJSONCreationDateTime": (True, str),
    "datasetJSONVersion": (True, str),
    "fileOID": (False, str),
    "dbLastModifiedDateTime": (False, str),
    "originator": (False, str),
    "sourceSystem": (False, dict),
    "studyOID": (False, str),
    "metaDataVersionOID": (False, str),
    "metaDataRef": (False, str),
    "itemGroupOID": (True, str),
    "records": (True, int),
    "name": (True, str),
    "label": (True, str),
    "columns": (True, list),
    "rows": (False, list),
}
COLUMN = {
    "itemOID": (True, str),
    "name": (True, str),
    "label": (True, str),
    "dataType": (True, str),
    "targetDataType": (False, str),
    "length": (False, int),
    "displayFormat": (False, str),
    "keySequence": (False, int),
}
CELLS: dict[str, Any] = {
    "string": lambda cell: isinstance(cell, str) and cell != "",
    "integer": lambda cell: type(cell) is int,
    "float": lambda cell: type(cell) in (int, float),
    "date": lambda cell: date.fromisoformat(cell).isoformat() == cell,
    "datetime": lambda cell: datetime.fromisoformat(cell).isoformat() == cell,
    "time": lambda cell: time.fromisoformat(cell).isoformat() == cell,
}


def breaches(content: bytes, layout: str) -> Iterator[str]:
    """Every rule of Dataset-JSON 1.1 that a file breaks, found without our reader."""
    text = content.decode("utf-8")
    if layout == ".json":
        found = json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)
        rows = found.pop("rows")
        order = [*found, "rows"]
    else:
        assert text.endswith("\n")
        first, *lines = text.removesuffix("\n").split("\n")
        found = json.loads(first, object_pairs_hook=pairs, parse_constant=refuse)
        rows = [json.loads(line, parse_constant=refuse) for line in lines]
        order = list(found)
    yield from rule_breaches(found, order, TOP, "dataset")
    if not re.fullmatch(r"1\.1(\.\d+)?", found["datasetJSONVersion"]):
        yield "version"
    for name in ("datasetJSONCreationDateTime", "dbLastModifiedDateTime"):
        if name in found and datetime.fromisoformat(found[name]).isoformat() != found[name]:
            yield name
    if list(found.get("sourceSystem", {"name": "", "version": ""})) != ["name", "version"]:
        yield "sourceSystem"
    for column in found["columns"]:
        yield from rule_breaches(column, list(column), COLUMN, column["name"])
        dated = column["dataType"] in ("date", "datetime", "time")
        if (column.get("targetDataType") == "integer") != dated or (dated and "displayFormat" not in column):
            yield f"{column['name']}: targetDataType"
    if len({column["itemOID"] for column in found["columns"]}) < len(found["columns"]):
        yield "itemOID repeated"
    if found["records"] != len(rows):
        yield f"records {found['records']}, rows {len(rows)}"
    for row in rows:
        if len(row) != len(found["columns"]):
            yield "length of a row"
        for cell, column in zip(row, found["columns"], strict=True):
            if cell is not None and not CELLS[column["dataType"]](cell):
                yield f"{column['name']}: {cell!r}"


def rule_breaches(found: dict[str, Any], order: list[str], rules: dict[str, Any], of: str) -> Iterator[str]:
    if order != [name for name in rules if name in order]:
        yield f"{of}: order or unknown attributes: {order}"
    for name, (required, kind) in rules.items():
        if name == "rows":
            continue
        if name not in found and required:
            yield f"{of}: {name} is missing"
        if name in found and type(found[name]) is not kind:
            yield f"{of}: {name} is {found[name]!r}"


def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(found)) == len(found), "no name is given twice"
    return dict(found)


def refuse(constant: str) -> None:
    raise AssertionError(constant)


@pytest.fixture
def adae(dataset) -> Table:
    return dataset("ADAE", {USUBJID: ["01-001", None], ASTDT: [20454, None]}, "Adverse Events Analysis")


@pytest.fixture
def events(dataset) -> Table:
    """A dataset with a variable of each type."""
    return dataset(
        "ADAE",
        {
            USUBJID: ["01-001", "01-002", "01-003"],
            AETERM: ['"DIZZY" \\ \n\t\x01', None, "FIÈVRE 🤒\u2028"],
            AESEQ: [1, None, 9_007_199_254_740_991],
            ADY: [0.1, -1e-7, 1e22],
            ASTDT: [20454, None, -715_509],
            ASTDTM: [1_767_256_215, None, 0],
            ASTTM: [0, None, 86_399],
        },
        "Adverse Events Analysis",
    )


def problems_of(table: Table, path: Path, created: datetime, **options: Any) -> str:
    with pytest.raises(UserError) as raised:
        dataset_json.write(table, path, created=created, **options)
    assert list(path.parent.iterdir()) == []
    return str(raised.value)


def test_a_small_object_has_exactly_these_bytes(adae, created, tmp_path):
    path = tmp_path / "adae.json"
    dataset_json.write(adae, path, created=created, modified=datetime(2024, 2, 29), identity=IDENTITY)
    assert path.read_text("utf-8") == HEADER + ',"rows":[\n["01-001","2016-01-01"],\n[null,null]\n]}\n'


def test_small_lines_have_exactly_these_bytes(adae, created, tmp_path):
    path = tmp_path / "adae.ndjson"
    dataset_json.write(adae, path, created=created, modified=datetime(2024, 2, 29), identity=IDENTITY)
    assert path.read_text("utf-8") == HEADER + '}\n["01-001","2016-01-01"]\n[null,null]\n'


@pytest.mark.parametrize(
    "layout,ending", [(".json", '"rows":[]}\n'), (".ndjson", '"dataType":"integer"}]}\n')]
)
def test_a_dataset_without_records_is_its_attributes(layout, ending, dataset, created, tmp_path):
    path = tmp_path / f"ae{layout}"
    dataset_json.write(dataset("AE", {AESEQ: []}), path, created=created)
    assert path.read_text("utf-8").endswith(ending)
    assert list(breaches(path.read_bytes(), layout)) == []


@pytest.mark.parametrize("layout", [".json", ".ndjson"])
def test_a_file_keeps_every_rule_of_the_standard(layout, events, created, tmp_path):
    path = tmp_path / f"adae{layout}"
    dataset_json.write(events, path, created=created)
    assert list(breaches(path.read_bytes(), layout)) == []


def test_the_checker_of_these_tests_finds_broken_rules(events, created, tmp_path):
    path = tmp_path / "adae.json"
    dataset_json.write(events, path, created=created)
    text = path.read_text("utf-8")
    for right, wrong in {
        '"records":3': '"records":4',
        '"itemGroupOID"': '"itemGroupOid"',
        '"1.1.0"': '"1.0.0"',
        '"IT.ADAE.AESEQ"': '"IT.ADAE.USUBJID"',
        '"targetDataType":"integer",': "",
        '"2016-01-01"': "20454",
        ",null,-1e-7,": ',null,"",',
        '"length":6': '"length":6.5',
    }.items():
        assert text.count(right) >= 1, right
        try:
            found = list(breaches(text.replace(right, wrong, 1).encode("utf-8"), ".json"))
        except (TypeError, AssertionError) as error:
            found = [str(error)]
        assert found, wrong


def test_values_are_written_as_json_has_them(events, created, tmp_path):
    path = tmp_path / "adae.ndjson"
    dataset_json.write(events, path, created=created)
    assert path.read_text("utf-8").split("\n")[1:] == [
        r'["01-001","\"DIZZY\" \\ \n\t\u0001",1,0.1,"2016-01-01","2016-01-01T08:30:15","00:00:00"]',
        '["01-002",null,null,-1e-7,null,null,null]',
        '["01-003","FIÈVRE 🤒\u2028",9007199254740991,1e+22,"0001-01-01","1960-01-01T00:00:00","23:59:59"]',
        "",
    ]


@pytest.mark.parametrize(
    "column,values,kind",
    [
        pytest.param(AESEQ, [1, None], "integer", id="whole numbers are integer"),
        pytest.param(AESEQ, [None, None], "integer", id="no number at all is integer"),
        pytest.param(AESEQ, [1, 1.5], "float", id="numbers that are not all whole are float"),
        pytest.param(AESEQ, [1, 2.0**53], "float", id="numbers too large to be exact are float"),
        pytest.param(ASTDT, [20454], "date", id="days in a date format are date"),
        pytest.param(ASTDT, [20454.5], "float", id="parts of days in a date format are float"),
        pytest.param(ASTDT, [2_936_550], "integer", id="days after the year 9999 are integer"),
        pytest.param(ASTDTM, [0.25], "float", id="parts of seconds in a datetime format are float"),
        pytest.param(ASTTM, [-60], "integer", id="a negative duration in a time format is integer"),
        pytest.param(ASTTM, [86_400], "integer", id="a time of a day or longer is integer"),
    ],
)
def test_the_type_of_a_variable_follows_from_format_and_values(
    column, values, kind, dataset, created, tmp_path
):
    path = tmp_path / "adae.json"
    table = dataset("ADAE", {column: values})
    dataset_json.write(table, path, created=created)
    assert json.loads(path.read_text("utf-8"))["columns"][0]["dataType"] == kind
    pd.testing.assert_frame_equal(dataset_json.read(path).records, table.records)


def test_numbers_have_the_fewest_digits_that_give_the_same_double(dataset, created, tmp_path):
    draw = np.random.default_rng(8)
    bits = draw.integers(0, 2**64, 20_000, dtype=np.uint64, endpoint=False).view(np.float64)
    numbers = [*bits[np.isfinite(bits)].tolist(), 5e-324, 1.7976931348623157e308, -0.0, 123456.789]
    path = tmp_path / "adae.ndjson"
    dataset_json.write(dataset("ADAE", {AESEQ: numbers}), path, created=created)
    texts = [line.strip("[]") for line in path.read_text("utf-8").splitlines()[1:]]
    assert [float(text) for text in texts] == numbers
    digits = [len(re.sub(r"[eE].*|[^0-9]", "", text).strip("0")) for text in texts]
    assert digits == [len(re.sub(r"e.*|[^0-9]", "", repr(number)).strip("0")) for number in numbers]


@pytest.mark.parametrize("layout", [".json", ".ndjson"])
@pytest.mark.parametrize("pieces", [[3], [1, 2], [0, 1, 0, 2], [1, 1, 1]], ids=str)
def test_pieces_give_the_bytes_of_the_whole(layout, pieces, events, created, tmp_path):
    whole, by_piece = tmp_path / f"whole{layout}", tmp_path / f"pieces{layout}"
    dataset_json.write(events, whole, created=created)
    with Writer(
        by_piece,
        name=events.name,
        label=events.label,
        columns=events.columns,
        records=3,
        identity=Identity.of("ADAE", events.records.columns),
        created=created,
        types=dataset_json.data_types(events.columns, {}, events.records),
    ) as writer:
        start = 0
        for count in pieces:
            writer.append(events.records.iloc[start : start + count])
            start += count
    assert by_piece.read_bytes() == whole.read_bytes()


def test_without_values_the_formats_decide_the_types(events):
    assert dataset_json.data_types(events.columns, {"AESEQ": "integer"}) == (
        "string", "string", "integer", "float", "date", "datetime", "time",
    )  # fmt: skip


def test_another_number_of_records_than_announced_is_our_fault_and_leaves_no_file(events, created, tmp_path):
    def short() -> None:
        with Writer(
            tmp_path / "adae.json",
            name="ADAE",
            label="",
            columns=events.columns,
            records=4,
            identity=Identity.of("ADAE", events.records.columns),
            created=created,
        ) as writer:
            writer.append(events.records.iloc[:0])

    with pytest.raises(AssertionError, match="4 records were announced"):
        short()
    assert list(tmp_path.iterdir()) == []


def test_values_that_cannot_be_held_are_refused_together(dataset, created, tmp_path):
    table = dataset(
        "ADAE",
        {
            USUBJID: ["01-001", "01-0022", None],
            AESEQ: [1.5, float("inf"), None],
            ADY: [float("-inf"), 0.5, None],
            ASTDT: [20454.5, 1e300, None],
            ASTDTM: [0.5, 0, None],
            ASTTM: [-1, 86_400, None],
        },
    )
    stated = Identity(
        "IG.ADAE",
        {name: name for name in table.records.columns},
        types={"AESEQ": "integer", "AVAL": "float", "ASTDT": "date", "ASTDTM": "datetime", "ASTTM": "time"},
    )
    keys = ["USUBJID", "AVAL"]
    assert problems_of(table, tmp_path / "adae.json", created, identity=stated, keys=keys) == (
        "1 value infinite, which JSON has no number for\n"
        "  where: adae.json, ADAE.AESEQ, USUBJID=01-0022 AVAL=0.5\n"
        "  to do: correct the computation, or the export\n"
        "1 value not whole, in a variable of type integer\n"
        "  where: adae.json, ADAE.AESEQ, USUBJID=01-001 AVAL=-inf\n"
        "  to do: name the type float, or correct the values\n"
        "2 values no whole day of the years 1 to 9999, in a variable of type date\n"
        "  where: adae.json, ADAE.ASTDT, USUBJID=01-001 AVAL=-inf; USUBJID=01-0022 AVAL=0.5\n"
        "  to do: correct the values, or name the type float\n"
        "1 value no whole second of the years 1 to 9999, in a variable of type datetime\n"
        "  where: adae.json, ADAE.ASTDTM, USUBJID=01-001 AVAL=-inf\n"
        "  to do: correct the values, or name the type float\n"
        "2 values no whole second of a day, in a variable of type time\n"
        "  where: adae.json, ADAE.ASTTM, USUBJID=01-001 AVAL=-inf; USUBJID=01-0022 AVAL=0.5\n"
        "  to do: correct the values, or name the type float\n"
        "1 value infinite, which JSON has no number for\n"
        "  where: adae.json, ADAE.AVAL, USUBJID=01-001 AVAL=-inf\n"
        "  to do: correct the computation, or the export\n"
        "1 value longer than the planned length\n"
        "  where: adae.json, ADAE.USUBJID, USUBJID=01-0022 AVAL=0.5\n"
        "  to do: plan the length of the longest value"
    )


def test_five_places_are_shown_of_many_and_all_are_counted(dataset, created, tmp_path):
    table = dataset("ADAE", {USUBJID: ["01-00-01"] * 30_000})
    assert problems_of(table, tmp_path / "adae.json", created) == (
        "30000 values longer than the planned length\n"
        "  where: adae.json, ADAE.USUBJID, record 1; record 2; record 3; record 4; record 5\n"
        "  to do: plan the length of the longest value"
    )


def test_a_length_counts_characters(dataset, created, tmp_path):
    path = tmp_path / "ae.json"
    dataset_json.write(dataset("AE", {USUBJID: ["ÉÉÉÉÉÉ"]}), path, created=created)
    assert json.loads(path.read_text("utf-8"))["rows"] == [["ÉÉÉÉÉÉ"]]


def test_a_dataset_without_variables_is_refused(created, tmp_path):
    table = Table("AE", "", (), pd.DataFrame())
    assert problems_of(table, tmp_path / "ae.json", created) == (
        "AE has no variables\n  where: ae.json\n  to do: give the dataset at least one variable"
    )


def test_a_name_given_twice_is_refused(created, tmp_path):
    records = pd.DataFrame({0: pd.array([1], dtype=NUMBER), 1: pd.array(["1"], dtype=TEXT)})
    records.columns = pd.Index(["AESEQ", "AESEQ"])
    table = Table("AE", "", (AESEQ, Column("AESEQ", "", "Char", 1)), records)
    assert problems_of(table, tmp_path / "ae.json", created) == (
        "AESEQ is named twice\n  where: ae.json, AE.AESEQ\n  to do: rename one of the variables"
    )


def test_what_stood_there_stays_when_writing_is_refused(dataset, created, tmp_path):
    path = tmp_path / "ae.json"
    path.write_text("the last good file")
    with pytest.raises(UserError):
        dataset_json.write(dataset("AE", {USUBJID: ["01-00-01"]}), path, created=created)
    assert path.read_text() == "the last good file"
    assert list(tmp_path.iterdir()) == [path]
