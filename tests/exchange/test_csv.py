"""Delimited text: taken as it stands, or refused with file and line."""

from __future__ import annotations

import csv as standard
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exchange.csv
from exchange import TEXT, Column, csv
from specs import UserError

FILE = "edc.zip/AE.csv"


def refusal(content: bytes, **options: Any) -> str:
    with pytest.raises(UserError) as raised:
        csv.read(content, name="AE", file=FILE, **options)
    return str(raised.value)


def read(content: bytes, **options: Any) -> tuple[dict[str, list[Any]], list[int]]:
    table = csv.read(content, name="AE", file=FILE, **options)
    assert table.columns == tuple(Column(name) for name in table.records)
    assert all(dtype == TEXT for dtype in table.records.dtypes)
    records = {
        name: [None if pd.isna(cell) else cell for cell in table.records[name]] for name in table.records
    }
    return records, table.rows.tolist()


@pytest.mark.parametrize(
    ("content", "records", "lines"),
    [
        (b"a,b\n1,2\n3,4\n", {"a": ["1", "3"], "b": ["2", "4"]}, [2, 3]),
        (b"a,b\n1,2", {"a": ["1"], "b": ["2"]}, [2]),
        (b"a,b\n", {"a": [], "b": []}, []),
        (b"a,b", {"a": [], "b": []}, []),
        (b"a,b\r\n1,2\r\n", {"a": ["1"], "b": ["2"]}, [2]),
        (b"a,b\r1,2\r3,4\r", {"a": ["1", "3"], "b": ["2", "4"]}, [2, 3]),
        (b"a,b\n1,2\r\n3,4\n", {"a": ["1", "3"], "b": ["2", "4"]}, [2, 3]),
        (b"a,b\n1,2\n\n\r\n\n", {"a": ["1"], "b": ["2"]}, [2]),
        (b"a,b\n 1 ,\t\n", {"a": [" 1 "], "b": ["\t"]}, [2]),
        (b"a,b\nNA,NULL\nnan,None\n", {"a": ["NA", "nan"], "b": ["NULL", "None"]}, [2, 3]),
        (b"a,b\n,\"\"\n01,1.0\n", {"a": [None, "01"], "b": [None, "1.0"]}, [2, 3]),
        (b'a,b\n"x,1","say ""no"""\n', {"a": ["x,1"], "b": ['say "no"']}, [2]),
        (b'a,b\n"line 1\nline 2",x\n3,4\n', {"a": ["line 1\nline 2", "3"], "b": ["x", "4"]}, [2, 4]),
        (b'a,b\r\n"1\r\n2\r\n3",x\r\n3,4\r\n', {"a": ["1\r\n2\r\n3", "3"], "b": ["x", "4"]}, [2, 5]),
        (b'a,b\n"1\r2",x\n3,4\n', {"a": ["1\r2", "3"], "b": ["x", "4"]}, [2, 3]),
        (b'"a\nb",c\n1,2\n', {"a\nb": ["1"], "c": ["2"]}, [3]),
        (b'a,b\n5" tube,2\n3,4\n', {"a": ['5" tube', "3"], "b": ["2", "4"]}, [2, 3]),
        (b'a,b\n5" tube,"x\ny"\n\r\n', {"a": ['5" tube'], "b": ["x\ny"]}, [2]),
        (b'a,b\n5" tube,""\n"1\n2",4\n5,6\n', {"a": ['5" tube', "1\n2", "5"], "b": [None, "4", "6"]}, [2, 3, 5]),
        (b"a;b\n1,5;2,5\n", {"a": ["1,5"], "b": ["2,5"]}, [2]),
        (b"a\tb\n1,5\t2|5\n", {"a": ["1,5"], "b": ["2|5"]}, [2]),
        (b"a|b\n1|2\n", {"a": ["1"], "b": ["2"]}, [2]),
        (b'a;b\n"1,5;x";2\n', {"a": ["1,5;x"], "b": ["2"]}, [2]),
    ],
    ids=[
        "plain", "no line end at the end", "a header only", "a header without a line end", "CR LF", "CR",
        "mixed line ends",
        "blank lines at the end", "blanks are kept", "NA is text", "an empty cell is NA, quoted or not",
        "quoted delimiters and doubled quotes", "a line end in quotes", "line ends CR LF in quotes",
        "a carriage return in quotes", "a line end in the header", "a quote inside an unquoted cell",
        "a quote inside an unquoted cell beside a quoted line end",
        "a quote inside an unquoted cell, then line ends in quotes",
        "semicolons with decimal commas", "tabs", "bars", "a quoted delimiter of either kind",
    ],
)  # fmt: skip
def test_a_cell_is_taken_as_it_stands(content, records, lines):
    assert read(content) == (records, lines)


