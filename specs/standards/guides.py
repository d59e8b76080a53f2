"""The guides that ship, read from their text files when they are first asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from ruamel.yaml import YAML

from specs.errors import UserError, nearest
from specs.standards.standard import Standard, StandardDataset, StandardVariable


@dataclass(frozen=True)
class _Guide:
    name: str
    version: str
    folder: str


_GUIDES: Mapping[str, _Guide] = {
    "sdtmig-3.4": _Guide("SDTMIG", "3.4", "sdtmig_3_4"),
    "adamig-1.3": _Guide("ADaMIG", "1.3", "adamig_1_3"),
    "adam-occds-1.1": _Guide("ADaM-OCCDSIG", "1.1", "occds_1_1"),
}
"""The shipped guides by the name that a specification gives; `name` and `version` are those of define.xml."""

_MODEL = "sdtm_2_0.yaml"
_NAME_ENDINGS = "adam_name_endings.yaml"
_SUPP = "SUPP--"
_DATASET_ENTRIES = {"name", "label", "class", "structure", "copies_from", "variables"}
_VARIABLE_ENTRIES = {"label", "type", "role", "core", "codelists", "format", "values"}
_RESTRICTIONS = {"only", "not_in"}


@cache
def load_standard(name: str) -> Standard:
    """The guide of that name: sdtmig-3.4, adamig-1.3 or adam-occds-1.1.

    Raises UserError when no guide of that name ships; name one that does.
    """
    guide = _GUIDES.get(name)
    if guide is None:
        known = ", ".join(_GUIDES)
        remedy = nearest(name.lower(), _GUIDES, "name one of these")
        raise UserError.of(f"unknown standard '{name}'", f"the standards that ship: {known}", remedy)
    return Standard(guide.name, guide.version, _Datasets(files(__package__) / guide.folder))


class _Datasets(Mapping[str, StandardDataset]):
    """The datasets of one guide's folder, each read when it is first asked for."""

    def __init__(self, folder: Traversable) -> None:
        paths = sorted(
            (path for path in folder.iterdir() if path.name.endswith(".yaml")), key=lambda path: path.name
        )
        self._paths = {_dataset_name(path): path for path in paths}
        self._read: dict[str, StandardDataset] = {}

    def __getitem__(self, name: str) -> StandardDataset:
        if name not in self._read:
            self._read[name] = _dataset(self._paths[name]) if name in self._paths else self._supplement(name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def _supplement(self, name: str) -> StandardDataset:
        if _SUPP not in self._paths or not re.fullmatch("SUPP[A-Z][A-Z0-9]{1,3}", name):
            raise KeyError(name)
        supp = self[_SUPP]
        return replace(supp, name=name, label=supp.label.replace("--", name.removeprefix("SUPP")))


def _dataset_name(path: Traversable) -> str:
    name = path.name.removesuffix(".yaml").upper()
    return _SUPP if name == "SUPP" else name


def _dataset(path: Traversable) -> StandardDataset:
    said = _yaml(path)
    name, class_name = said["name"], said["class"]
    assert set(said) <= _DATASET_ENTRIES, f"{path.name} has an unknown entry"
    assert name == _dataset_name(path), f"{path.name} describes {name}"
    variables = _variables(said["variables"])
    listed = frozenset(variable.name for variable in variables)
    further: Callable[[], tuple[StandardVariable, ...]]
    if "copies_from" in said:
        further = partial(_copied, tuple(said["copies_from"]), listed)
    else:
        further = partial(_modelled, name, class_name, listed)
    return StandardDataset(name, said["label"], class_name, said["structure"], variables, further)


def _variables(entries: Mapping[str, Mapping[str, Any]]) -> tuple[StandardVariable, ...]:
    return tuple(_variable(name, entry) for name, entry in entries.items())


def _variable(name: str, entry: Mapping[str, Any]) -> StandardVariable:
    assert set(entry) <= _VARIABLE_ENTRIES | _RESTRICTIONS, f"{name} has an unknown entry"
    assert entry["type"] in ("Char", "Num"), f"{name} is neither Char nor Num"
    label: str = entry["label"]
    return StandardVariable(
        name=name,
        label="" if label.startswith("{") else label,
        type=entry["type"],
        role=entry.get("role", ""),
        core=entry.get("core", ""),
        codelists=tuple(entry.get("codelists", ())),
        format=entry.get("format", ""),
        values=tuple(entry.get("values", ())),
    )


def _modelled(name: str, class_name: str, listed: frozenset[str]) -> tuple[StandardVariable, ...]:
    """What the SDTM model lets a domain carry beyond those listed: identifiers, its class's own, timing.

    Each knows the listed variable in front of which the model has it.
    """
    model = _model()
    sections: list[str] = []
    if class_name in ("INTERVENTIONS", "EVENTS", "FINDINGS", "FINDINGS ABOUT"):
        own = [class_name] if class_name != "FINDINGS ABOUT" else ["FINDINGS", "FINDINGS ABOUT"]
        sections = ["IDENTIFIERS", *own, "TIMING"]
    elif name in model:
        sections = [name]
    found: dict[str, StandardVariable] = {}
    waiting: list[str] = []
    for section in sections:
        for template, entry in model[section].items():
            only, not_in = entry.get("only", (name,)), entry.get("not_in", ())
            if name in only and name not in not_in and class_name not in not_in:
                variable = _variable(template.replace("--", name), entry)
                if variable.name not in listed:
                    found[variable.name] = replace(variable, core="Perm")
                    waiting.append(variable.name)
                    continue
                found |= {each: replace(found[each], before=variable.name) for each in waiting}
                waiting = []
    return tuple(found.values())


def _copied(sources: tuple[str, ...], listed: frozenset[str]) -> tuple[StandardVariable, ...]:
    """What an analysis dataset may copy from other datasets, then the endings of names that ADaM reserves."""
    found: dict[str, StandardVariable] = {}
    for source in sources:
        standard, dataset = source.split()
        for variable in load_standard(standard).datasets[dataset].variables:
            if variable.name not in listed and variable.name != "DOMAIN":
                found.setdefault(variable.name, replace(variable, core="Perm", role=""))
    for variable in _variables(_yaml(files(__package__) / _NAME_ENDINGS)["variables"]):
        if variable.name not in listed:
            found.setdefault(variable.name, variable)
    return tuple(found.values())


@cache
def _model() -> Any:
    return _yaml(files(__package__) / _MODEL)


def _yaml(path: Traversable) -> Any:
    """The content of one shipped file; a name that is said twice is refused."""
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
