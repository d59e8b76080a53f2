"""YAML of which every part knows its line: plain data only, no tags, no aliases, no key twice."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from specs.errors import Problem, UserError

_LARGEST = 5_000_000
_DEEPEST = 40
_NAMESPACE = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_PLAIN = frozenset(
    f"{_NAMESPACE}{tag}" for tag in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")
)
_PLAIN_KEYS = _PLAIN | {f"{_NAMESPACE}merge"}

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Located:
    """The data of one file, and the line on which each part of it begins."""

    path: Path
    shown: str
    """the file's name as messages show it"""
    data: Any
    lines: Mapping[Place, int]

    def where(self, *place: str | int) -> str:
        """File and line of a part; of the nearest part around it where it does not exist itself."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.shown}:{self.lines.get(place, 1)}"


def read_located(path: Path, shown: str | None = None) -> Located:
    """The YAML file at `path`.

    Raises UserError where it is missing, too large, not YAML, or holds tags, anchors or a key twice.
    """
    shown = shown or path.name
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise UserError.of(
            f"cannot read {shown}", shown, f"see that the file is there: {error.strerror}"
        ) from None
    if len(raw) > _LARGEST:
        raise UserError.of(f"{shown} is larger than {_LARGEST} bytes", shown, "split it")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UserError.of(f"{shown} is not UTF-8", f"{shown}:{line}", "save the file as UTF-8") from None
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"{shown} is not YAML: {error.problem or error.context}"
        raise UserError.of(
            what, f"{shown}:{line}", "mend the line; quote texts that hold ': ' or ' #'"
        ) from None
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        what = f"{shown} holds a control character"
        raise UserError.of(what, f"{shown}:{line}", "take it out") from None
    except YAMLError as error:
        raise UserError.of(f"{shown} is not YAML: {error}", shown, "mend the file") from None
    except RecursionError:
        raise UserError.of(
            f"{shown} is nested more than {_DEEPEST} deep", shown, "write it flatter"
        ) from None
    reading = _Reading(shown)
    data = reading.value(root, ()) if root is not None else {}
    if reading.problems:
        raise UserError(reading.problems)
    return Located(path, shown, data, reading.lines)


class _Reading:
    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def value(self, node: Node, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        where = f"{self.shown}:{line}"
        if node.anchor is not None:
            if id(node) not in self._seen:
                self.problems.append(Problem("an anchor or alias (& or *)", where, "write the part out"))
            self._seen.add(id(node))
            return None
        if len(place) > _DEEPEST:
            self.problems.append(Problem(f"nested more than {_DEEPEST} deep", where, "write it flatter"))
            return None
        tag = str(node.tag or "")
        if tag not in _PLAIN:
            self.problems.append(Problem(f"a tag ({tag})", where, "take the tag out: plain data only"))
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.value(each, (*place, index)) for index, each in enumerate(node.value)]
        return self._scalar(node, tag.removeprefix(_NAMESPACE), where)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in node.value:
            where = f"{self.shown}:{key.start_mark.line + 1}"
            if not isinstance(key, ScalarNode):
                self.problems.append(Problem("a key that is no text", where, "write a name before the colon"))
            elif key.anchor is not None:
                self.problems.append(Problem("an anchor or alias (& or *)", where, "write the part out"))
            elif str(key.tag or "") not in _PLAIN_KEYS:
                self.problems.append(
                    Problem(f"a tag ({key.tag})", where, "take the tag out: plain data only")
                )
            elif key.value in result:
                self.problems.append(Problem(f"'{key.value}' stands twice", where, "keep one of them"))
            else:
                self.lines[(*place, key.value)] = key.start_mark.line + 1
                result[key.value] = self.value(value, (*place, key.value))
        return result

    def _scalar(self, node: Node, tag: str, where: str) -> Any:
        text = str(node.value)
        try:
            match tag:
                case "null":
                    return None
                case "bool" if text.lower() in ("true", "false"):
                    return text.lower() == "true"
                case "int" if _INTEGER.fullmatch(text):
                    return int(text)
                case "float" if "_" not in text:
                    return _finite(float(text))
                case "bool" | "int" | "float":
                    raise ValueError(text)
        except ValueError:
            what = f"'{text}' is no plain number" if tag != "bool" else f"'{text}' is not true or false"
            self.problems.append(Problem(what, where, "quote it to make it a text"))
            return None
        return text  # str, and dates: a date in a specification is a text


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(number)
    return number