def test_a_file_of_one_column_needs_its_delimiter():
    assert read(b'a\nx\n\n""\ny\n\n', delimiter=",") == ({"a": ["x", None, None, "y"]}, [2, 3, 4, 5])
    assert read(b'a\nx "y"\n\nz\n', delimiter=",") == ({"a": ['x "y"', None, "z"]}, [2, 3, 4])


def test_lines_above_the_header_are_passed_over():
    assert read(b"Study 1, extract 3\n\na,b\n1,2\n", header_line=3) == ({"a": ["1"], "b": ["2"]}, [4])


def test_quotes_can_be_text():
    assert read(b'a,b\n"1,2\n', quote=None) == ({"a": ['"1'], "b": ["2"]}, [2])


def test_another_quote_can_be_declared():
    assert read(b"a,b\n'1,5',\"x\n", quote="'") == ({"a": ["1,5"], "b": ['"x']}, [2])


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("a,b\né,2\n".encode(), {}),
        ("\ufeffa,b\né,2\n".encode(), {}),
        ("\ufeffa,b\né,2\n".encode(), {"encoding": "utf-8"}),
        ("\ufeffa,b\né,2\n".encode(), {"encoding": "utf-8-sig"}),
        ("a,b\né,2\n".encode("cp1252"), {"encoding": "cp1252"}),
        ("a,b\né,2\n".encode("utf-16"), {}),
        ("\ufeffa,b\né,2\n".encode("utf-16-be"), {}),
        ("a,b\né,2\n".encode("utf-16-le"), {"encoding": "utf-16-le"}),
        ("a,b\né,2\n".encode("utf-16"), {"encoding": "utf-16"}),
    ],
    ids=[
        "UTF-8", "UTF-8 with a mark", "UTF-8 declared, with a mark", "UTF-8 with a mark declared", "Windows",
        "UTF-16 with a mark",
        "UTF-16, high byte first, with a mark", "UTF-16 declared, without a mark", "UTF-16 declared, with a mark",
    ],
)  # fmt: skip
def test_an_encoding_is_declared_or_certain(content, options):
    assert read(content, **options) == ({"a": ["é"], "b": ["2"]}, [2])


TO_QUOTE = (
    "export the file again with texts that hold the delimiter or a line end in quotes, or correct these"
)
TO_DOUBLE = "export the file again with quotes inside a text doubled"
TO_DECLARE = "declare the file's encoding in raw.yaml, for example `encoding: cp1252`"


