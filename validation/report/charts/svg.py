"""Elements of a drawing, always escaped, and the scales that place them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 960
"""The width of every picture in its own units; the page scales it."""

BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, INK = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#a8558a",
    "#b87a00",
    "#3a9bdc",
    "#30363d",
)
"""Colours that any colour vision tells apart (after Okabe and Ito), dark enough for lines on white."""
GREY, LINE = "#6b7480", "#dde2e8"

Attribute = str | int | float


def number(value: float) -> str:
    """A coordinate with at most one decimal.

    >>> number(3), number(2.04), number(-0.04), number(7.25)
    ('3', '2', '0', '7.2')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, attributes: Mapping[str, Attribute], *children: str) -> Markup:
    """An element; texts are escaped unless they are elements themselves.

    >>> print(element("text", {"x": 1.25, "class": "a&b"}, "<"))
    <text x="1.2" class="a&amp;b">&lt;</text>
    """
    written = "".join(
        f' {key}="{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    content = "".join(str(escape(child)) for child in children)
    return Markup(f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>")  # noqa: S704


def group(*children: str, **attributes: str) -> Markup:
    """Elements that belong together; the first is often their title."""
    return element("g", attributes, *children)


def text(x: float, y: float, content: str, **attributes: Attribute) -> Markup:
    """A text; `anchor` is start, middle or end, `kind` its class."""
    names = {"anchor": "text-anchor", "kind": "class"}
    placed: dict[str, Attribute] = {"x": x, "y": y}
    return element("text", placed | {names.get(k, k): v for k, v in attributes.items()}, content)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = LINE, **attributes: Attribute) -> Markup:
    """A straight line."""
    return element("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": stroke, **attributes})


def rect(x: float, y: float, width: float, height: float, fill: str, *children: str) -> Markup:
    """A filled rectangle."""
    return element("rect", {"x": x, "y": y, "width": width, "height": height, "fill": fill}, *children)


def title(content: str) -> Markup:
    """What a pointer that rests on the group is shown."""
    return element("title", {}, content)


def drawing(key: str, height: float, heading: str, description: str, *children: str) -> Markup:
    """A whole picture with its accessible name and description."""
    attributes: dict[str, Attribute] = {
        "viewBox": f"0 0 {WIDTH} {number(height)}",
        "role": "img",
        "aria-labelledby": f"{key}-title {key}-desc",
    }
    named = (
        element("title", {"id": f"{key}-title"}, heading),
        element("desc", {"id": f"{key}-desc"}, description),
    )
    return element("svg", attributes, *named, *children)


def shortened(label: str, longest: int) -> str:
    """The label, cut with an ellipsis where it is longer than `longest` characters.

    >>> shortened("Injection site erythema", 15)
    'Injection site…'
    """
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def common_start(labels: Sequence[str]) -> str:
    """What all labels begin with, up to and including a hyphen; "" where there is nothing or one label only.

    >>> common_start(["NCT01988506-01-007", "NCT01988506-02-001"]), common_start(["01-701", "02-701"])
    ('NCT01988506-', '')
    """
    if len(labels) < 2:
        return ""
    first, last = min(labels), max(labels)
    same = next(
        (at for at, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), len(first)
    )
    start = first[:same]
    return start[: start.rfind("-") + 1]


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` laid out from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high != self.low else 0.5
        return self.start + share * (self.end - self.start)


def round_steps(low: float, high: float, about: int = 6) -> tuple[int, ...]:
    """Whole round numbers (1, 2 or 5 times a power of ten apart) that cover low to high, about so many.

    >>> round_steps(0, 20), round_steps(-14, 240), round_steps(0, 1)
    ((0, 5, 10, 15, 20), (-50, 0, 50, 100, 150, 200, 250), (0, 1))
    """
    rough = max((high - low) / about, 1e-9)
    power = 10 ** math.floor(math.log10(rough))
    step = max(1, round(next(each * power for each in (1, 2, 5, 10) if each * power >= rough * 0.8)))
    first, last = math.floor(low / step), math.ceil(high / step)
    return tuple(step * each for each in range(first, max(last, first + 1) + 1))


def legend(x: float, y: float, entries: Sequence[tuple[Markup, str]]) -> Markup:
    """Marks with their meaning, side by side; each mark is drawn around 0,0 in a field 16 wide."""
    drawn: list[Markup] = []
    for mark, meaning in entries:
        drawn.append(element("g", {"transform": f"translate({number(x + 8)} {number(y)})"}, mark))
        drawn.append(text(x + 20, y + 4, meaning))
        x += 42 + sum(10 if each.isupper() else 7 for each in meaning)
    return group(*drawn)
