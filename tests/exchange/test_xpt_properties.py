"""What is written is what is read, by us and by two readers that we did not write."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange import NUMBER, TEXT, Column, Table, xpt
from exchange.ibm_float import LARGEST, SMALLEST

CREATED = datetime(2024, 3, 1, 8, 30)

NAMES = st.from_regex(r"[A-Z_][A-Z0-9_]{0,7}", fullmatch=True)
LABELS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40)
NUMBERS = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False).filter(
        lambda value: value == 0 or SMALLEST <= abs(value) <= LARGEST
    ),
    st.integers(-100_000, 100_000).map(float),
)
TEXTS = st.one_of(
    st.none(),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=200).filter(
        lambda text: not text.endswith(" ")
    ),
)


@st.composite
def tables(draw: Any) -> Table:
    """Datasets of a key and up to six variables, so that no record is blank."""
    names = draw(st.lists(NAMES, max_size=6, unique=True).filter(lambda names: "KEY" not in names))
    count = draw(st.integers(0, 12))
    columns = [Column("KEY", "", "Char", 4)]
    records: dict[str, Any] = {"KEY": pd.array([f"{number:04}" for number in range(count)], dtype=TEXT)}
    for name in names:
        is_number = draw(st.booleans())
        values = draw(st.lists(NUMBERS if is_number else TEXTS, min_size=count, max_size=count))
        longest = max((len(value) for value in values if isinstance(value, str)), default=1)
        length = 8 if is_number else draw(st.integers(longest, 200))
        columns.append(Column(name, draw(LABELS), "Num" if is_number else "Char", length))
        records[name] = pd.array(values, dtype=NUMBER if is_number else TEXT)
    return Table(draw(NAMES), draw(LABELS), tuple(columns), pd.DataFrame(records), np.arange(1, count + 1))


EXAMPLES = settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@given(tables())
@EXAMPLES
def test_we_read_what_we_write(tmp_path: Path, table: Table):
    path = tmp_path / "any.xpt"
    xpt.write(table, path, created=CREATED)
    found = xpt.read(path)
    assert (found.name, found.label, found.columns) == (table.name, table.label, table.columns)
    pd.testing.assert_frame_equal(found.records, table.records)
    assert np.array_equal(found.rows, table.rows)
    content = path.read_bytes()
    assert len(content) % 80 == 0
    xpt.write(found, path, created=CREATED)
    assert path.read_bytes() == content


@given(tables())
@EXAMPLES
def test_pyreadstat_reads_what_we_write(tmp_path: Path, table: Table):
    path = tmp_path / "any.xpt"
    xpt.write(table, path, created=CREATED)
    frame, meta = pyreadstat.read_xport(str(path))
    assert meta.table_name == table.name
    assert meta.column_names == [column.name for column in table.columns]
    assert [label or "" for label in meta.column_labels] == [column.label for column in table.columns]
    assert [meta.variable_storage_width[column.name] for column in table.columns] == [
        column.length for column in table.columns
    ]
    for column in table.columns:
        wanted = table.records[column.name]
        if column.type == "Num":
            assert np.array_equal(
                frame[column.name].to_numpy(float), wanted.to_numpy(float, na_value=np.nan), True
            )
        else:
            assert frame[column.name].tolist() == wanted.fillna("").tolist()


def of_long_records(table: Table) -> Table:
    """The table with a key of 88 bytes: pandas counts shorter records wrongly where texts end in blanks."""
    key, *others = table.columns
    return replace(table, columns=(replace(key, length=88), *others))


@given(tables().filter(lambda table: len(table.records)).map(of_long_records))
@EXAMPLES
def test_pandas_reads_what_we_write(tmp_path: Path, table: Table):
    path = tmp_path / "any.xpt"
    xpt.write(table, path, created=CREATED)
    frame = pd.read_sas(path, format="xport", encoding="ascii")
    assert len(frame) == len(table.records)
    for column in table.columns:
        wanted = table.records[column.name]
        if column.type == "Num":
            assert np.array_equal(
                by_pandas(frame[column.name]), wanted.to_numpy(float, na_value=np.nan), True
            )
        else:
            assert frame[column.name].fillna("").tolist() == wanted.fillna("").tolist()


def by_pandas(values: pd.Series) -> np.ndarray:
    """Numbers as pandas reads them, but for 0, which it takes for the smallest number (5.4e-79)."""
    numbers = values.to_numpy(float)
    return np.where(numbers == SMALLEST, 0, numbers)


def test_three_readers_agree_on_a_file_of_several_blocks(tmp_path: Path):
    draw = np.random.default_rng(20140101)
    count = 40_001
    texts = np.array([None, "ALT", "AST", "GAMMA GLUTAMYL TRANSFERASE", "x" * 199], dtype=object)
    records = pd.DataFrame(
        {
            "LBSEQ": pd.array(np.arange(count), dtype=NUMBER),
            "LBTEST": pd.array(draw.choice(texts, count), dtype=TEXT),
            "LBREFID": pd.array([f"S{number}" for number in range(count)], dtype=TEXT),
            "LBSTRESN": pd.arrays.FloatingArray(draw.normal(0, 1e3, count), draw.random(count) < 0.1),
        }
    )
    columns = (
        Column("LBSEQ", type="Num", length=8),
        Column("LBTEST"),
        Column("LBREFID"),
        Column("LBSTRESN", type="Num", length=8),
    )
    path = tmp_path / "lb.xpt"
    xpt.write(Table("LB", "", columns, records), path, created=CREATED)
    pd.testing.assert_frame_equal(xpt.read(path).records, records)
    theirs, _ = pyreadstat.read_xport(str(path))
    pandas = pd.read_sas(path, format="xport", encoding="ascii")
    pandas = pandas.assign(LBSEQ=by_pandas(pandas["LBSEQ"]))
    for frame in (theirs, pandas):
        assert len(frame) == count
        for name in ("LBSEQ", "LBSTRESN"):
            wanted = records[name].to_numpy(float, na_value=np.nan)
            assert np.array_equal(frame[name].to_numpy(float), wanted, equal_nan=True)
        for name in ("LBTEST", "LBREFID"):
            assert frame[name].fillna("").tolist() == records[name].fillna("").tolist()
