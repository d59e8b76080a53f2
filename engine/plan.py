"""The order of evaluation: every variable after the variables it reads, across datasets.

DM reads EX (first exposure) and EX reads DM (study days), so the unit of order is the variable, not the dataset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from specs import RAW, Dataset, Problem, Ref, UserError

Step = tuple[str, str]
"""A dataset and one of its variables; RECORDS for the making of its records."""
RECORDS = ""
_SUBJECT = "USUBJID"


def plan(datasets: Sequence[Dataset]) -> tuple[Step, ...]:
    """The steps that make `datasets`, each after what it reads; datasets that are read but not made are given.

    The order depends on the specification alone. Raises UserError where variables read each other in a circle.
    """
    made = {dataset.name: dataset for dataset in datasets}
    reads = {
        step: _known(steps, made) for dataset in datasets for step, steps in _reads(dataset, made).items()
    }
    for dataset in datasets:
        if dataset.topic is not None:
            topic = (dataset.name, dataset.topic.name)
            before = _all_before(topic, reads)
            for step in reads:
                if step[0] == dataset.name and step[1] != RECORDS and step != topic and step not in before:
                    reads[step] = {**reads[step], topic: None}
    try:
        return tuple(TopologicalSorter(reads).static_order())
    except CycleError as error:
        raise UserError(_circle(error.args[1], made)) from None


def _reads(dataset: Dataset, made: Mapping[str, Dataset]) -> dict[Step, dict[Step, None]]:
    name = dataset.name
    records: dict[Step, None] = {}
    for word in dataset.records:
        named = word.related()
        for other in word.datasets():
            wanted = sorted({ref.variable for ref in named if ref.dataset == other})
            if not wanted and other in made:
                wanted = [variable.name for variable in made[other].variables]
            records |= dict.fromkeys([*_settled(other, made), *((other, variable) for variable in wanted)])
            if named:
                records[other, _SUBJECT] = None
    steps: dict[Step, dict[Step, None]] = {(name, RECORDS): records}
    for variable in dataset.variables:
        needed: dict[Step, None] = {(name, RECORDS): None}
        for ref in variable.reads():
            if not ref.dataset:
                needed[name, str(ref)] = None
            elif ref.dataset != RAW and ref.dataset not in dataset.carried_datasets:
                needed |= _elsewhere(ref, name, made)
        for ref in sorted(variable.derivation.related()):
            needed |= _elsewhere(ref, name, made)
        needed.pop((name, variable.name), None) if variable.name == _SUBJECT else None
        steps[name, variable.name] = needed
    return steps


def _elsewhere(ref: Ref, name: str, made: Mapping[str, Dataset]) -> dict[Step, None]:
    """What must be there before a variable of the dataset `name` can read one of another dataset."""
    steps = [
        (ref.dataset, ref.variable),
        *_settled(ref.dataset, made),
        (ref.dataset, _SUBJECT),
        (name, _SUBJECT),
    ]
    return dict.fromkeys(steps)


def _settled(name: str, made: Mapping[str, Dataset]) -> list[Step]:
    """What decides which records a dataset has: their making, and the topic without which one is held back."""
    topic = made[name].topic if name in made else None
    return [(name, RECORDS), *([] if topic is None else [(name, topic.name)])]


def _known(steps: Iterable[Step], made: Mapping[str, Dataset]) -> dict[Step, None]:
    return {
        (name, variable): None
        for name, variable in steps
        if name in made and (variable == RECORDS or variable in made[name].by_name)
    }


def _all_before(step: Step, reads: Mapping[Step, Mapping[Step, None]]) -> set[Step]:
    found: set[Step] = set()
    open_steps = [step]
    while open_steps:
        for each in reads.get(open_steps.pop(), {}):
            if each not in found:
                found.add(each)
                open_steps.append(each)
    return found


def _circle(steps: Sequence[Step], made: Mapping[str, Dataset]) -> Problem:
    names = [
        f"{name}.{variable}" if variable else f"the records of {name}" for name, variable in reversed(steps)
    ]
    name, variable = next((step for step in steps if step[1] != RECORDS), steps[0])
    line = made[name].by_name[variable].line if variable else made[name].line
    return Problem(
        f"variables read each other in a circle: {' reads '.join(names)}",
        f"{line}, {name}.{variable}" if variable else f"{line}, {name}",
        "let one of them read what was collected instead",
    )
