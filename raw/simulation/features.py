"""The ordinary unevenness of an export, counted: partial dates, units, labels, limits, repeated runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import pyarrow.compute as pc

from raw.simulation import as_text

_PARTIAL = r"^(UN/|/)"
_YEAR_FIRST = r"^\d{4}-"
_OPEN_TIME = r"^UN:"
_DATES: Mapping[str, tuple[str, ...]] = {
    "IC": ("ICDAT", "ENROLDAT"),
    "DM": ("BRTHDAT",),
    "SV": ("VISDAT",),
    "EXI": ("EXIDAT",),
    "EXM": ("EXMDAT",),
    "AE": ("AESTDAT", "AEENDAT"),
    "EOT": ("EOTDAT", "EOTLDAT"),
    "EOS": ("EOSDAT",),
}
_COUNTED: Mapping[str, Mapping[str, str]] = {
    "visit_label": {
        "SV": "FOLDER",
        "EXI": "FOLDER",
        "EXM": "FOLDER",
        "LAB_LOCAL": "VISIT",
        "LAB_CENTRAL": "VISIT",
    },
    "unit": {"LAB_LOCAL": "UNIT", "LAB_CENTRAL": "UNIT"},
    "test_label": {"LAB_LOCAL": "TEST", "LAB_CENTRAL": "TEST"},
    "visit_held": {"SV": "VISDONE"},
    "injection_given": {"EXI": "EXIYN", "EXM": "EXMYN"},
    "laboratory_comment": {"LAB_LOCAL": "COMMENT", "LAB_CENTRAL": "COMMENT"},
    "run": {"LAB_CENTRAL": "RUN"},
}


@dataclass
class Features:
    """What occurs in the export without being a fault, counted table by table before faults are planted."""

    counts: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """by feature, table, column and value"""

    def add(self, table: str, records: pd.DataFrame) -> None:
        """Count the features of some records of a table."""
        for column in _DATES.get(table, ()):
            self._matching("partial_date", table, column, records, _PARTIAL)
            self._matching("year_first_date", table, column, records, _YEAR_FIRST)
        if table in ("EXI", "EXM"):
            self._matching("open_time", table, f"{table}TIM", records, _OPEN_TIME)
        if table in ("LAB_LOCAL", "LAB_CENTRAL"):
            self._matching("below_limit", table, "RESULT", records, r"^<")
            self._matching("decimal_comma", table, "RESULT", records, r"^\d+,\d+$")
            self._matching("not_done", table, "RESULT", records, r"^NR$")
            self._matching("unreadable_sample", table, "RESULT", records, r"^hemolyse$")
        if table == "LAB_CENTRAL":
            self._matching("subject_not_padded", table, "SUBJECT", records, r"^\d-|^\d\d\d-")
        for feature, columns in _COUNTED.items():
            if table in columns:
                counted = records[columns[table]].value_counts()
                for value, count in counted.items():
                    self.counts[feature, table, columns[table], str(value)] += int(count)

    def listed(self) -> list[dict[str, object]]:
        """The counts as planted.json lists them."""
        return [
            {"feature": feature, "table": table, "column": column, "value": value, "count": count}
            for (feature, table, column, value), count in sorted(self.counts.items())
            if count
        ]

    def _matching(self, feature: str, table: str, column: str, records: pd.DataFrame, pattern: str) -> None:
        texts = as_text.column(records, column)
        self.counts[feature, table, column, ""] += int(
            pc.sum(pc.match_substring_regex(texts, pattern)).as_py() or 0
        )
