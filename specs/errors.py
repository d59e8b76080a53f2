"""What a user must mend, said in three parts: what is wrong, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_core import PydanticCustomError


@dataclass(frozen=True, order=True)
class Problem:
    """One thing a user must mend.

    `where` is a file with its line (or a sheet with its cell), then DATASET.VARIABLE, then the keys of up to five
    records; never a position in a frame. `to_do` is the remedy, in the imperative.
    """

    what: str
    where: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.what}\n  where: {self.where}\n  to do: {self.to_do}"


class UserError(Exception):
    """All the problems found together; the command line shows them and ends with exit code 2."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        assert self.problems, "a UserError names at least one problem"
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[UserError], tuple[tuple[Problem, ...]]]:
        return (UserError, (self.problems,))  # so that it comes whole out of another process

    @classmethod
    def of(cls, what: str, where: str, to_do: str) -> UserError:
        """A UserError of one problem."""
        return cls(Problem(what, where, to_do))


def unknown_name(kind: str, name: str, known: Iterable[str], otherwise: str) -> PydanticCustomError:
    """The refusal of an argument that names what does not exist, with its remedy."""
    remedy = nearest(name, known, otherwise)
    return PydanticCustomError(
        "unknown_name", "unknown {kind} '{name}'", {"kind": kind, "name": name, "to_do": remedy}
    )


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy for an unknown name: the nearest known one, else `otherwise`.

    >>> nearest("studyday", ["study_day", "epoch"], "see docs/vocabulary.md")
    "did you mean 'study_day'?"
    """
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else otherwise
