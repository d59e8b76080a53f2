"""The adverse event form, and the coder's delivery that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from exchange import TEXT
from raw.simulation.adverse_events import FLARE, Events
from raw.simulation.as_text import Texts, column, constant, frame, integers, looked_up
from raw.simulation.cohort import Cohort
from raw.simulation.draws import Ints, chosen
from raw.simulation.pages import COMPLETE, Form, entered, filled_in, partial_kinds, yes_no
from raw.simulation.parameters import Parameters
from raw.simulation.streams import Streams

VERBATIM_BYTES = 200
"""what a character variable of a transport file holds"""


@dataclass(frozen=True)
class EventForm:
    """AE, and what the coder makes of each of its records."""

    form: Form
    pt: npt.NDArray[np.object_]
    soc: npt.NDArray[np.object_]
    events: Events
    complete: npt.NDArray[np.bool_]
    """both dates are known to the day"""


def event_form(parameters: Parameters, cohort: Cohort, events: Events, streams: Streams) -> EventForm:
    """AE: one line for each event."""
    rng = streams.of("adverse event form")
    given, words = parameters.adverse_events, parameters.words
    size = events.subject.size
    disease = cohort.disease[events.subject]
    verbatim, pt, soc = _wording(parameters, events, disease, rng)
    begins, ends = partial_kinds(parameters, size, rng), partial_kinds(parameters, size, rng)
    same_day = events.start == events.end
    ends = np.where(same_day, begins, ends)
    ongoing = np.isnat(events.end)
    nothing = np.zeros(size, dtype=np.bool_)
    actions = [
        words.actions.unchanged,
        words.actions.postponed,
        words.actions.withdrawn,
        words.actions.not_applicable,
    ]
    out = words.outcomes
    commented = rng.random(size) < given.comments.share
    comment = np.floor(rng.random(size) * len(given.comments.texts)).astype(np.int64)
    answers: dict[str, Texts] = {
        "AELINE": integers(events.line),
        "AETERM": verbatim,
        "AESTDAT": entered(parameters, cohort, events.subject, events.start, begins),
        "AEENDAT": entered(parameters, cohort, events.subject, events.end, ends),
        "AEONGO": yes_no(parameters, ongoing),
        "AESEV": looked_up(given.severities, events.grade - 1),
        "AEGRADE": integers(events.grade),
        "AESER": yes_no(parameters, events.serious),
        **{name: yes_no(parameters, nothing, events.serious) for name in ("AESDTH", "AESLIFE")},
        "AESHOSP": yes_no(parameters, events.serious, events.serious),
        **{name: yes_no(parameters, nothing, events.serious) for name in ("AESDISAB", "AESCONG", "AESMIE")},
        "AEREL": yes_no(parameters, events.related),
        "AEACN": looked_up(actions, events.action),
        "AEOUT": looked_up(
            [out.recovered, out.sequelae, out.recovering, out.not_recovered, out.unknown], events.outcome
        ),
        "AECOM": looked_up(given.comments.texts, np.where(commented, comment, -1)),
    }
    last = np.where(ongoing, events.start, events.end)
    form = filled_in(parameters, cohort, streams, "AE", events.subject, last, answers)
    complete = (begins == COMPLETE) & (ends == COMPLETE) & ~ongoing
    return EventForm(form, pt, soc, events, complete)


def _wording(
    parameters: Parameters, events: Events, disease: Ints, rng: np.random.Generator
) -> tuple[Texts, npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """The term as reported, its preferred term and its system organ class."""
    given = parameters.adverse_events
    flares = list(given.flares.values())
    case = chosen(
        rng, [given.letter_case.lower, given.letter_case.capital, given.letter_case.upper], disease.size
    )
    is_flare = np.array([term.pt == FLARE for term in given.all_terms])[events.term]
    reported = [text for term in given.all_terms for text in term.terms]
    start = np.cumsum([0, *(len(term.terms) for term in given.all_terms)])[:-1]
    position = np.where(is_flare, len(reported) + disease, start[events.term] + events.wording)
    texts = [*reported, *(flare.term for flare in flares)]
    cased = [*texts, *(text[:1].upper() + text[1:] for text in texts), *(text.upper() for text in texts)]
    of_term = [(term.pt, soc) for soc, terms in given.terms.items() for term in terms]
    coded = np.array([*of_term, *((flare.pt, flare.soc) for flare in flares)], dtype=object)
    code = np.where(is_flare, len(of_term) + disease, events.term)
    return looked_up(cased, case * len(texts) + position), coded[code, 0], coded[code, 1]


def coding(
    parameters: Parameters,
    records: pd.DataFrame,
    pt: npt.NDArray[np.object_],
    soc: npt.NDArray[np.object_],
    uncoded: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    """The coder's delivery: one record for each of AE, without preferred term where that is not known."""
    code = np.where(uncoded, -1, np.arange(len(records)))
    words = parameters.words.coded
    coded = frame(
        {
            "STUDYID": constant(parameters.study, len(records)),
            "PT": looked_up(pt, code),
            "SOC": looked_up(soc, code),
            "CODESTAT": looked_up([words.done, words.open], uncoded.astype(np.int64)),
            "DATANAT": constant(parameters.nature, len(records)),
        }
    )
    plain = _plain(column(records, "AETERM"))
    delivered = coded.assign(
        SUBJID=records["SUBJID"].array, RECID=records["RECORD_ID"].array, VERBATIM=pd.array(plain, dtype=TEXT)
    )
    return delivered[["STUDYID", "SUBJID", "RECID", "VERBATIM", "PT", "SOC", "CODESTAT", "DATANAT"]]


def _plain(texts: pa.Array) -> pa.Array:
    """Texts without accents, as long as a transport file allows."""
    decomposed = pc.utf8_normalize(texts, form="NFD")
    ascii_only = pc.replace_substring_regex(decomposed, r"[^\x00-\x7F]", "")
    return pc.utf8_slice_codeunits(ascii_only, 0, VERBATIM_BYTES)
