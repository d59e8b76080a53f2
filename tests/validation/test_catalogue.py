"""The catalogue of codes."""

from __future__ import annotations

from validation import catalogue
from validation.checks import CHECKS
from validation.expectations import EXPECTATION_KINDS


def test_every_code_has_one_entry_that_says_everything() -> None:
    entries = catalogue()
    codes = [entry.code for entry in entries]
    assert codes == sorted(set(codes))
    assert set(codes) == {"CHECK_NOT_RUN", *(each.code for each in (*CHECKS, *EXPECTATION_KINDS))}
    for entry in entries:
        assert entry.title[0].islower() or entry.title.split()[0].isupper(), entry.code
        assert entry.why.endswith("."), entry.code
        assert entry.to_do, entry.code
        assert entry.applies_to, entry.code
        assert entry.details or entry.found_by == "expectation" or entry.code == "CHECK_NOT_RUN", entry.code


def test_an_entry_is_ready_to_be_printed() -> None:
    (entry,) = (entry for entry in catalogue() if entry.code == "SEQ_REPEATED")
    assert entry.severity == "error"
    assert entry.title == "a sequence number occurs twice within a subject"
    assert entry.to_do == "see how the sequence is counted in the specification"
    assert entry.applies_to == "--SEQ of SDTM domains, ASEQ of ADaM datasets"
    assert (
        entry.details
        == "Records of one subject with the same sequence number; in TS, records of one parameter."
    )
    assert entry.found_by == "check"
