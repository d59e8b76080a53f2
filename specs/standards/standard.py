"""What a CDISC guide says of its datasets and variables, and which of them a name stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal


@dataclass(frozen=True, slots=True)
class StandardVariable:
    """A variable as its guide lists it.

    Fields that the guide leaves open are "" or empty: ADaM has no roles, the SDTM model no core.
    """

    name: str
    """the name; in ADaM it may be a template, as TRTxxP or *DT"""
    label: str
    """the label; "" when the guide leaves its wording to the study"""
    type: Literal["Char", "Num"]
    role: str = ""
    """Identifier, Topic, Timing, Rule, or a kind of qualifier"""
    core: str = ""
    """Req, Exp or Perm in SDTM; Req, Cond or Perm in ADaM"""
    codelists: tuple[str, ...] = ()
    """the short names of the codelists that its values come from"""
    format: str = ""
    """the described value domain, as ISO 8601 duration or MedDRA"""
    values: tuple[str, ...] = ()
    """the values it may have, where the guide lists them"""
    before: str = field(default="", compare=False)
    """of one that the guide does not list: the listed one in front of which the model has it; "" for none"""


@dataclass(frozen=True)
class StandardDataset:
    """A domain or an analysis structure as its guide lists it."""

    name: str
    label: str
    class_name: str
    """the class in define.xml's words"""
    structure: str
    variables: tuple[StandardVariable, ...]
    """the variables that the guide lists, in its order"""
    read_further: Callable[[], tuple[StandardVariable, ...]] = field(default=tuple, repr=False, compare=False)
    """gives `further`; called when it is first needed"""

    @cached_property
    def further(self) -> tuple[StandardVariable, ...]:
        """The variables it may carry beyond those that its guide lists.

        In SDTM those of the model for its class; in ADaM those of the datasets it copies from, and the
        endings that ADaM reserves for names.
        """
        return self.read_further()

    def variable(self, name: str) -> StandardVariable | None:
        """The variable that `name` stands for, under that name; None when the standard knows none.

        The guide's own list comes before `further`, a name before a numbered template (TRT01P is TRTxxP); a
        template with an open beginning (*DT) comes last, the longest ending first.
        """
        own = self._own_names
        if found := own.named(name) or own.numbered(name):
            return found
        further = self._further_names
        return further.named(name) or further.numbered(name) or own.ended(name) or further.ended(name)

    @cached_property
    def _own_names(self) -> _Names:
        return _Names(self.variables)

    @cached_property
    def _further_names(self) -> _Names:
        return _Names(self.further)


@dataclass(frozen=True)
class Standard:
    """An implementation guide: its name and version as define.xml has them, and its datasets by name.

    A dataset is read when it is first asked for. SUPPAE, which no guide lists, is SUPP-- for the domain AE.
    """

    name: str
    version: str
    datasets: Mapping[str, StandardDataset]


_NUMBERS = {
    "xx": "0[1-9]|[1-9][0-9]",
    "zz": "0[1-9]|[1-9][0-9]",
    "w": "[1-9]",
    "y": "[1-9][0-9]?",
    "n": "[1-9][0-9]*",
}
"""What lowercase letters in a variable's name stand for. Source: ADaMIG 1.3, 3.1.1; n: SDTMIG 3.4, 7.4.2."""

_LETTERS = re.compile(r"xx|zz|[wyn]|\*")


class _Names:
    """Looks up variables by exact name and by template."""

    def __init__(self, variables: Iterable[StandardVariable]) -> None:
        self._exact: dict[str, StandardVariable] = {}
        self._numbered: list[tuple[re.Pattern[str], StandardVariable]] = []
        self._ended: list[tuple[re.Pattern[str], StandardVariable]] = []
        for variable in variables:
            if not _LETTERS.search(variable.name):
                self._exact.setdefault(variable.name, variable)
            elif variable.name.startswith("*"):
                self._ended.append((_pattern(variable.name), variable))
            else:
                self._numbered.append((_pattern(variable.name), variable))
        self._ended.sort(key=lambda entry: -len(entry[1].name))

    def named(self, name: str) -> StandardVariable | None:
        return self._exact.get(name)

    def numbered(self, name: str) -> StandardVariable | None:
        return _first(name, self._numbered)

    def ended(self, name: str) -> StandardVariable | None:
        return _first(name, self._ended)


def _pattern(template: str) -> re.Pattern[str]:
    parts = []
    place = 0
    for letters in _LETTERS.finditer(template):
        parts.append(re.escape(template[place : letters.start()]))
        sign = letters.group()
        parts.append("[A-Z][A-Z0-9]*" if sign == "*" else f"(?P<{sign}>{_NUMBERS[sign]})")
        place = letters.end()
    return re.compile("".join(parts) + re.escape(template[place:]))


def _first(name: str, templates: list[tuple[re.Pattern[str], StandardVariable]]) -> StandardVariable | None:
    for pattern, variable in templates:
        if match := pattern.fullmatch(name):
            label = variable.label
            for sign, number in match.groupdict().items():
                label = re.sub(rf"\b{sign}\b", number, label)
            return replace(variable, name=name, label=label)
    return None
