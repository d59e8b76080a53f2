"""Dataset-JSON as it is read: the types of the standard, and every refusal of what is none."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from exchange import TEXT, dataset_json
from exchange.dataset_json_scan import LARGEST
from specs import UserError

ATTRIBUTES = {
    "datasetJSONCreationDateTime": "2024-03-01T08:30:15",
    "datasetJSONVersion": "1.1.0",
    "itemGroupOID": "IG.AE",
    "records": 2,
    "name": "AE",
    "label": "Adverse Events",
    "columns": [
        {
            "itemOID": "IT.AE.AETERM",
            "name": "AETERM",
            "label": "Reported Term",
            "dataType": "string",
            "length": 20,
        },
        {"itemOID": "IT.AE.AESEQ", "name": "AESEQ", "label": "Sequence Number", "dataType": "integer"},
    ],
}
ROWS = [["DIZZY", 1], ["FEVER", 2]]


def lines(*rows: str, **changed: Any) -> bytes:
    """A file in the layout of lines; an attribute that is changed to None is left out."""
    attributes = {name: value for name, value in {**ATTRIBUTES, **changed}.items() if value is not None}
    return "\n".join([json.dumps(attributes), *rows, ""]).encode("utf-8")


def column(kind: str, *cells: str, **more: Any) -> bytes:
    """A file of one variable in the layout of lines."""
    described = {"itemOID": "IT.AE.V", "name": "V", "label": "", "dataType": kind, **more}
    return lines(*(f"[{cell}]" for cell in cells), columns=[described], records=len(cells))


def one_object(rows: str, **changed: Any) -> bytes:
    """A file in the layout of one object."""
    return lines(**changed).rstrip()[:-1] + f', "rows": {rows}}}'.encode()


def refusal(content: bytes) -> str:
    with pytest.raises(UserError) as raised:
        dataset_json.read(content, file="ae.json")
    return str(raised.value)


@pytest.mark.parametrize(
    "content", [lines(*map(json.dumps, ROWS)), one_object(json.dumps(ROWS))], ids=["lines", "object"]
)
def test_a_file_is_a_table(content):
    table = dataset_json.read(content)
    assert (table.name, table.label, table.rows.tolist()) == ("AE", "Adverse Events", [1, 2])
    assert [(each.name, each.label, each.type, each.length) for each in table.columns] == [
        ("AETERM", "Reported Term", "Char", 20),
        ("AESEQ", "Sequence Number", "Num", 8),
    ]
    assert table.records.to_dict("list") == {"AETERM": ["DIZZY", "FEVER"], "AESEQ": [1, 2]}
    assert dataset_json.read(content, name="ADAE").name == "ADAE"


@pytest.mark.parametrize(
    "kind,target,cells,wanted",
    [
        pytest.param(
            "string", "", ['"a"', "null", '""'], ["a", None, None], id="null and the empty text are missing"
        ),
        pytest.param("URI", "", ['"https://a.b"'], ["https://a.b"], id="an address is a text"),
        pytest.param(
            "boolean", "", ["true", "null", "false"], ["true", None, "false"], id="truth values are texts"
        ),
        pytest.param(
            "integer", "", ["1", "null", "-2", "3.0", "1e2"], [1, None, -2, 3, 100], id="whole numbers"
        ),
        pytest.param("float", "", ["1", "-0.5E+1", "null"], [1, -5, None], id="floating numbers"),
        pytest.param("double", "", ["9007199254740992"], [2.0**53], id="a large number that is exact"),
        pytest.param("decimal", "decimal", ['"1.50"', "null"], [1.5, None], id="decimals are numbers"),
        pytest.param(
            "date", "", ['"2016-01-01"', '"2016-01"'], ["2016-01-01", "2016-01"], id="dates that stay texts"
        ),
        pytest.param(
            "date", "integer", ['"2016-01-01"', "null"], [20454, None], id="dates that become numbers"
        ),
        pytest.param("date", "integer", ['"1959-12-31"'], [-1], id="days before 1960 are negative"),
        pytest.param(
            "datetime",
            "integer",
            ['"2016-01-01T08:30:15"', '"1960-01-01T00:00"', '"1960-01-01T00:00:00.25"'],
            [1_767_256_215, 0, 0.25],
            id="moments that become numbers",
        ),
        pytest.param(
            "time", "integer", ['"08:30:15"', '"23:59"'], [30_615, 86_340], id="times that become numbers"
        ),
    ],
)
def test_each_type_of_the_standard(kind, target, cells, wanted):
    more = {"targetDataType": target} if target else {}
    values = dataset_json.read(column(kind, *cells, **more)).records["V"]
    assert [None if pd.isna(value) else value for value in values] == wanted
    assert (values.dtype == TEXT) == isinstance(wanted[0], str)


def test_attributes_alone_are_a_dataset_without_records():
    for content in (lines(records=0), one_object("[]", records=0)):
        table = dataset_json.read(content)
        assert len(table.records) == len(table.rows) == 0
        assert [*table.records.columns] == ["AETERM", "AESEQ"]


def test_escaped_names_and_values_are_read():
    content = lines(r'["\u0046I\u00c8VRE \ud83e\udd12\u0000", 1]', records=1)
    assert dataset_json.read(content).records["AETERM"].tolist() == ["FIÈVRE 🤒\0"]


@pytest.mark.parametrize(
    "content,wanted",
    [
        pytest.param(b"", "the file is truncated\n  where: ae.json, line 1", id="an empty file"),
        pytest.param(
            b"STUDYID,USUBJID",
            "the file is no valid JSON: '{' is missing before 'S'\n  where: ae.json, line 1",
            id="a file of another format",
        ),
        pytest.param(
            b'{"name": \n\n "AE" "label"',
            "the file is no valid JSON: ',' or '}' is missing before '\"'\n  where: ae.json, line 3",
            id="a missing comma",
        ),
        pytest.param(
            b'{"name": nil}',
            "the file is no valid JSON: expecting value\n  where: ae.json, line 1",
            id="a word that is no value",
        ),
        pytest.param(
            b'{name: "AE"}',
            "the file is no valid JSON: a name in quotes is missing\n  where: ae.json, line 1",
            id="a name without quotes",
        ),
        pytest.param(
            b'{"name": "AE",\n"name": "AE"}',
            "the file is no valid JSON: the name 'name' is given twice\n  where: ae.json, line 2",
            id="an attribute given twice",
        ),
        pytest.param(
            b'{"name": {"a": 1, "a": 2}}',
            "the file is no valid JSON: the name 'a' is given twice\n  where: ae.json, line 1",
            id="a name given twice further down",
        ),
        pytest.param(
            b'{"records": ' + b"[" * 100_000,
            "the file is no valid JSON: arrays or objects are nested too deeply\n  where: ae.json, line 1",
            id="deep nesting",
        ),
        pytest.param(
            b'{"records": ' + b"9" * 5000 + b"}",
            "the file is no valid JSON: a number has too many digits\n  where: ae.json, line 1",
            id="a number of thousands of digits",
        ),
        pytest.param(
            b'{"label": "' + b"A" * (LARGEST + 1),
            "the file is no valid JSON: a value is larger than 8 MB\n  where: ae.json, line 1",
            id="a value of endless length",
        ),
        pytest.param(
            lines('["DIZZY", 1]', '["FEVER", NaN]'),
            "the file is no valid JSON: NaN is no number of JSON\n  where: ae.json, line 3",
            id="NaN",
        ),
        pytest.param(
            lines(*['["DIZZY", 1]'] * 50, '["FEVER", -Infinity]'),
            "the file is no valid JSON: -Infinity is no number of JSON\n  where: ae.json, line 52",
            id="Infinity after many good records",
        ),
        pytest.param(
            lines('["DIZZY", 1] ["FEVER", 2]'),
            "the file is no valid JSON: a record does not begin on a line of its own\n  where: ae.json, line 2",
            id="two records on a line",
        ),
        pytest.param(
            lines('["DIZZY", 1]', '["FEVER", 2'),
            "the file is truncated\n  where: ae.json, line 4",
            id="lines that end within a record",
        ),
        pytest.param(
            one_object('[["DIZZY", 1],\n["FEV')[:-1],
            "the file is truncated\n  where: ae.json, line 2",
            id="an object that ends within a text",
        ),
        pytest.param(
            one_object('[["DIZZY", 1]\n')[:-1],
            "the file is truncated\n  where: ae.json, line 2",
            id="an object that ends between two records",
        ),
        pytest.param(
            one_object('[["DIZZY", 1],\n]'),
            "the file is no valid JSON: expecting value\n  where: ae.json, line 2",
            id="a comma after the last record",
        ),
        pytest.param(
            one_object('[["DIZZY", 1]\n["FEVER", 2]]'),
            "the file is no valid JSON: ',' or ']' is missing before '['\n  where: ae.json, line 2",
            id="no comma between two records",
        ),
        pytest.param(
            one_object(json.dumps(ROWS)) + b"\n{}",
            "the file is no valid JSON: something stands after the end of the object\n  where: ae.json, line 2",
            id="something after the object",
        ),
        pytest.param(
            one_object('[["DIZ\nZY", 1]]'),
            "the file is no valid JSON: invalid control character\n  where: ae.json, line 1",
            id="a line end within a text",
        ),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(content, wanted):
    assert refusal(content) == f"{wanted}\n  to do: export it again, or copy it again"


@pytest.mark.parametrize("before", ["", "A" * (1 << 22)], ids=["at the start", "in the second block"])
def test_bytes_that_are_not_utf_8_are_refused_with_their_place(before):
    content = b'{"label": "' + before.encode() + b'\xe9"}'
    assert refusal(content) == (
        "the file is not in UTF-8: the byte 0xE9 does not fit\n"
        f"  where: ae.json, byte {11 + len(before)}\n"
        "  to do: save the file in UTF-8, the only encoding of Dataset-JSON"
    )


def test_a_file_that_ends_within_a_character_is_refused():
    assert refusal(b'{"label": "\xc3').startswith("the file is not in UTF-8: the byte 0xC3 does not fit")


TYPES = "string, integer, decimal, float, double, boolean, datetime, date, time, URI"
EXPORT = "have the file written as Dataset-JSON 1.1"


@pytest.mark.parametrize(
    "changed,what,to_do",
    [
        pytest.param({name: None}, f"the attribute {name} is missing", EXPORT, id=f"no {name}")
        for name in ATTRIBUTES
    ]
    + [
        pytest.param(
            {"standard": "SDTMIG"},
            "standard is no attribute of Dataset-JSON 1.1",
            "leave it out",
            id="an attribute that the standard does not have",
        ),
        pytest.param(
            {"studyOid": "S"},
            "studyOid is no attribute of Dataset-JSON 1.1",
            "did you mean 'studyOID'?",
            id="an attribute in the wrong case",
        ),
        pytest.param(
            {"datasetJSONVersion": "1.0.0"},
            "datasetJSONVersion is not version 1.1",
            EXPORT,
            id="an old version",
        ),
        pytest.param(
            {"datasetJSONCreationDateTime": "2024-03-01"},
            "datasetJSONCreationDateTime is not a date and time (ISO 8601)",
            EXPORT,
            id="a creation without time",
        ),
        pytest.param({"records": True}, "records is not a whole number", EXPORT, id="records that are true"),
        pytest.param({"records": -1}, "records is not a whole number", EXPORT, id="fewer than no records"),
        pytest.param({"records": "2"}, "records is not a whole number", EXPORT, id="records in quotes"),
        pytest.param({"name": 5}, "name is not a text", EXPORT, id="a name that is a number"),
        pytest.param(
            {"label": "\ud800"}, "label is not a text", EXPORT, id="half a surrogate pair in a label"
        ),
        pytest.param(
            {"sourceSystem": {"name": "EDC"}},
            "sourceSystem is not an object of name and version",
            EXPORT,
            id="a source system without version",
        ),
        pytest.param({"columns": []}, "columns is not a list of columns", EXPORT, id="no columns"),
        pytest.param(
            {"columns": ["AETERM"]}, "columns[0] is no object", EXPORT, id="a column that is a text"
        ),
    ],
)
def test_attributes_are_those_of_the_standard(changed, what, to_do):
    assert refusal(lines(*map(json.dumps, ROWS), **changed)) == f"{what}\n  where: ae.json\n  to do: {to_do}"


@pytest.mark.parametrize(
    "changed,what,to_do",
    [
        pytest.param(
            {"dataType": "text"},
            f"columns[0].dataType is not one of {TYPES}",
            EXPORT,
            id="a type of define.xml",
        ),
        pytest.param(
            {"dataType": []}, f"columns[0].dataType is not one of {TYPES}", EXPORT, id="a type that is a list"
        ),
        pytest.param({"length": 1.5}, "columns[0].length is not a whole number", EXPORT, id="half a byte"),
        pytest.param(
            {"keySequence": "1"}, "columns[0].keySequence is not a whole number", EXPORT, id="a key in quotes"
        ),
        pytest.param(
            {"targetDataType": "float"},
            "columns[0].targetDataType is not integer or decimal",
            EXPORT,
            id="a target of another type",
        ),
        pytest.param(
            {"targetDataType": "integer"},
            "columns[0] has the dataType string, which does not become integer",
            "leave targetDataType out, or correct it",
            id="a text that becomes an integer",
        ),
        pytest.param(
            {"format": "$20."},
            "columns[0].format is no attribute of Dataset-JSON 1.1",
            "leave it out",
            id="an attribute that columns do not have",
        ),
    ],
)
def test_columns_have_the_attributes_of_the_standard(changed, what, to_do):
    columns = [{**ATTRIBUTES["columns"][0], **changed}, ATTRIBUTES["columns"][1]]
    assert refusal(lines(columns=columns)) == f"{what}\n  where: ae.json\n  to do: {to_do}"


def test_everything_that_is_wrong_with_the_attributes_is_said_together():
    columns = [{"itemOID": "IT", "name": "AETERM", "dataType": "string"}, *ATTRIBUTES["columns"]]
    assert refusal(lines(columns=columns, name=None, records=None)) == (
        "the attribute records is missing\n  where: ae.json\n  to do: have the file written as Dataset-JSON 1.1\n"
        "the attribute name is missing\n  where: ae.json\n  to do: have the file written as Dataset-JSON 1.1\n"
        "the attribute columns[0].label is missing\n  where: ae.json\n"
        "  to do: have the file written as Dataset-JSON 1.1\n"
        "two columns are named 'AETERM'\n  where: ae.json\n  to do: rename one of the columns"
    )


def test_attributes_after_the_rows_are_refused():
    content = one_object("[]", records=0).rstrip(b"}") + b',\n"originator": "CRO"}'
    assert refusal(content) == (
        "something stands after the rows, which come last\n  where: ae.json, line 1\n"
        "  to do: write the attributes in the order of the standard, the rows last"
    )


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("layout", ["lines", "object"])
def test_another_number_of_records_than_announced_is_refused(count, layout):
    rows = [ROWS[0]] * count
    content = lines(*map(json.dumps, rows)) if layout == "lines" else one_object(json.dumps(rows))
    assert refusal(content) == (
        f"the file announces 2 records and holds {count}\n  where: ae.json\n  to do: export it again, or copy it again"
    )


@pytest.mark.parametrize(
    "row,found",
    [
        pytest.param('["FEVER"]', "has 1 values", id="too few"),
        pytest.param('["FEVER",2,3]', "has 3 values", id="too many"),
        pytest.param('{"AETERM":"FEVER"}', "is no array", id="an object"),
        pytest.param("null", "is no array", id="nothing"),
        pytest.param('"FE"', "is no array", id="a text of two characters"),
    ],
)
@pytest.mark.parametrize("before", [1, 40])
def test_a_record_has_one_value_per_column(row, found, before):
    assert refusal(lines(*['["DIZZY",1]'] * before, row)) == (
        f"a record {found}, and there are 2 columns\n  where: ae.json, line {before + 2}, record {before + 1}\n"
        "  to do: write one value for each column, null for a missing one"
    )


FAULTS = [
    ("string", "", "1", "not a text or null", "write texts in quotes"),
    ("string", "", "true", "not a text or null", "write texts in quotes"),
    ("string", "", '["a"]', "not a text or null", "write texts in quotes"),
    (
        "string",
        "",
        r'"\ud800"',
        "half a surrogate pair, which is no character",
        "correct the escapes \\ud800 to \\udfff",
    ),
    ("integer", "", '"1"', "not a number or null", "write numbers without quotes"),
    ("float", "", "false", "not a number or null", "write numbers without quotes"),
    ("float", "", '{"a":1}', "not a number or null", "write numbers without quotes"),
    ("integer", "", "1.5", "not whole", "name the dataType float, or correct the values"),
    (
        "integer",
        "",
        "9007199254740993",
        "out of the range or precision of a number of 8 bytes",
        "write the values as texts, with dataType string",
    ),
    (
        "float",
        "",
        "1e400",
        "out of the range or precision of a number of 8 bytes",
        "write the values as texts, with dataType string",
    ),
    (
        "double",
        "",
        "-1" + "0" * 400,
        "out of the range or precision of a number of 8 bytes",
        "write the values as texts, with dataType string",
    ),
    ("boolean", "", "1", "not true, false or null", "write truth values without quotes"),
    ("decimal", "decimal", "1.5", "not a text or null", "write texts in quotes"),
    ("decimal", "decimal", '"1,5"', "no decimal number", "write decimals as texts of digits with a point"),
    ("decimal", "decimal", '"NaN"', "no decimal number", "write decimals as texts of digits with a point"),
    ("date", "integer", "20454", "not a text or null", "write texts in quotes"),
    ("date", "integer", '""', "no date YYYY-MM-DD", "write whole dates, or leave targetDataType out"),
    ("date", "integer", '"2016-01"', "no date YYYY-MM-DD", "write whole dates, or leave targetDataType out"),
    (
        "date",
        "integer",
        '"2016-02-30"',
        "no date YYYY-MM-DD",
        "write whole dates, or leave targetDataType out",
    ),
    ("date", "integer", '"20160201"', "no date YYYY-MM-DD", "write whole dates, or leave targetDataType out"),
    (
        "datetime",
        "integer",
        '"2016-02-01"',
        "no date and time YYYY-MM-DDThh:mm:ss without time zone",
        "write whole moments, or leave targetDataType out",
    ),
    (
        "datetime",
        "integer",
        '"2016-02-01T08:30:00Z"',
        "no date and time YYYY-MM-DDThh:mm:ss without time zone",
        "write whole moments, or leave targetDataType out",
    ),
    (
        "datetime",
        "integer",
        '"2016-02-30T08:30:00"',
        "no date and time YYYY-MM-DDThh:mm:ss without time zone",
        "write whole moments, or leave targetDataType out",
    ),
    (
        "time",
        "integer",
        '"24:00:00"',
        "no time of day hh:mm:ss without time zone",
        "write whole times, or leave targetDataType out",
    ),
]


@pytest.mark.parametrize(
    "kind,target,cell,what,to_do", FAULTS, ids=[f"{each[0]}: {each[2][:24]}" for each in FAULTS]
)
@pytest.mark.parametrize("before", [0, 40])
def test_a_value_that_is_none_of_its_type_is_refused(kind, target, cell, what, to_do, before):
    good = {"string": '"a"', "boolean": "true", "integer": "1", "float": "1.5", "double": "1.5"}.get(
        kind, "null"
    )
    more = {"targetDataType": target} if target else {}
    assert refusal(column(kind, *[good] * before, cell, good, **more)) == (
        f"1 value {what}\n  where: ae.json, AE.V, line {before + 2}, record {before + 1}\n  to do: {to_do}"
    )


def test_faults_of_all_values_are_counted_and_said_together():
    rows = [
        json.dumps([5 if number % 3 == 0 else "FEVER", number + number % 2 / 2]) for number in range(30_000)
    ]
    places = "; ".join(f"line {at + 2}, record {at + 1}" for at in (1, 3, 5, 7, 9))
    texts = "; ".join(f"line {at + 2}, record {at + 1}" for at in (0, 3, 6, 9, 12))
    assert refusal(lines(*rows, records=30_001)) == (
        f"15000 values not whole\n  where: ae.json, AE.AESEQ, {places}\n"
        "  to do: name the dataType float, or correct the values\n"
        f"10000 values not a text or null\n  where: ae.json, AE.AETERM, {texts}\n  to do: write texts in quotes\n"
        "the file announces 30001 records and holds 30000\n  where: ae.json\n"
        "  to do: export it again, or copy it again"
    )


def test_whatever_is_changed_in_a_file_it_is_read_or_refused_but_never_misread():
    rows = [json.dumps(row, separators=(",", ":")) for row in ROWS * 10]
    content = lines(*rows, records=20)
    start = content.index(b"\n")
    draw = np.random.default_rng(11)
    refused = 0
    for place, byte in zip(
        draw.integers(start, len(content), 600).tolist(), draw.integers(0, 256, 600).tolist(), strict=True
    ):
        damaged = content[:place] + bytes([byte]) + content[place + 1 :]
        try:
            wanted = [
                json.loads(line, parse_constant=float) for line in damaged.decode("utf-8").split("\n")[1:-1]
            ]
            valid = (
                all(
                    len(row) == 2
                    and isinstance(row[0], str)
                    and type(row[1]) in (int, float)
                    and row[1] % 1 == 0
                    for row in wanted
                )
                and len(wanted) == 20
                and damaged.endswith(b"\n")
            )
        except (ValueError, TypeError):
            valid = False
        try:
            found = dataset_json.read(damaged, file="ae.json").records.fillna({"AETERM": ""})
        except UserError:
            refused += 1
            assert not valid, damaged
        else:
            assert found.to_numpy().tolist() == [
                row
                for line in damaged.decode("utf-8").split("\n")[1:]
                if line.strip()
                for row in [json.loads(line)]
            ]
    assert 100 < refused < 600
