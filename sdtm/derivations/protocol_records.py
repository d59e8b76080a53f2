"""The word `protocol_records`."""

from collections.abc import Mapping
from typing import ClassVar, Self

import pandas as pd
from pydantic import StrictFloat, StrictInt, StrictStr, model_validator

from sdtm.number_text import plain_number
from specs import RecordDerivation, Records
from specs.derivation import Origin


class ProtocolRecords(RecordDerivation):
    """The rows that the protocol states, as the specification lists them: TA, TE, TV, TI, TS.

    `- protocol_records: {columns: [ETCD, ELEMENT], rows: [[SCRN, Screening]]}`. An empty entry (`null`) is missing; a
    number is written plainly, and one whose digits matter as they stand (`10.50`) is quoted.

    >>> made = ProtocolRecords(columns=["ETCD"], rows=[["SCRN"], ["INDUC"]]).compute({})
    >>> made.data["raw.ETCD"].tolist()
    ['SCRN', 'INDUC']
    """

    source = "SDTMIG 3.4, 7"
    origin: ClassVar[Origin] = "Protocol"

    columns: tuple[str, ...]
    """the fields, in the order of the rows' entries"""
    rows: tuple[tuple[StrictStr | StrictInt | StrictFloat | None, ...], ...]
    """one list of entries per record"""

    @model_validator(mode="after")
    def _rows_are_as_long_as_columns(self) -> Self:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} entries for {len(self.columns)} columns")
        return self

    def tables(self) -> tuple[str, ...]:
        return ()

    def datasets(self) -> tuple[str, ...]:
        return ()

    def fields(self) -> frozenset[str]:
        return frozenset(self.columns)

    def compute(self, given: Mapping[str, Records]) -> Records:
        return Records(
            pd.DataFrame(
                {
                    f"raw.{name}": pd.Series([_written(row[at]) for row in self.rows], dtype="string")
                    for at, name in enumerate(self.columns)
                }
            )
        )


def _written(entry: str | int | float | None) -> str | None:
    return plain_number(entry) if isinstance(entry, float) else None if entry is None else str(entry)
