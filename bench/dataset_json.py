"""Dataset-JSON: our writer and reader against the standard library's json, row by row, on the same data.

python bench/dataset_json.py [records]

prints megabytes, seconds and ratios measured in the same run, on a laboratory dataset of 25 variables (15
texts, 10 numbers); in one record of six a quote has to be escaped. The rows of the
standard library are made beforehand and are not timed; its reader makes rows only, no table.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from exchange import NUMBER, TEXT, Column, Table, dataset_json

CREATED = datetime(2024, 3, 1, 8, 30)
RATIOS = (
    ("write, json.dumps by row", "write, .ndjson", "target: at least 2"),
    ("write, json.dumps by row", "write, .json", "target: at least 2"),
    ("read, json.loads by row", "read, .ndjson", "target: at least 1"),
    ("read, json.loads by row", "read, .json", "target: at least 1"),
)


def laboratory(count: int) -> Table:
    """A dataset as ADLB is: keys, codes, verbatim results, dates, numbers; some values missing."""
    draw = np.random.default_rng(20240301)
    texts: dict[str, Any] = {
        "STUDYID": ["NCT01988506"],
        "USUBJID": [f"TRANSREG-01-{number:05}" for number in range(max(1, count // 600))],
        "LBDTC": [f"{day}T08:30" for day in np.arange("2014-01-01", "2017-12-31", dtype="datetime64[D]")],
        "LBORRES": [f"{value / 100}" for value in range(50_000)],
        "LBREASND": [None, None, "SAMPLE HAEMOLYSED ON ARRIVAL AT THE LABORATORY"],
        "LBCOMM": [None, None, 'REPORTED AS "NOT DONE"', "RÉSULTAT CONFIRMÉ", "CONFIRMED", "REPEATED"],
        **{
            f"CODE{number}": [
                "TERM OF A CODELIST, IN FULL"[: 1 + term % (3 + 3 * number)] for term in range(40)
            ]
            for number in range(8)
        },
    }
    frame: dict[str, Any] = {
        name: pd.array(draw.choice(np.array(of, dtype=object), count), dtype=TEXT)
        for name, of in texts.items()
    }
    frame["LBREFID"] = pd.array([f"S{number:09}" for number in range(count)], dtype=TEXT)
    for number in range(10):
        dated = number in (2, 4)
        values = draw.normal(50, 20, count) if number % 2 else draw.integers(0, 20_000, count).astype(float)
        frame[f"DATE{number}" if dated else f"NUM{number}"] = pd.arrays.FloatingArray(
            values, draw.random(count) < 0.05
        )
    columns = tuple(
        Column(
            name,
            f"Label of {name}",
            "Num" if values.dtype == NUMBER else "Char",
            8 if values.dtype == NUMBER else 60,
            "DATE9." if name.startswith("DATE") else "",
        )
        for name, values in frame.items()
    )
    return Table("LB", "Laboratory Test Results", columns, pd.DataFrame(frame), np.arange(1, count + 1))


def by_json_dumps(rows: list[tuple[Any, ...]], path: Path) -> None:
    """What the standard library does: a text per row."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def by_json_loads(path: Path) -> int:
    """What the standard library does: a list per row."""
    with path.open(encoding="utf-8") as file:
        return len([json.loads(line) for line in file])


def seconds(what: Any, times: int = 3) -> float:
    """The shortest of several runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main(count: int) -> int:
    table = laboratory(count)
    taken: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for layout in (".ndjson", ".json"):
            path = Path(folder) / f"lb{layout}"
            taken[f"write, {layout}"] = seconds(
                lambda to=path: dataset_json.write(table, to, created=CREATED)
            )
            taken[f"read, {layout}"] = seconds(lambda of=path: dataset_json.read(of))
            pd.testing.assert_frame_equal(dataset_json.read(path).records, table.records)
            print(
                f"{count} records of {len(table.columns)} variables, {path.stat().st_size / 1e6:.1f} MB ({layout})"
            )
        rows = list(
            zip(
                *(
                    values.astype(object).where(values.notna(), None).tolist()
                    for _, values in table.records.items()
                ),
                strict=True,
            )
        )
        theirs = Path(folder) / "theirs.ndjson"
        taken["write, json.dumps by row"] = seconds(lambda: by_json_dumps(rows, theirs), 1)
        taken["read, json.loads by row"] = seconds(lambda: by_json_loads(theirs), 1)
    for name, value in taken.items():
        print(f"  {name:<26} {value:8.3f} s")
    for over, under, bound in RATIOS:
        print(f"  {over} / {under:<16} {taken[over] / taken[under]:6.1f}   {bound}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 600_000))
