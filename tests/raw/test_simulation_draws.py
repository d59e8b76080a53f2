"""Draws, texts and workbooks of the simulator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from exchange import TEXT, xlsx
from raw.simulation.as_text import clock, days, integers, numbers, stamps
from raw.simulation.draws import (
    apportioned,
    lognormal_of,
    on_weekday,
    order_within,
    scaled,
    spread_evenly,
    within,
)
from raw.simulation.planting import Planting
from raw.simulation.streams import Streams
from raw.simulation.workbook import write_workbook


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (46, [40, 1, 5], [40, 1, 5]),
        (10, [1, 1, 1], [4, 3, 3]),
        (0, [1, 2], [0, 0]),
        (7, [0, 1], [0, 7]),
    ],
    ids=["as tabulated", "a tie goes to the earlier", "nobody", "no weight, no share"],
)
def test_apportioned(total: int, weights: list[float], shares: list[int]) -> None:
    assert apportioned(total, weights).tolist() == shares


def test_a_count_is_scaled_and_rounded_half_up() -> None:
    assert [scaled(1, subjects, 46) for subjects in (22, 23, 46, 69)] == [0, 1, 1, 2]


def test_draws_stay_inside_their_bounds() -> None:
    drawn = within(Streams(1).of("test"), 5, 3, 4, 6, 10_000)
    assert drawn.min() >= 4
    assert drawn.max() <= 6
    assert drawn.mean() == pytest.approx(5, abs=0.05)


def test_a_log_normal_keeps_its_mean_and_deviation() -> None:
    normal = Streams(1).of("test").normal(size=200_000)
    drawn = lognormal_of(np.full(200_000, 1.8), np.full(200_000, 0.5), normal)
    assert (drawn.mean(), drawn.std()) == pytest.approx((1.8, 0.5), abs=0.01)


def test_even_shares_differ_from_the_exact_ones_by_less_than_one() -> None:
    drawn = spread_evenly(Streams(1).of("test"), [0.5, 0.43, 0.07], 100)
    assert np.bincount(drawn).tolist() == pytest.approx([50, 43, 7], abs=1)


def test_order_within_a_group() -> None:
    assert order_within(np.array([3, 1, 3, 3, 1])).tolist() == [0, 0, 1, 2, 1]


def test_weekends_move_to_monday() -> None:
    given = np.array(["2014-01-03", "2014-01-04", "2014-01-05", "2014-01-06", "NaT"], dtype="datetime64[D]")
    moved = on_weekday(given)
    assert [str(day) for day in moved] == ["2014-01-03", "2014-01-06", "2014-01-06", "2014-01-06", "NaT"]


def test_a_stream_does_not_depend_on_other_streams() -> None:
    streams = Streams(9)
    first = streams.of("AE").random(3).tolist()
    streams.of("LB").random(100)
    assert streams.of("AE").random(3).tolist() == first
    assert streams.of("AE", 1).random(3).tolist() != first
    assert Streams(10).of("AE").random(3).tolist() != first


def test_values_are_written_as_an_export_writes_them() -> None:
    dates = np.array(["2014-03-05", "NaT"], dtype="datetime64[D]")
    assert days(dates, "UN/%m/%Y").to_pylist() == ["UN/03/2014", None]
    assert clock(np.array([0, 605, -1])).to_pylist() == ["00:00", "10:05", None]
    assert stamps(dates[:1], np.array([3_661])).to_pylist() == ["2014-03-05T01:01:01"]
    assert integers(np.array([7, 12])).to_pylist() == ["7", "12"]


@pytest.mark.parametrize(
    ("decimals", "comma", "texts"),
    [
        (0, False, ["0", "1", "2"]),
        (2, False, ["0.00", "0.01", "0.02"]),
        (1, True, ["0,0", "0,1", "0,2"]),
        (-3, False, ["0", "1000", "2000"]),
    ],
)
def test_numbers_are_written_with_their_decimals(decimals: int, comma: bool, texts: list[str]) -> None:
    assert numbers(decimals, 2, comma).to_pylist() == texts


def test_a_workbook_is_read_back_as_written(tmp_path: Path) -> None:
    records = pd.DataFrame(
        {
            "RESULT": pd.array(["<0.05", "a & b > c", None, "<0.05"], dtype=TEXT),
            "RUN": pd.array(["1", "2", None, "10"], dtype=TEXT),
        }
    )
    about = pd.DataFrame({"README": pd.array(["made up"], dtype=TEXT)})
    write_workbook({"RESULTS": records, "README": about}, tmp_path / "a.xlsx", frozenset({"RUN"}))
    found = xlsx.read(tmp_path / "a.xlsx", name="RESULTS", sheet="RESULTS")
    pd.testing.assert_frame_equal(found.records, records)
    assert found.rows.tolist() == [2, 3, 4, 5]
    assert xlsx.read(tmp_path / "a.xlsx", name="README", sheet="README").records["README"].tolist() == [
        "made up"
    ]


def test_a_workbook_with_30_columns_names_them_as_excel_does(tmp_path: Path) -> None:
    names = [f"C{number}" for number in range(30)]
    records = pd.DataFrame({name: pd.array([name], dtype=TEXT) for name in names})
    write_workbook({"RESULTS": records}, tmp_path / "a.xlsx")
    pd.testing.assert_frame_equal(xlsx.read(tmp_path / "a.xlsx", name="R", sheet="RESULTS").records, records)


def test_planting_changes_copies_and_says_so() -> None:
    records = pd.DataFrame(
        {"SUBJID": pd.array(["01-001", "01-002"], dtype=TEXT), "SEX": pd.array(["F", "M"], dtype=TEXT)}
    )
    subjects = np.array(["01-001", "01-002"], dtype=object)
    table = Planting("DM", "DM.csv", records, subjects, Streams(1).of("test"))
    first = table.pick(np.array([True, False]), 1)
    copy = table.copied(first)
    table.write(copy, "SEX", "U")
    table.note("sex_not_allowed", copy, "SEX", "finding", "RAW_VALUE_NOT_ALLOWED")
    assert table.records["SEX"].tolist() == ["F", "M", "U"]
    assert records["SEX"].tolist() == ["F", "M"]
    (found,) = table.planted("SUBJID")
    assert (found.row, found.subject, found.value, dict(found.expect)) == (
        4,
        "01-001",
        "U",
        {"finding": "RAW_VALUE_NOT_ALLOWED"},
    )
    assert table.pick(np.array([True, False]), 1).tolist() == []


def test_a_missing_value_is_planted_as_missing() -> None:
    records = pd.DataFrame({"SUBJID": pd.array(["01-001"], dtype=TEXT)})
    table = Planting("DM", "DM.csv", records, np.array(["01-001"], dtype=object), Streams(1).of("test"))
    table.write(np.array([0]), "SUBJID", None)
    assert pa.array(table.records["SUBJID"].array).to_pylist() == [None]
