"""The word `protocol`."""

from typing import ClassVar

import pandas as pd

from specs import Derivation, Field
from specs.derivation import Origin


class Protocol(Derivation):
    """A value that the protocol states, from the rows that the specification lists.

    `ETCD: {protocol: ETCD}`, for records made by `protocol_records`.

    >>> Protocol(field="ETCD").compute(pd.DataFrame({"raw.ETCD": ["SCRN"]}, dtype="string")).tolist()
    ['SCRN']
    """

    source = "SDTMIG 3.4, 7"
    origin: ClassVar[Origin] = "Protocol"
    shorthand = "field"

    field: Field
    """the column of the listed rows"""

    def compute(self, records: pd.DataFrame) -> pd.Series:
        return records[self.field]
