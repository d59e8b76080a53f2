"""The check SEQ_REPEATED."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck, group_faults, repeated
from validation.written import SUBJECT, Written


class SeqRepeated(StandingCheck):
    """Records of one subject with the same sequence number; in TS, records of one parameter."""

    severity: ClassVar[Severity] = "error"
    title = "a sequence number occurs twice within a subject"
    why = (
        "--SEQ names one record of a subject (SDTM 2.0, Identifiers); SUPP-- and RELREC point to records "
        "by it."
    )
    to_do = "see how the sequence is counted in the specification"
    applies_to = "--SEQ of SDTM domains, ASEQ of ADaM datasets"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.all:
            sequence = f"{dataset.prefix}SEQ" if dataset.prefix else "ASEQ"
            within = "TSPARMCD" if dataset.name == "TS" else SUBJECT
            names = [within, sequence] if dataset.has(within) else [sequence]
            if dataset.has(sequence):
                known = dataset.records[sequence].notna().to_numpy()
                groups = [group for group in repeated(dataset.records, names) if known[group[0]]]
                message = f"{{count}} records have the same {' and '.join(names)}"
                yield from group_faults(self.described(), dataset, sequence, groups, message)
