"""From located data to models: pydantic's complaints become problems with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
        problems.append(
            Problem(f"expected names with values, found {_shown(data)}", where, "indent `name: value` lines")
        )
        return None
    try:
        return model.model_validate(dict(data), context=dict(context or {}))
    except ValidationError as error:
        problems += _problems(error.errors(include_url=False), model, data, located, place, subject)
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
            remedy = nearest(
                name, sorted(ATTRIBUTES), f"beside a word stand: {', '.join(sorted(ATTRIBUTES))}"
            )
            problems.append(
                Problem(f"unknown entry '{name}'", _where(located, (*place, name), subject), remedy)
            )
        return None
    if len(names) != 1:
        said = ", ".join(f"'{name}'" for name in names) or "none"
        problems.append(
            Problem(f"expected exactly one word, found {said}", where, "keep one; see docs/vocabulary.md")
        )
        return None
    name = names[0]
    if name not in vocabulary:
        remedy = nearest(name, [*vocabulary, *sorted(ATTRIBUTES)], "see docs/vocabulary.md")
        problems.append(
            Problem(f"unknown derivation '{name}'", _where(located, (*place, name), subject), remedy)
        )
        return None
    word = vocabulary[name]
    arguments = entry[name]
    if not isinstance(arguments, Mapping):
        if arguments is None:
            arguments = {}
        elif word.shorthand:
            arguments = {word.shorthand: arguments}
        else:
            problems.append(
                Problem(f"'{name}' takes named arguments", where, f"write `{name}: {{argument: value}}`")
            )
            return None
    for argument, value in (given or {}).items():
        if argument in word.model_fields and argument not in arguments:
            arguments = {**arguments, argument: value}
    return validated(word, arguments, located, (*place, name), problems, subject=subject, context=context)


def _where(located: Located, place: Place, subject: str) -> str:
    return located.where(*place) + (f", {subject}" if subject else "")


def _problems(
    errors: Iterable[Any], model: type[BaseModel], data: Any, located: Located, place: Place, subject: str
) -> Iterator[Problem]:
    """One problem for each place: where a value may be of several kinds, what each of them asks for."""
    by_location: dict[Place, list[Any]] = {}
    for error in errors:
        by_location.setdefault(_location(error, data), []).append(error)
    for location, found in by_location.items():
        deeper = any(
            len(other) > len(location) and other[: len(location)] == location for other in by_location
        )
        if deeper and any(len(error["loc"]) > len(location) for error in found):
            continue  # another kind comes further with the value
        if len(found) == 1:
            yield _problem(found[0], location, model, located, place, subject)
        else:
            asked = " or ".join(error["msg"].removeprefix("Input should be ") for error in found)
            name, shown = ".".join(map(str, location)), _shown(found[0]["input"])
            yield Problem(
                f"'{name}' cannot be {shown}", _where(located, (*place, *location), subject), f"give {asked}"
            )


def _location(error: Any, data: Any) -> Place:
    """Where in the data a complaint lies, without the names that pydantic gives to the kinds of a value."""
    found: list[str | int] = []
    for number, part in enumerate(error["loc"], 1):
        if isinstance(data, (Mapping, list, tuple)):
            there = part in data if isinstance(data, Mapping) else isinstance(part, int) and part < len(data)
            if there:
                data = data[part]
                found.append(part)
            elif error["type"] == "missing" and number == len(error["loc"]):
                found.append(part)
        elif found == [] or error["type"] == "missing":
            found.append(part)
    return tuple(found)


def _problem(
    error: Any, location: Place, model: type[BaseModel], located: Located, place: Place, subject: str
) -> Problem:
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
            return Problem(
                f"'{name}' cannot be {_shown(error['input'])}", where, f"use {error['ctx']['expected']}"
            )
        case "string_type" if isinstance(error["input"], (int, float)):
            return Problem(f"'{name}' is a text, not a number", where, f'quote it: "{error["input"]}"')
        case "too_short":
            return Problem(f"'{name}' is empty", where, "give at least one")
        case "model_type" | "model_attributes_type" | "dict_type":
            what = f"'{name}': expected names with values, found {_shown(error['input'])}"
            return Problem(what, where, "indent `name: value` lines")
        case _:
            said = f"{error['msg'][0].lower()}{error['msg'][1:]}"
            return Problem(f"'{name}': {said}", where, f"mend {_shown(error['input'])}")


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
