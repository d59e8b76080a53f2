"""The expectation that Great Expectations does not have: two partial dates in order.

Imported only when expectations are run; importing it defines the metric and the expectation.
"""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnPairMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.column_pair_condition_partial import (
    column_pair_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_pair_map_metric_provider import (
    ColumnPairMapMetricProvider,
)

from validation.dates import spans, surely_after


class ColumnPairDatesInOrder(ColumnPairMapMetricProvider):
    """Whether the first date is not surely after the second."""

    condition_metric_name = "column_pair_dates.in_order"
    condition_value_keys = ("days",)

    @column_pair_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_A: pd.Series, column_B: pd.Series, **arguments: Any) -> pd.Series:
        first, then = spans(column_A, str(column_A.name)), spans(column_B, str(column_B.name))
        return pd.Series(~surely_after(first, then, int(arguments.get("days") or 0)), index=column_A.index)


class ExpectColumnPairDatesToBeInOrder(ColumnPairMapExpectation):
    """Expect the dates of column A not to be after those of B, however their missing parts are filled."""

    days: int = 0
    ignore_row_if: Literal["both_values_are_missing", "either_value_is_missing", "neither"] = (
        "either_value_is_missing"
    )
    map_metric = "column_pair_dates.in_order"
    success_keys = ("column_A", "column_B", "ignore_row_if", "days", "mostly")
    args_keys = ("column_A", "column_B", "days")