@pytest.mark.parametrize(
    ("content", "options", "what", "where", "to_do"),
    [
        (b"a,b\n1,2,3\n4,5\n6\n", {}, "2 records have more or fewer cells than the header's 2",
         "line 2 (3 cells), line 4 (1 cell)", TO_QUOTE),
        (b"a,b\n1,2\n\n3,4\n", {}, "1 record has more or fewer cells than the header's 2",
         "line 3 (1 cell)", TO_QUOTE),
        (b"a,b\n" + b"1\n" * 7, {}, "7 records have more or fewer cells than the header's 2",
         "line 2 (1 cell), line 3 (1 cell), line 4 (1 cell), line 5 (1 cell), line 6 (1 cell), ...", TO_QUOTE),
        (b'a,b\n"x\ny",2\n3\n', {}, "1 record has more or fewer cells than the header's 2",
         "line 4 (1 cell)", TO_QUOTE),
        (b'a,b\n5" x\n3,4\n', {}, "1 record has more or fewer cells than the header's 2",
         "line 2 (1 cell)", TO_QUOTE),
        (b'a,b\n1,"x\n2,y\n3,z\n', {}, "a quote is opened and never closed",
         "line 4, in the record that begins in line 2", TO_DOUBLE),
        (b'a,b\n1,"x\n2,"y"\n3,z\n', {}, "text follows a closing quote",
         "line 3, in the record that begins in line 2", TO_DOUBLE),
        (b'a,b\n1,"x"y\n', {}, "text follows a closing quote", "line 2", TO_DOUBLE),
        (b'a,b\n1,"x\n' + b"2,y\n" * 40_000, {}, "a cell holds more than 131072 characters: is a quote never closed?",
         "line 32770, in the record that begins in line 2", TO_DOUBLE),
        (b"a,b\n1,x\ry\n3,4\n", {}, "a carriage return stands inside a record, outside quotes", "line 2",
         "export the file again with one kind of line end, and texts that hold line ends in quotes"),
        (b'a,b\n1,5" x\n1,x\ry\n', {}, "a carriage return stands inside a record, outside quotes", "line 3",
         "export the file again with one kind of line end, and texts that hold line ends in quotes"),
        (b"a,b\n\n\xe9,2\n", {}, "the file is not in UTF-8 and no encoding is declared: the byte 0xE9 does not fit",
         "line 3, byte 5", TO_DECLARE),
        (b"a,b\n1,2\n3,\x81\n", {"encoding": "cp1252"}, "the file is not in cp1252: the byte 0x81 does not fit",
         "line 3, byte 10", TO_DECLARE),
        (b"a,b\n1,\xc3\n", {"encoding": "utf8"}, "the file is not in utf-8: the byte 0xC3 does not fit",
         "line 2, byte 6", TO_DECLARE),
        ("a,b\n1,2".encode("utf-16") + b"\n", {},
         "the file is not in UTF-8 and no encoding is declared: the byte 0x0A does not fit",
         "line 2, byte 16", TO_DECLARE),
        (b"a,b\n1,\x00\n", {}, "the file holds NUL characters, which no text has", "line 2",
         "export it again; if it is UTF-16, declare `encoding: utf-16` in raw.yaml"),
        ("a,b\n1,2\n".encode("utf-16-le"), {}, "the file holds NUL characters, which no text has", "line 1",
         "export it again; if it is UTF-16, declare `encoding: utf-16` in raw.yaml"),
        ("\ufeffa,b\n".encode(), {"encoding": "cp1252"},
         "the file is declared as cp1252 and its byte order mark says utf-8",
         "byte 0", "declare `encoding: utf-8` in raw.yaml, or leave the declaration out"),
        (b"a,\n1,2\n", {}, "the column 2 has no name", "line 1", "name the column in the export"),
        (b"a,a\n1,2\n", {}, "two columns are named 'a'", "line 1", "rename one of them in the export"),
        (b'a,"a"\n1,5" x\n', {}, "two columns are named 'a'", "line 1", "rename one of them in the export"),
    ],
    ids=[
        "ragged", "a blank line inside", "ragged in many lines", "ragged below a quoted line end",
        "ragged beside a stray quote",
        "an unclosed quote", "an unclosed quote before another", "text behind a quote",
        "an unclosed quote in a large file",
        "a carriage return", "a carriage return beside a stray quote", "undeclared encoding",
        "not in the declared encoding",
        "not UTF-8 as declared", "half a character of UTF-16", "NUL", "UTF-16 without a mark",
        "mark and declaration disagree",
        "an unnamed column", "a doubled name", "a doubled name beside a stray quote",
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused_with_its_line(content, options, what, where, to_do):
    assert refusal(content, **options) == f"{what}\n  where: {FILE}, {where}\n  to do: {to_do}"


@pytest.mark.parametrize(
    ("content", "options", "what", "to_do"),
    [
        (b"", {}, "the file is empty", "export it again"),
        (b"\n\n", {}, "the file is empty", "export it again"),
        (b"a,b\n", {"header_line": 3}, "there is no header in line 3", "name the line in which the header stands"),
        (b"a\nb\n", {}, "the delimiter is none of comma, semicolon, tab and bar",
         "declare it in raw.yaml, for example `delimiter: ';'`, also for a file of one column"),
        (b"a,b;c\n1,2;3\n", {}, "comma and semicolon could each be the delimiter",
         "declare it in raw.yaml, for example `delimiter: ';'`"),
        (b"a,b|c\n1\n", {}, "comma and bar could each be the delimiter",
         "declare it in raw.yaml, for example `delimiter: ';'`"),
        (b"a,b\n", {"encoding": "iso8859-7"}, None, None),
        (b"a,b\n", {"encoding": "windows"}, "'windows' is no encoding",
         "declare the encoding in raw.yaml, for example `encoding: cp1252`"),
        (b"a,b\n", {"encoding": "rot13"}, "'rot13' is no encoding",
         "declare the encoding in raw.yaml, for example `encoding: cp1252`"),
        (b"a,b\n", {"delimiter": "||"}, "the delimiter '||' is not one ASCII character",
         "declare a delimiter of one character in raw.yaml"),
    ],
    ids=[
        "empty", "blank lines only", "no line for the header", "one column, undeclared", "two possible delimiters",
        "two delimiters in the header", "a known encoding", "an unknown encoding", "no text encoding",
        "a long delimiter",
    ],
)  # fmt: skip
def test_what_a_file_must_declare_is_said(content, options, what, to_do):
    if what is None:
        assert read(content, **options) == ({"a": [], "b": []}, [])
    else:
        assert refusal(content, **options) == f"{what}\n  where: {FILE}\n  to do: {to_do}"


def test_the_delimiter_is_found_in_the_beginning_of_a_large_file():
    content = b"a;b\n" + b'"x;1";2,3\n' * 60_000
    records, lines = read(content)
    assert (records["a"][-1], records["b"][0], lines[-1]) == ("x;1", "2,3", 60_001)


def test_a_missing_file_is_refused(tmp_path):
    path = tmp_path / "AE.csv"
    with pytest.raises(UserError) as raised:
        csv.read(path, name="AE")
    assert str(raised.value) == (
        "AE.csv cannot be read: there is no such file\n"
        f"  where: {path}\n"
        "  to do: check the name, or put the file there"
    )


CELLS = st.one_of(
    st.just(""),
    st.text(st.sampled_from('ab ,;"\n\r\té'), max_size=6),
    st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=20),
)


@st.composite
def written(draw: Any) -> tuple[list[list[str]], str, str, bytes]:
    """Records, how they are delimited, and their file as the standard library writes it."""
    width = draw(st.integers(1, 5))
    records = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=8))
    delimiter, end = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = draw(st.sampled_from([standard.QUOTE_MINIMAL, standard.QUOTE_ALL]))
    if any("\r" in cell for record in records for cell in record):
        quoting = standard.QUOTE_ALL  # else a carriage return goes unquoted where lines end with LF
    text = io.StringIO(newline="")
    writer = standard.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([[f"c{number}" for number in range(width)], *records])
    return records, delimiter, end, text.getvalue().encode()


