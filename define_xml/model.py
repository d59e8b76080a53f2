"""define.xml as typed, frozen parts, in the order in which the file holds them.

Every reference is the OID of its target; "" stands for an attribute that is left out. Source: Define-XML 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DataType = Literal[
    "text",
    "integer",
    "float",
    "date",
    "datetime",
    "partialDate",
    "partialDatetime",
    "incompleteDatetime",
    "durationDatetime",
    "intervalDatetime",
]


@dataclass(frozen=True)
class Standard:
    """A guide or a terminology package that the study follows."""

    oid: str
    name: str
    type: str
    version: str
    publishing_set: str = ""
    status: str = "Final"


@dataclass(frozen=True)
class Leaf:
    """A file beside define.xml."""

    id: str
    href: str
    title: str


@dataclass(frozen=True)
class DocumentRef:
    """A place in a document: the whole of it where there are no pages."""

    leaf: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Origin:
    """Where the values of a variable come from."""

    type: str
    source: str = ""
    description: str = ""
    documents: tuple[DocumentRef, ...] = ()


@dataclass(frozen=True)
class ItemRef:
    """A variable in its dataset, or a value level in its list; a variable has no `where`."""

    item: str
    order: int
    mandatory: bool = False
    key: int | None = None
    method: str = ""
    role: str = ""
    has_no_data: bool = False
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class ValueList:
    """The value levels of one variable."""

    oid: str
    items: tuple[ItemRef, ...]


@dataclass(frozen=True)
class RangeCheck:
    """A comparison of a variable with values."""

    item: str
    comparator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class WhereClause:
    """Comparisons that hold together."""

    oid: str
    checks: tuple[RangeCheck, ...]


@dataclass(frozen=True)
class ItemGroup:
    """A dataset; without records it has no file, and a comment says so."""

    oid: str
    name: str
    label: str
    purpose: str
    structure: str
    class_name: str
    subclass: str
    standard: str
    repeating: bool
    reference_data: bool
    items: tuple[ItemRef, ...]
    domain: str = ""
    """SDTM only"""
    parent_label: str = ""
    """the label of the parent domain, where the dataset is not named as its domain"""
    comment: str = ""
    leaf: Leaf | None = None


@dataclass(frozen=True)
class Item:
    """A variable, or one value level of it."""

    oid: str
    name: str
    label: str
    type: DataType
    length: int | None = None
    significant_digits: int | None = None
    format: str = ""
    comment: str = ""
    codelist: str = ""
    origins: tuple[Origin, ...] = ()
    value_list: str = ""


@dataclass(frozen=True)
class Term:
    """A term of a codelist; `code` is that of NCI, "" for a sponsor's term."""

    value: str
    decode: str = ""
    code: str = ""
    extended: bool = False


@dataclass(frozen=True)
class Dictionary:
    """An external codelist, whose terms are not listed."""

    name: str
    version: str = ""
    ref: str = ""


@dataclass(frozen=True)
class CodeList:
    """Terms, all with decodes or none; or a dictionary. A sponsor's list has no standard and no code."""

    oid: str
    name: str
    type: Literal["text", "integer", "float"]
    terms: tuple[Term, ...] = ()
    dictionary: Dictionary | None = None
    standard: str = ""
    code: str = ""

    @property
    def decoded(self) -> bool:
        """Whether its terms have decodes."""
        return any(term.decode for term in self.terms)


@dataclass(frozen=True)
class Method:
    """How a variable is computed: in words, and as the specification writes it."""

    oid: str
    name: str
    type: str
    text: str
    expression: str = ""


@dataclass(frozen=True)
class Comment:
    """A remark on a dataset, a variable or the whole."""

    oid: str
    text: str


@dataclass(frozen=True)
class Define:
    """The whole of define.xml."""

    file_oid: str
    created: str
    study_oid: str
    study_name: str
    study_description: str
    protocol_name: str
    oid: str
    name: str
    description: str
    comment: str
    standards: tuple[Standard, ...]
    annotated_crf: tuple[DocumentRef, ...]
    supplemental: tuple[DocumentRef, ...]
    value_lists: tuple[ValueList, ...]
    where_clauses: tuple[WhereClause, ...]
    groups: tuple[ItemGroup, ...]
    items: tuple[Item, ...]
    codelists: tuple[CodeList, ...]
    methods: tuple[Method, ...]
    comments: tuple[Comment, ...]
    leaves: tuple[Leaf, ...]
