"""Adverse events: how many subjects, how many events, when, how grave, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from raw.simulation.parameters.frozen import Count, Frozen, Share


class Onset(Frozen):
    """When an event begins: with an injection, or on a day drawn from an interval."""

    dose: bool = False
    early: Share = 0
    """share of the events with an induction injection"""
    days: tuple[int, int] = (1, 1)
    months: tuple[int, ...] = ()


class Term(Frozen):
    """A preferred term."""

    pt: str
    patients: Count
    events: Count
    grades: str
    related: Share
    onset: str
    days: tuple[int, int]
    """duration: least and most"""
    terms: tuple[str, ...] = Field(min_length=1)
    """as reported"""
    serious: Share = 0
    """share of the events that lead to hospital"""
    diseases: Mapping[str, float] = {}
    """how much likelier it is with these"""
    only: tuple[str, ...] = ()
    stops: str | None = None
    """the disposition that it explains: each such subject has the event when treatment stops"""
    withdraws: bool = False
    """the event itself, not another reason, stopped treatment then"""

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.events < self.patients:
            raise ValueError(f"{self.pt}: fewer events ({self.events}) than patients ({self.patients})")
        return self


class Flare(Frozen):
    """The flare of one study disease."""

    pt: str
    soc: str
    term: str


class LetterCase(Frozen):
    """Shares of terms as reported in small letters, with a capital, in capitals."""

    lower: Share
    capital: Share
    upper: Share


class Comments(Frozen):
    """Free text beside an event."""

    share: Share
    texts: tuple[str, ...] = Field(min_length=1)


class AdverseEvents(Frozen):
    """All adverse events."""

    any: Count
    related: Count
    frailty: float
    severities: tuple[str, str, str]
    letter_case: LetterCase
    recovering: Share
    sequelae: Share
    postponed: Share
    comments: Comments
    onsets: Mapping[str, Onset]
    grades: Mapping[str, tuple[Share, Share, Share]]
    terms: Mapping[str, tuple[Term, ...]]
    """by system organ class"""
    flares: Mapping[str, Flare]
    """by disease; a term FLARE stands for them"""

    @property
    def all_terms(self) -> tuple[Term, ...]:
        """Every term, in the order written."""
        return tuple(term for terms in self.terms.values() for term in terms)
