"""Transport files: our writer and reader against pyreadstat, and against the bare writing of the same bytes.

python bench/xpt.py [records]

prints seconds and ratios measured in the same run, on a laboratory dataset of 25 variables (15 texts, 10
numbers).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from exchange import NUMBER, TEXT, Column, Table, xpt

CREATED = datetime(2024, 3, 1, 8, 30)
RATIOS = (
    ("write, pyreadstat", "write, ours", "target: at least 40"),
    ("write, pyreadstat (objects)", "write, ours", ""),
    ("read, pyreadstat", "read, ours", "target: at least 8"),
    ("write, ours", "write, tofile", "target: at most 10"),
)


def laboratory(count: int) -> Table:
    """A dataset as LB is: keys, codes, verbatim results, dates; some texts missing, some distinct in each
    record.
    """
    draw = np.random.default_rng(20240301)
    subjects = np.array([f"TRANSREG-01-{number:05}" for number in range(max(1, count // 600))], dtype=object)
    codes = {
        f"CODE{number}": np.array(
            ["TERM OF A CODELIST, IN FULL"[: 1 + term % (3 + 3 * number)] for term in range(40)]
        )
        for number in range(8)
    }
    days = np.array([f"{day}T08:30" for day in np.arange("2014-01-01", "2017-12-31", dtype="datetime64[D]")])
    texts = {
        "STUDYID": np.array(["NCT01988506"]),
        "DOMAIN": np.array(["LB"]),
        "USUBJID": subjects,
        "LBDTC": days,
        "LBORRES": np.array([f"{value / 100}" for value in range(50_000)]),
        "LBREASND": np.array(
            [None, None, None, "SAMPLE HAEMOLYSED ON ARRIVAL AT THE LABORATORY"], dtype=object
        ),
        **codes,
    }
    records = {name: draw.choice(np.asarray(of, dtype=object), count) for name, of in texts.items()}
    records["LBREFID"] = np.array([f"S{number:09}" for number in range(count)], dtype=object)
    frame = {name: pd.array(values, dtype=TEXT) for name, values in records.items()}
    for number in range(10):
        values = draw.normal(50, 20, count) if number % 2 else draw.integers(0, 2000, count).astype(float)
        frame[f"NUM{number}"] = pd.arrays.FloatingArray(values, draw.random(count) < 0.05)
    columns = tuple(
        Column(
            name,
            f"Label of {name}",
            "Num" if values.dtype == NUMBER else "Char",
            8 if values.dtype == NUMBER else 0,
        )
        for name, values in frame.items()
    )
    return Table("LB", "Laboratory Test Results", columns, pd.DataFrame(frame), np.arange(1, count + 1))


def seconds(what: Callable[[], object], times: int, written: Path | None = None) -> float:
    """The shortest of several runs; a file that is written is new each time."""
    taken = []
    for _ in range(times):
        if written:
            written.unlink(missing_ok=True)
        start = time.perf_counter()
        what()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main(count: int) -> int:
    table = laboratory(count)
    usual, objects = (
        table.records.astype({each.name: text if each.type == "Char" else float for each in table.columns})
        for text in ("str", object)
    )
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs, bare = (Path(folder) / name for name in ("lb.xpt", "theirs.xpt", "bare.bin"))
        taken = {"write, ours": seconds(lambda: xpt.write(table, ours, created=CREATED), 7, ours)}
        content = np.fromfile(ours, dtype=np.uint8)
        taken["write, tofile"] = seconds(lambda: content.tofile(bare), 7, bare)
        for name, frame in {"": usual, " (objects)": objects}.items():
            write = partial(
                pyreadstat.write_xport, frame, str(theirs), file_format_version=5, table_name="LB"
            )
            taken[f"write, pyreadstat{name}"] = seconds(write, 2, theirs)
        taken["read, ours"] = seconds(lambda: xpt.read(ours), 3)
        taken["read, pyreadstat"] = seconds(lambda: pyreadstat.read_xport(str(ours)), 2)
        print(f"{count} records of {len(table.columns)} variables, {ours.stat().st_size / 1e6:.1f} MB")
    for name, value in taken.items():
        print(f"  {name:<30} {value:8.3f} s")
    for over, under, bound in RATIOS:
        print(f"  {over + ' / ' + under.split(', ')[1]:<36} {taken[over] / taken[under]:6.1f}   {bound}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 600_000))
