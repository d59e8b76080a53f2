"""Visits, injections, and how the EDC records them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from raw.simulation.parameters.frozen import Count, Frozen, Interval, Positive, Share

Content = Literal["safety", "inflammation", "thyroid"]
Way = Literal["english", "french", "day", "number", "long"]


class Visit(Frozen):
    """A planned visit."""

    number: int
    name: str
    day: int
    """the planned day: day 1 is the day of the first injection, and no day is 0"""
    window: int = 0
    dose: bool = False
    content: tuple[Content, ...] = ()


class Unscheduled(Frozen):
    """Visits that nobody planned."""

    per_cohort: Count
    days: Interval
    content: tuple[Content, ...]
    label: str
    laboratory_labels: tuple[str, ...] = Field(min_length=1)


class Calendar(Frozen):
    """The visits of a subject, and what they are called."""

    visits: tuple[Visit, ...] = Field(min_length=2)
    spread: Positive
    """standard deviation of a visit's date, in windows"""
    screening_labels: Mapping[Way, str]
    labels: Mapping[Way, str]
    early_end: str
    early_end_content: int
    unscheduled: Unscheduled

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [visit.day for visit in self.visits]
        if days != sorted(set(days)) or days[0] >= 1 or days[1] != 1:
            raise ValueError(
                "visits: the first comes before day 1, the second is day 1, and all are in order"
            )
        if self.early_end_content not in days:
            raise ValueError(f"early_end_content: no visit on day {self.early_end_content}")
        return self

    def labels_of(self, visit: Visit) -> tuple[str, ...]:
        """What the visit is called, in the order of the ways."""
        if visit.day < 1:
            return tuple(self.screening_labels[way] for way in self.labels)
        return tuple(form.format(day=visit.day, number=visit.number) for form in self.labels.values())


class Missed(Frozen):
    """Shares of the planned injections that are not given."""

    induction: Share
    maintenance: Share


class Reason(Frozen):
    """Why an injection was missed."""

    text: str
    share: Share
    held: Share
    """share of the visits that are held all the same"""


class OffWindow(Frozen):
    """Visits with an injection far from their day."""

    share: Share
    beyond: Positive
    sd: Positive
    most: Positive


class PartialInjection(Frozen):
    """Shares of the injections at home of which the diary leaves the day or the time open."""

    date: Share
    time: Share


class Exposure(Frozen):
    """The injections."""

    dose: int
    unit: str
    missed: Missed
    reasons: tuple[Reason, ...] = Field(min_length=1)
    off_window: OffWindow
    first_hour: Interval
    hour: Interval
    sites: Mapping[str, Share]
    partial: PartialInjection


class PartialDate(Frozen):
    """Shares of dates without the day, without day and month, and with the day's place left out."""

    day: Share
    month: Share
    short: Share


class Edc(Frozen):
    """How pages are filled in."""

    roles: Mapping[str, Share]
    entered_after: Interval
    birth_day_unknown: Share
    partial: PartialDate
