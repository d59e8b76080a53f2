"""Whose rows they are: the subject's number as the study writes it, whatever the padding of the file."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine import TEXT
from specs import RawTable, SubjectNumber

SUBJECT_UNREADABLE = "SUBJECT_UNREADABLE"
SUBJECT_UNKNOWN = "SUBJECT_UNKNOWN"


def subjects_of(records: pd.DataFrame, table: RawTable, number: SubjectNumber) -> pd.Series:
    """The canonical subject number of each row; missing where it cannot be read. All missing in a table of no subject."""
    if table.subject is None:
        return pd.Series([pd.NA] * len(records), index=records.index, dtype=TEXT)
    written = records[table.subject]
    known = {text: number.canonical(text, table.form) for text in written.dropna().unique()}
    return written.map(known, na_action="ignore").astype(TEXT)


def strangers(
    subjects: pd.Series, table: RawTable, registered: frozenset[str] | None
) -> npt.NDArray[np.str_]:
    """For each row "" or the code of why it is nobody's: its number cannot be read, or is not in the register."""
    codes = np.full(len(subjects), "", dtype="U24")
    if table.subject is None:
        return codes
    codes[subjects.isna().to_numpy()] = SUBJECT_UNREADABLE
    if registered is not None and not table.is_register:
        codes[(subjects.notna() & ~subjects.isin(registered)).to_numpy()] = SUBJECT_UNKNOWN
    return codes
