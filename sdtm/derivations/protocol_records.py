"""The word `protocol_records`."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pandas as pd

from specs import RecordDerivation, Records
from specs.derivation import Origin


class ProtocolRecords(RecordDerivation):
    """The rows that the protocol states, as the specification lists them: TA, TE, TV, TI, TS.

    `- protocol_records: {columns: [ETCD, ELEMENT], rows: [[SCRN, Screening]]}`. An empty entry (`null`) is missing.

    >>> made = ProtocolRecords(columns=["ETCD"], rows=[["SCRN"], ["INDUC"]]).compute({})
    >>> made.data["raw.ETCD"].tolist()
    ['SCRN', 'INDUC']
    """

    source = "SDTMIG 3.4, 7"
    origin: ClassVar[Origin] = "Protocol"

    columns: tuple[str, ...]
    """the fields, in the order of the rows' entries"""
    rows: tuple[tuple[Any, ...], ...]
    """one list of entries per record"""

    def model_post_init(self, context: Any) -> None:
        wrong = [number for number, row in enumerate(self.rows, 1) if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"row {wrong[0]} has not {len(self.columns)} entries, as there are columns")

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
                    f"raw.{name}": pd.Series(
                        [None if row[at] is None else str(row[at]) for row in self.rows], dtype="string"
                    )
                    for at, name in enumerate(self.columns)
                }
            )
        )
