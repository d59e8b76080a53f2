"""A word with its arguments as the specification writes it: the formal expression of a method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from specs import RAW, Argument, Codelist, Conversions, Ref, RelatedRecords, Word

_PLAIN_SIGNS = frozenset("_-./+ ")
_NOT_TEXT = frozenset({"", "true", "false", "null", "yes", "no", "~"})


def formal_expression(word: Word) -> str:
    """One line of YAML in flow style; arguments that have their default value are left out.

    `study_day: {date: AESTDTC}`
    """
    arguments = _arguments(word)
    return f"{word.word}: {{{arguments}}}" if arguments else word.word


def _arguments(part: BaseModel) -> str:
    said = {
        name: getattr(part, name)
        for name, info in type(part).model_fields.items()
        if info.default is PydanticUndefined or getattr(part, name) != info.default
    }
    return ", ".join(f"{name}: {_written(value)}" for name, value in said.items())


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, RelatedRecords) and value.where is None:
        return _text(str(value))
    if isinstance(value, (Codelist, Conversions)):
        return _text(value.name)
    if isinstance(value, Argument):
        return f"{{{_arguments(value)}}}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_written(key)}: {_written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        return "[" + ", ".join(sorted(_written(each) for each in value)) + "]"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_written(each) for each in value) + "]"
    if isinstance(value, Ref):
        return _text(str(value).removeprefix(f"{RAW}."))
    return _text(str(value))


def _text(text: str) -> str:
    """A text as YAML writes it: plain where it can only be read as itself, else in double quotation marks."""
    plain = (
        text.lower() not in _NOT_TEXT
        and text == text.strip()
        and text[0].isalpha()
        and all(sign.isalnum() or sign in _PLAIN_SIGNS for sign in text)
    )
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
