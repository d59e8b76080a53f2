"""The ground of all parameters: frozen, and no key that nobody reads."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Pair = tuple[float, float]


class Frozen(BaseModel):
    """A group of parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(Frozen):
    """From `low` to `high`, both included."""

    low: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) is above high ({self.high})")
        return self


class BySex(Frozen):
    """A pair of numbers for women and one for men."""

    F: Pair
    M: Pair
