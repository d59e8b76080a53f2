"""The check STANDARD_UNIT_SEVERAL."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from engine import Severity
from validation.check import Fault, StandingCheck, group_faults
from validation.written import Written


class StandardUnitSeveral(StandingCheck):
    """A test of one specimen and method whose standard results have several units."""

    severity: ClassVar[Severity] = "error"
    title = "standard results of one test have several units"
    why = (
        "Standard results are there to be compared (SDTMIG 3.4, 4.5.1); a second unit means an "
        "unconverted number."
    )
    to_do = "add the collected unit to the conversions of the test, or have the unit corrected"
    applies_to = "--STRESU of findings domains, by --TESTCD, --SPEC and --METHOD"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.sdtm:
            prefix = dataset.prefix
            unit, test = f"{prefix}STRESU", f"{prefix}TESTCD"
            if not prefix or not dataset.has(unit, test):
                continue
            names = [test, *(name for name in (f"{prefix}SPEC", f"{prefix}METHOD") if dataset.has(name))]
            known = dataset.records[[*names, unit]].dropna(subset=[test, unit])
            distinct = known.drop_duplicates()
            several = distinct[distinct.duplicated(names, keep=False)]
            for _, group in several.groupby(names, sort=True, dropna=False):
                units = ", ".join(f"'{each}'" for each in sorted(group[unit]))
                same = known.merge(
                    group[names].drop_duplicates(), on=names, how="left", indicator=True, validate="m:1"
                )
                positions = np.flatnonzero(
                    dataset.records.index.isin(known.index[(same["_merge"] == "both").to_numpy()])
                )
                message = f"{test} {group[test].iloc[0]} has standard results in {units}"
                yield from group_faults(self.described(), dataset, unit, [positions], message)
