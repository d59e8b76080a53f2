"""Nothing lost: for each raw table, rows read = rows used + rows left out, by reason; for each column its fate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.build import Built
from specs import RAW, Problem, Records, Study, UserError, raw_columns_used


@dataclass(frozen=True)
class LeftOut:
    """Rows of a raw table that became nothing, for one reason."""

    reason: str
    because: str
    rows: int
    lines: tuple[int, ...]
    """the lines of the file on which they stand"""


@dataclass(frozen=True)
class ColumnFate:
    """What became of a raw column: the variables that it feeds, or why none."""

    column: str
    feeds: tuple[str, ...]
    not_submitted: str


@dataclass(frozen=True)
class TableAccount:
    """The account of one raw table; `read` = `used` + the rows left out."""

    table: str
    file: str
    read: int
    used: int
    records: Mapping[str, int]
    """the records of each dataset that it is a source of"""
    left_out: tuple[LeftOut, ...]
    columns: tuple[ColumnFate, ...]


def account(study: Study, raw: Mapping[str, Records], built: Sequence[Built]) -> tuple[TableAccount, ...]:
    """The account of every raw table.

    Raises UserError where a row became nothing and no reason is known: the sums do not close.
    """
    used_columns = raw_columns_used(study)
    sources = pd.concat(
        [records.sources.assign(dataset=name) for each in built for name, records in each.datasets.items()],
        ignore_index=True,
    )
    left_out = pd.concat(
        [*(each.left_out for each in built), *(r.left_out for r in raw.values())], ignore_index=True
    )
    accounts: list[TableAccount] = []
    problems: list[Problem] = []
    for name, table in study.raw.items():
        key = f"{RAW}.{name}"
        records = raw[key]
        of_table = sources[sources["table"] == key]
        used = np.zeros(len(records.lines), dtype=bool)
        used[of_table["row"].to_numpy(dtype=np.int64)] = True
        out = left_out[left_out["table"] == key].drop_duplicates("row")
        out = out[~used[out["row"].to_numpy(dtype=np.int64)]]
        gone = np.zeros(len(used), dtype=bool)
        gone[out["row"].to_numpy(dtype=np.int64)] = True
        if table.not_submitted:
            gone[:] = True
            out = pd.DataFrame(
                {"row": np.flatnonzero(~used), "reason": "NOT_SUBMITTED", "because": table.not_submitted}
            )
        lost = np.flatnonzero(~used & ~gone)
        if lost.size:
            lines = ", ".join(str(records.lines[row]) for row in lost[:5])
            problems.append(
                Problem(
                    f"{lost.size} of {len(used)} rows of raw table '{name}' became nothing, and no reason is known",
                    f"{table.file}, lines {lines}",
                    "make records of them, or leave them out with a reason: `leave_out:`",
                )
            )
        accounts.append(
            TableAccount(
                table=name,
                file=table.file,
                read=len(used),
                used=int(used.sum()),
                records={str(k): int(v) for k, v in of_table.groupby("dataset")["record"].nunique().items()},
                left_out=_by_reason(out, records),
                columns=tuple(
                    ColumnFate(column, tuple(used_columns.get((name, column), ())), spec.not_submitted)
                    for column, spec in table.columns.items()
                ),
            )
        )
    if problems:
        raise UserError(problems)
    return tuple(accounts)


def _by_reason(out: pd.DataFrame, records: Records) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(
            str(reason),
            str(because),
            len(group),
            tuple(sorted(records.lines[group["row"].to_numpy(dtype=np.int64)].tolist())),
        )
        for (reason, because), group in out.groupby(["reason", "because"], sort=True)
    )