@given(written())
@settings(derandomize=True, max_examples=300, deadline=None)
def test_what_the_standard_library_writes_is_read(file):
    records, delimiter, end, content = file
    if end == "\r" and any("\n" in cell for record in records for cell in record):
        return  # a file with both kinds of line end, of which the LF counts
    table = csv.read(content, name="AE", delimiter=delimiter)
    assert table.records.fillna("").to_numpy().tolist() == records
    lines, line = [], 2
    for record in records:
        lines.append(line)
        line += 1 + sum(cell.count("\r" if end == "\r" else "\n") for cell in record)
    assert table.rows.tolist() == lines


@given(written())
@settings(derandomize=True, max_examples=150, deadline=None)
def test_both_ways_of_reading_agree(file):
    _, delimiter, end, content = file
    if end == "\r" or b"\r" in content.replace(b"\r\n", b""):
        return  # beside a stray quote, a lone carriage return is refused even in quotes
    fast = csv.read(content, name="AE", delimiter=delimiter)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange.csv, "layout", lambda *_: None)
        slow = csv.read(content, name="AE", delimiter=delimiter)
    pd.testing.assert_frame_equal(fast.records, slow.records)
    assert np.array_equal(fast.rows, slow.rows)


def test_numbers_and_dates_are_written_as_text(dataset, tmp_path):
    path = tmp_path / "ae.csv"
    table = dataset(
        "AE",
        {
            Column("AETERM"): ["HEADACHE", 'SAID "NO", LEFT', None, "TWO\nLINES"],
            Column("AESEQ", type="Num"): [1, 2.5, None, -0.1],
            Column("AESTDT", type="Num", format="DATE9."): [20454, None, 0, 1],
        },
    )
    csv.write(table, path)
    assert path.read_bytes() == (
        b"AETERM,AESEQ,AESTDT\n"
        b"HEADACHE,1,2016-01-01\n"
        b'"SAID ""NO"", LEFT",2.5,\n'
        b",,1960-01-01\n"
        b'"TWO\nLINES",-0.1,1960-01-02\n'
    )


