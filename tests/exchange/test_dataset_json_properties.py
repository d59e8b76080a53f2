"""What is written is what is read, in both layouts, and on the way from and to transport files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import exchange.dataset_json_rows
import exchange.dataset_json_scan
import exchange.dataset_json_writer
from exchange import NUMBER, TEXT, Column, Table, dataset_json, xpt
from exchange.ibm_float import LARGEST, SMALLEST

CREATED = datetime(2024, 3, 1, 8, 30)
EXAMPLES = settings(
    derandomize=True,
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FORMATS = {
    "": (-(10**6), 10**6),
    "DATE9.": (-700_000, 2_900_000),
    "DATETIME20.": (-(10**10), 10**11),
    "TIME8.": (0, 86_399),
}
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
ASCII_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30).filter(
    lambda text: not text.endswith(" ")
)
ANY_NUMBER = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def tables(draw: Any, texts: Any = ANY_TEXT, numbers: Any = ANY_NUMBER) -> Table:
    """Datasets of a key and up to five variables."""
    count = draw(st.integers(0, 12))
    columns = [Column("KEY", "", "Char", 4)]
    records: dict[str, Any] = {"KEY": pd.array([f"{number:04}" for number in range(count)], dtype=TEXT)}
    for name in [f"V{number}" for number in range(draw(st.integers(0, 5)))]:
        if draw(st.booleans()):
            form = draw(st.sampled_from(sorted(FORMATS)))
            whole = st.integers(*FORMATS[form]).map(float)
            values = draw(
                st.lists(
                    st.none() | whole | (st.nothing() if form else numbers), min_size=count, max_size=count
                )
            )
            columns.append(Column(name, "Label", "Num", 8, form))
            records[name] = pd.array(values, dtype=NUMBER)
        else:
            found = draw(st.lists(st.none() | texts, min_size=count, max_size=count))
            columns.append(Column(name, "", "Char", 200))
            records[name] = pd.array(found, dtype=TEXT)
    return Table("AE", "Adverse Events", tuple(columns), pd.DataFrame(records), np.arange(1, count + 1))


TRANSPORTED = tables(
    ASCII_TEXT, ANY_NUMBER.filter(lambda value: value == 0 or SMALLEST <= abs(value) <= LARGEST)
)


def same(found: Table, wanted: Table) -> None:
    assert (found.name, found.label, found.columns) == (wanted.name, wanted.label, wanted.columns)
    pd.testing.assert_frame_equal(found.records, wanted.records)
    assert np.array_equal(found.rows, wanted.rows)


@pytest.mark.parametrize("layout", [".json", ".ndjson"])
@given(table=tables())
@EXAMPLES
def test_we_read_what_we_write(layout: str, tmp_path: Path, table: Table):
    path = tmp_path / f"ae{layout}"
    dataset_json.write(table, path, created=CREATED)
    same(dataset_json.read(path), table)
    content = path.read_bytes()
    dataset_json.write(dataset_json.read(content), path, created=CREATED)
    assert path.read_bytes() == content


@given(table=tables())
@EXAMPLES
def test_files_laid_out_by_others_give_the_same_table(tmp_path: Path, table: Table):
    path = tmp_path / "ae.json"
    dataset_json.write(table, path, created=CREATED)
    found = json.loads(path.read_text("utf-8"))
    rows = found.pop("rows")
    for text in (
        json.dumps({**found, "rows": rows}),  # on one line, ASCII alone
        json.dumps({**found, "rows": rows}, indent=2, ensure_ascii=False),
        "\ufeff" + json.dumps({**found, "rows": rows}, indent="\t").replace("\n", "\r\n") + "\r\n",
        "\r\n".join(json.dumps(each) for each in (found, *rows)),
    ):
        same(dataset_json.read(text.encode("utf-8"), file="ae.json"), table)


@given(table=TRANSPORTED)
@EXAMPLES
def test_transport_files_become_dataset_json_and_again_the_same_bytes(tmp_path: Path, table: Table):
    first, between, last = tmp_path / "ae.xpt", tmp_path / "ae.json", tmp_path / "again.xpt"
    xpt.write(table, first, created=CREATED)
    dataset_json.write(xpt.read(first), between, created=CREATED)
    same(dataset_json.read(between), table)
    xpt.write(dataset_json.read(between), last, created=CREATED)
    assert last.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("layout", [".json", ".ndjson"])
@pytest.mark.parametrize("block", [1, 7, 64, 997])
def test_the_size_of_blocks_changes_nothing(layout, block, tmp_path, monkeypatch):
    count = 400
    draw = np.random.default_rng(3)
    texts = np.array([None, "ALT", "A, B", 'SAID "NO"', "FIÈVRE 🤒", "null", "[1],", "a\\b\n"], dtype=object)
    records = pd.DataFrame(
        {
            "AETERM": pd.array(draw.choice(texts, count), dtype=TEXT),
            "AESEQ": pd.arrays.FloatingArray(
                draw.integers(0, 99, count).astype(float), draw.random(count) < 0.1
            ),
            "ASTDT": pd.arrays.FloatingArray(
                draw.integers(0, 99, count).astype(float), draw.random(count) < 0.1
            ),
        }
    )
    columns = (
        Column("AETERM", "", "Char", 20),
        Column("AESEQ", type="Num", length=8),
        Column("ASTDT", type="Num", length=8, format="DATE9."),
    )
    table = Table("AE", "Événements", columns, records, np.arange(1, count + 1))
    whole, small = tmp_path / f"whole{layout}", tmp_path / f"small{layout}"
    dataset_json.write(table, whole, created=CREATED)
    monkeypatch.setattr(exchange.dataset_json_scan, "BLOCK", block)
    monkeypatch.setattr(exchange.dataset_json_rows, "BLOCK", block)
    monkeypatch.setattr(exchange.dataset_json_rows, "_RECORDS_AT_ONCE", 3)
    monkeypatch.setattr(exchange.dataset_json_writer, "_RECORDS_AT_ONCE", 7)
    same(dataset_json.read(whole), table)
    dataset_json.write(table, small, created=CREATED)
    assert small.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("layout", [".json", ".ndjson"])
@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["ALT"] * 40, id="no escapes"),
        pytest.param(['"'] + ["ALT"] * 39, id="an escape in the first record"),
        pytest.param(["ALT"] * 39 + ['"'], id="an escape in the last record"),
        pytest.param(["ALT"] * 20 + ["\\"] + ["ALT"] * 19, id="an escape in the middle"),
        pytest.param(['"'] * 40, id="an escape in every record"),
    ],
)
def test_lines_with_and_without_escapes_stay_in_order(layout, values, dataset, tmp_path):
    path = tmp_path / f"ae{layout}"
    table = dataset(
        "AE", {Column("AETERM", "", "Char", 3): values, Column("AESEQ", "", "Num", 8): list(range(40))}
    )
    dataset_json.write(table, path, created=CREATED)
    same(dataset_json.read(path), table)
