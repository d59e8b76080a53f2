"""The study specification: read it, check it, ask it.

A Study is the whole specification as frozen models; words (Derivation, RecordDerivation) carry the algorithms. This
package imports nothing of ours.
"""

from specs.check import Check, DateOrder, Membership
from specs.codelist import Codelist, CodelistTerm
from specs.condition import Comparison, Condition
from specs.consistency import inconsistencies, raw_columns_used
from specs.conversion import Conversions, TestConversion
from specs.dataset import Dataset
from specs.derivation import (
    Derivation,
    Doubt,
    Judged,
    RecordDerivation,
    Records,
    Word,
    left_out_of,
    shown_argument,
    sources_of,
)
from specs.errors import Problem, UserError, nearest
from specs.raw_table import RawColumn, RawTable, SubjectNumber
from specs.readers import Located, read_located, read_study, validated
from specs.reference import RAW, SUBJECT_FIELD, TABLE_FIELD, Argument, Field, Ref, RelatedRecords
from specs.study import Document, StandardUse, Study
from specs.variable import Variable

__all__ = [
    "RAW",
    "SUBJECT_FIELD",
    "TABLE_FIELD",
    "Argument",
    "Check",
    "Codelist",
    "CodelistTerm",
    "Comparison",
    "Condition",
    "Conversions",
    "Dataset",
    "DateOrder",
    "Derivation",
    "Document",
    "Doubt",
    "Field",
    "Judged",
    "Located",
    "Membership",
    "Problem",
    "RawColumn",
    "RawTable",
    "RecordDerivation",
    "Records",
    "Ref",
    "RelatedRecords",
    "StandardUse",
    "Study",
    "SubjectNumber",
    "TestConversion",
    "UserError",
    "Variable",
    "Word",
    "inconsistencies",
    "left_out_of",
    "nearest",
    "raw_columns_used",
    "read_located",
    "read_study",
    "shown_argument",
    "sources_of",
    "validated",
]
