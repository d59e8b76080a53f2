"""The word `subject_identifier`."""

from typing import ClassVar, Self

import pandas as pd
from pydantic import model_validator

from specs import Derivation, Ref, SubjectNumber
from specs.derivation import Origin


class SubjectIdentifier(Derivation):
    """The subject's number, whole and with the study before it (USUBJID), or one digit group of it.

    The number is the study's way to write it, whatever the padding of the file that the record came from:
    `USUBJID: {subject_identifier: {prefix: NCT01988506-}}`, `SITEID: {subject_identifier: {group: site}}`.

    >>> records = pd.DataFrame({"raw.@SUBJECT": ["01-007"]}, dtype="string")
    >>> SubjectIdentifier(prefix="NCT01988506-", form="{site:2}-{number:3}").compute(records).tolist()
    ['NCT01988506-01-007']
    >>> SubjectIdentifier(group="site", form="{site:2}-{number:3}").compute(records).tolist()
    ['01']
    """

    source = "SDTMIG 3.4, 4.1.2"
    origin: ClassVar[Origin] = "Assigned"
    method = ""
    shorthand = "group"

    group: str = ""
    """a digit group of the study's form; "" for the whole number"""
    prefix: str = ""
    """what stands before it"""
    form: str
    """the study's form; without it that of raw.yaml"""
    number: Ref = Ref("raw.@SUBJECT")
    """the subject's number as the study writes it"""

    @model_validator(mode="after")
    def _group_exists(self) -> Self:
        groups = SubjectNumber(form=self.form).pattern().groupindex
        if self.group and self.group not in groups:
            raise ValueError(f"'{self.form}' has no digit group '{self.group}': it has {', '.join(groups)}")
        return self

    def compute(self, records: pd.DataFrame) -> pd.Series:
        text = records[self.number].astype("string")
        if self.group:
            text = text.str.extract(SubjectNumber(form=self.form).pattern(), expand=True)[self.group]
        return self.prefix + text.astype("string")