def test_delimiter_and_line_end_can_be_chosen(dataset, tmp_path):
    path = tmp_path / "ae.csv"
    csv.write(
        dataset("AE", {Column("A"): ["1;2", "x,y"], Column("B"): [None, "é"]}),
        path,
        delimiter=";",
        line_end="\r\n",
    )
    assert path.read_bytes() == 'A;B\r\n"1;2";\r\nx,y;é\r\n'.encode()


def test_texts_like_formulas_stay_as_they_are_unless_defused(dataset, tmp_path):
    path = tmp_path / "ae.csv"
    table = dataset(
        "AE",
        {
            Column("@A"): ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "a=b"],
            Column("N", type="Num"): [-1, None, 0, 1, 2, 3, 4],
        },
    )
    csv.write(table, path)
    assert path.read_bytes() == b'@A,N\n=1+1,-1\n+1,\n-1,0\n@x,1\n\tx,2\n"\rx",3\na=b,4\n'
    csv.write(table, path, defuse=True)
    assert path.read_bytes() == b"'@A,N\n'=1+1,-1\n'+1,\n'-1,0\n'@x,1\n'\tx,2\n\"'\rx\",3\na=b,4\n"


def test_a_missing_value_alone_in_its_record_is_not_a_blank_line(dataset, tmp_path):
    path = tmp_path / "ae.csv"
    csv.write(dataset("AE", {Column("A"): ["x", None]}), path)
    assert path.read_bytes() == b'A\nx\n""\n'
    assert read(path.read_bytes(), delimiter=",") == ({"A": ["x", None]}, [2, 3])


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=8))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_the_standard_library_reads_what_is_written(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("written") / "ae.csv"
    frame = pd.DataFrame(
        {
            name: pd.array([record[at] or None for record in records], dtype=TEXT)
            for at, name in enumerate("AB")
        }
    )
    csv.write(exchange.Table("AE", "", (Column("A"), Column("B")), frame), path)
    found = list(standard.reader(io.StringIO(path.read_bytes().decode(), newline=""), strict=True))
    assert found == [["A", "B"], *records]
