"""The word `coded_value`."""

from typing import ClassVar

import pandas as pd

from specs import Codelist, Derivation, Doubt, Field, Judged
from specs.derivation import Origin


class CodedValue(Derivation):
    """A collected text as the term of the variable's codelist that it means.

    `SEX: {coded_value: SEX}`. The text maps to the term if it is its submission value or one of the synonyms that
    codelists.yaml gives, to the letter. Any other text is held back as a finding; it is never upper-cased, trimmed or
    passed through. Where `beside` names a second field, a synonym `TEXT [BESIDE]` goes before `TEXT`. Where `otherwise`
    names a second field, it counts where the first is empty.

    >>> sexes = Codelist(name="SEX", terms=[{"value": "F", "synonyms": ["Feminin"]}])
    >>> records = pd.DataFrame({"raw.SEX": ["F", "Feminin", "feminin"]}, dtype="string")
    >>> CodedValue(field="SEX", codelist=sexes).compute(records).values.tolist()
    ['F', 'F', <NA>]
    """

    source = "SDTMIG 3.4, 4.3"
    origin: ClassVar[Origin] = "Collected"
    shorthand = "field"
    doubts: ClassVar = {
        "TERM_UNMAPPED": Doubt(
            "error",
            "the collected text maps to no term of the codelist",
            "add a synonym in codelists.yaml, or query the site",
        ),
    }

    field: Field
    """the field of the export"""
    beside: Field | None = None
    """a second field that decides where the first alone does not"""
    otherwise: Field | None = None
    """the field that counts where the first is empty"""
    codelist: Codelist
    """the codelist; without it the variable's own"""

    def compute(self, records: pd.DataFrame) -> Judged:
        text = records[self.field].astype("string")
        if self.otherwise is not None:
            text = text.fillna(records[self.otherwise].astype("string"))
        values = text.map(self.codelist.by_collected, na_action="ignore").astype("string")
        if self.beside is not None:
            both = text + " [" + records[self.beside].astype("string") + "]"
            values = both.map(self.codelist.by_collected, na_action="ignore").astype("string").fillna(values)
        doubts = pd.Series(pd.NA, index=records.index, dtype="string").mask(
            text.notna() & values.isna(), "TERM_UNMAPPED"
        )
        return Judged(values, doubts)
