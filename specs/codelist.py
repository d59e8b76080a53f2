"""A codelist of the study: the terms it may use, their codes, and the collected texts that mean them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from specs.by_name import by_name


class CodelistTerm(BaseModel):
    """One term: the submission value, what it means, and how it was collected."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: str
    """the CDISC submission value, or the sponsor's term"""
    decode: str = ""
    """what the value means, in words"""
    code: str = ""
    """the NCI code; "" for a sponsor's term"""
    synonyms: tuple[str, ...] = ()
    """texts of the export that mean this term, to the letter"""
    extended: bool = False
    """a sponsor's term in an extensible list of CDISC terminology"""


class Codelist(BaseModel):
    """A list of terms, cut to the study.

    `code`, `package` and `version` are those of CDISC terminology; all three are "" for a sponsor's list.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """the short name that variables refer to"""
    label: str = ""
    """the name in define.xml"""
    code: str = ""
    extensible: bool = False
    package: str = ""
    """SDTM or ADaM"""
    version: str = ""
    """the date of the package"""
    dictionary: str = ""
    """for an external codelist such as ISO 3166 or MedDRA: its name; its terms are not listed"""
    dictionary_version: str = ""
    terms: tuple[CodelistTerm, ...] = ()

    @cached_property
    def by_value(self) -> Mapping[str, CodelistTerm]:
        """The terms by submission value, in the order of the list."""
        return {term.value: term for term in self.terms}

    @cached_property
    def by_collected(self) -> Mapping[str, str]:
        """The submission value for each text that may have been collected: the value itself, then its synonyms."""
        by_synonym = {synonym: term.value for term in self.terms for synonym in term.synonyms}
        return {**by_synonym, **{term.value: term.value for term in self.terms}}

    @cached_property
    def decodes(self) -> Mapping[str, str]:
        """The decode of each submission value."""
        return {term.value: term.decode or term.value for term in self.terms}

    def __str__(self) -> str:
        return self.name

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A codelist may stand as an argument by its name: the reader hands the study's lists over in the context."""
        return by_name("codelist", "codelists", "declare it in codelists.yaml", handler(source))
