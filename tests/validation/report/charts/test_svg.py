"""Elements and scales: the examples of their documentation hold, and texts cannot become elements."""

from __future__ import annotations

import doctest
import importlib

import pytest

from validation.report.charts import svg


@pytest.mark.parametrize("module", ["charts.svg", "charts.figure", "page"])
def test_documented_examples_hold(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"validation.report.{module}"))
    assert result.attempted > 0
    assert result.failed == 0


def test_texts_are_escaped_and_elements_are_not_escaped_twice() -> None:
    hostile = '"><script>alert(1)</script>'
    assert svg.group(svg.title(hostile), svg.text(1, 2, "a & b", kind=hostile)) == (
        "<g><title>&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>"
        '<text x="1" y="2" class="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">a &amp; b</text></g>'
    )


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [(0, 0, (0, 1)), (0, 7, (0, 1, 2, 3, 4, 5, 6, 7)), (0, 1300, (0, 200, 400, 600, 800, 1000, 1200, 1400))],
)
def test_steps_are_round_and_cover(low: float, high: float, steps: tuple[int, ...]) -> None:
    assert svg.round_steps(low, high) == steps
