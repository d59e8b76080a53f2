"""Arguments that a specification names and does not write out: codelists and conversions, from the validation context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationInfo
from pydantic_core import CoreSchema, core_schema

from specs.errors import unknown_name


def by_name(kind: str, place: str, remedy: str, schema: CoreSchema) -> CoreSchema:
    """A schema that takes a name for what the context has under `place`, and everything else as `schema` does."""

    def found(given: Any, info: ValidationInfo) -> Any:
        if not isinstance(given, str):
            return given
        known: Mapping[str, Any] = (info.context or {}).get(place, {})
        if given not in known:
            raise unknown_name(kind, given, known, remedy)
        return known[given]

    return core_schema.with_info_before_validator_function(found, schema)
