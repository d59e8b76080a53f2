"""From located data to models: pydantic's complaints become problems with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from specs.derivation import Word
from specs.errors import Problem, nearest
from specs.readers.located import Located, Place

M = TypeVar("M", bound=BaseModel)
ATTRIBUTES = frozenset(
    {"label", "type", "codelist", "format", "where", "comment", "core", "role", "evaluator", "value_level"}
)
"""what a variable's entry may hold beside its word"""
_GIVEN = frozenset({"line"})
"""what the reader gives and no specification says"""


def validated(
    model: type[M],
    data: Any,
    located: Located,
    place: Place,
    problems: list[Problem],
    *,
    subject: str = "",
    context: Mapping[str, Any] | None = None,
) -> M | None:
    """The model of `data`, or None with the problems added; `subject` is what stands behind file and line."""
    if not isinstance(data, Mapping):
        where = _where(located, place, subject)
        problems.append(Problem(f"expected names with values, found {_shown(data)}", where, "indent `name: value` lines"))
        return None
    try:
        return model.model_validate(dict(data), context=dict(context or {}))
    except ValidationError as error:
        for each in error.errors(include_url=False):
            problems.append(_problem(each, model, located, place, subject))
        return None


def word_of(
    entry: Any,
    vocabulary: Mapping[str, type[Word]],
    located: Located,
    place: Place,
    problems: list[Problem],
    *,
    subject: str,
    context: Mapping[str, Any],
    given: Mapping[str, Any] | None = None,
) -> Word | None:
    """The word of an entry such as `{study_day: {date: AESTDTC}}`; `given` are arguments for those left open."""
    where = _where(located, place, subject)
    if not isinstance(entry, Mapping):
        problems.append(Problem(f"expected a word, found {_shown(entry)}", where, "write `word: arguments`"))
        return None
    names = [name for name in entry if name not in ATTRIBUTES]
    strange = [name for name in names if name not in vocabulary]
    if len(names) > 1 and len(names) == len(strange) + 1:
        for name in strange:
            remedy = nearest(name, sorted(ATTRIBUTES), f"beside a word stand: {', '.join(sorted(ATTRIBUTES))}")
            problems.append(Problem(f"unknown entry '{name}'", _where(located, (*place, name), subject), remedy))
        return None
    if len(names) != 1:
        said = ", ".join(f"'{name}'" for name in names) or "none"
        problems.append(Problem(f"expected exactly one word, found {said}", where, "keep one; see docs/vocabulary.md"))
        return None
    name = names[0]
    if name not in vocabulary:
        remedy = nearest(name, [*vocabulary, *sorted(ATTRIBUTES)], "see docs/vocabulary.md")
        problems.append(Problem(f"unknown derivation '{name}'", _where(located, (*place, name), subject), remedy))
        return None
    word = vocabulary[name]
    arguments = entry[name]
    if not isinstance(arguments, Mapping):
        if arguments is None:
            arguments = {}
        elif word.shorthand:
            arguments = {word.shorthand: arguments}
        else:
            problems.append(Problem(f"'{name}' takes named arguments", where, f"write `{name}: {{argument: value}}`"))
            return None
    for argument, value in (given or {}).items():
        if argument in word.model_fields and argument not in arguments:
            arguments = {**arguments, argument: value}
    return validated(word, arguments, located, (*place, name), problems, subject=subject, context=context)


def _where(located: Located, place: Place, subject: str) -> str:
    return located.where(*place) + (f", {subject}" if subject else "")


def _problem(error: Any, model: type[BaseModel], located: Located, place: Place, subject: str) -> Problem:
    location = tuple(part for part in error["loc"] if isinstance(part, (str, int)))
    where = _where(located, (*place, *location), subject)
    name = ".".join(str(part) for part in location)
    match error["type"]:
        case "extra_forbidden":
            known = _names(_model_at(model, location[:-1]))
            remedy = nearest(str(location[-1]), known, f"known are: {', '.join(known)}")
            return Problem(f"unknown argument '{name}'", where, remedy)
        case "missing":
            return Problem(f"argument '{name}' is missing", where, f"add `{location[-1]}:`")
        case "unknown_name":
            return Problem(error["msg"], where, error["ctx"]["to_do"])
        case "value_error":
            return Problem(error["msg"].removeprefix("Value error, "), where, "mend the value")
        case "literal_error":
            return Problem(f"'{name}' cannot be {_shown(error['input'])}", where, f"use {error['ctx']['expected']}")
        case "string_type" if isinstance(error["input"], (int, float)):
            return Problem(f"'{name}' is a text, not a number", where, f'quote it: "{error["input"]}"')
        case _:
            return Problem(f"'{name}': {error['msg'].lower()}", where, f"mend {_shown(error['input'])}")


def _names(model: type[BaseModel]) -> list[str]:
    """The names of a model's fields as a specification writes them."""
    return [field.alias or name for name, field in model.model_fields.items() if name not in _GIVEN]


def _model_at(model: type[BaseModel], location: tuple[str | int, ...]) -> type[BaseModel]:
    """The model within `model` in which a complaint's location lies."""
    for part in location:
        field = model.model_fields.get(str(part))
        if field is not None:
            model = next(_models_in(field.annotation), model)
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models_in(each)


def _shown(value: Any) -> str:
    text = "nothing" if value is None else f"'{value}'"
    return text if len(text) <= 60 else text[:57] + "...'"
