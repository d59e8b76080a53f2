"""Sort keys: by which variables the first or last record of a group is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd
from pydantic import model_validator

from specs import Argument, Ref

_DESCENDING = " descending"


class SortKey(Argument):
    """A variable to sort by, written as `ADT` or as `ADT descending`."""

    variable: Ref
    """the variable"""
    descending: bool = False
    """whether the greatest value comes first"""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        if isinstance(given, str):
            return {"variable": given.removesuffix(_DESCENDING), "descending": given.endswith(_DESCENDING)}
        return given

    def __str__(self) -> str:
        return f"{self.variable}{_DESCENDING if self.descending else ''}"


def ordered(
    records: pd.DataFrame, within: Sequence[str], keys: Sequence[SortKey], take: Literal["first", "last"]
) -> pd.DataFrame:
    """The records by group and key, the one that is wanted at the head of its group.

    A record whose key is missing comes after all that have one, whichever end is wanted; equal records keep
    their order.
    """
    ascending = [True] * len(within) + [key.descending == (take == "last") for key in keys]
    names = [*within, *(str(key.variable) for key in keys)]
    return records.sort_values(names, ascending=ascending, kind="stable", na_position="last")
