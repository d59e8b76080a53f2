"""Tables for the tests of files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from exchange import NUMBER, TEXT, Column, Table

CREATED = datetime(2024, 3, 1, 8, 30, 15)


@pytest.fixture
def created() -> datetime:
    """The moment that written files state."""
    return CREATED


@pytest.fixture
def dataset() -> Callable[..., Table]:
    """Makes a table: `dataset("AE", {Column("AESEQ", type="Num"): [1, 2]})`."""

    def make(name: str, columns: dict[Column, list[object]], label: str = "") -> Table:
        records = pd.DataFrame(
            {
                at: pd.array(values, dtype=NUMBER if column.type == "Num" else TEXT)
                for at, (column, values) in enumerate(columns.items())
            }
        )
        records.columns = pd.Index([column.name for column in columns])
        return Table(name, label, tuple(columns), records, np.arange(1, len(records) + 1, dtype=np.int64))

    return make
