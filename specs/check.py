"""A check of the study's own: what must never be found in a written dataset, and what to do when it is."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from specs.condition import Condition
from specs.reference import Argument, Ref


class DateOrder(Argument):
    """Two ISO 8601 dates of which the first must not be after the second, compared as far as both are known.

    A date may be read in another dataset, `DS.DSSTDTC`. Where the subject has several records there, the
    earliest of them is the first date, or the latest of them the second: only what every one of them
    contradicts is a finding.
    """

    first: Ref
    then: Ref
    days: int = 0
    """how many days the first may be after the second all the same"""
    where: Condition | None = None
    """the records of the other dataset that count; without it all of the subject's"""

    @property
    def other(self) -> str:
        """The other dataset; "" where both dates stand on the record itself."""
        return self.first.dataset or self.then.dataset

    @model_validator(mode="after")
    def _one_other(self) -> DateOrder:
        if self.first.dataset and self.then.dataset and self.first.dataset != self.then.dataset:
            raise ValueError("the two dates stand in two other datasets: check one of those instead")
        if self.where is not None and not self.other:
            raise ValueError(
                "`where` chooses records of another dataset, and both dates stand on the record itself"
            )
        return self


class Membership(Argument):
    """Values that must occur together in another dataset."""

    variables: tuple[str, ...]
    """the variables, which both datasets have"""
    dataset: str
    where: Condition | None = None
    """the records of the other dataset that count"""


class Check(BaseModel):
    """One check, of exactly one kind: `never`, `order` or `member`.

    In a condition, a reference such as `DM.RFICDTC` reads the subject's only record of another dataset.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    code: str
    """its name in the findings, such as AE_END_BEFORE_START"""
    dataset: str
    severity: Literal["error", "warning", "notice"] = "error"
    variable: str
    """the variable that a finding points at"""
    message: str
    to_do: str
    why: str = ""
    where: Condition | None = None
    """the records that are looked at; without it all"""
    never: Condition | None = None
    """a record for which this holds is a finding"""
    order: DateOrder | None = None
    member: Membership | None = None
    line: str = ""

    @model_validator(mode="after")
    def _one_kind(self) -> Check:
        kinds = [name for name in ("never", "order", "member") if getattr(self, name) is not None]
        if len(kinds) != 1:
            raise ValueError("a check has exactly one of never, order, member")
        return self

    def reads(self) -> dict[Ref, None]:
        """Every variable that it reads, `DATASET.VARIABLE` where it is not one of the check's own dataset."""
        names: list[str] = [self.variable]
        for condition in (self.where, self.never):
            names += condition.variables if condition is not None else ()
        if self.order is not None:
            names += [self.order.first, self.order.then]
            names += [f"{self.order.other}.{name}" for name in _variables(self.order.where)]
        if self.member is not None:
            names += self.member.variables
            there = (*self.member.variables, *_variables(self.member.where))
            names += [f"{self.member.dataset}.{name}" for name in there]
        return {Ref(name): None for name in names}


def _variables(condition: Condition | None) -> tuple[str, ...]:
    return condition.variables if condition is not None else ()
