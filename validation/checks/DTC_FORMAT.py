"""The check DTC_FORMAT."""

from collections.abc import Iterator
from typing import ClassVar

from engine import Severity
from validation.check import Fault, StandingCheck
from validation.dates import is_iso8601
from validation.written import Written


class DtcFormat(StandingCheck):
    """A date that is not ISO 8601 as SDTM writes it, or is no date of the calendar.

    Partial dates end early (`2015-03`) or have a hyphen for a missing part in the middle (`2015---07`); an
    interval has a solidus.
    """

    severity: ClassVar[Severity] = "error"
    title = "a date is not ISO 8601, or is no date of the calendar"
    why = "--DTC variables hold ISO 8601 (SDTMIG 3.4, 4.4.1); programs read anything else as missing."
    to_do = "see how the date was collected, and add its format to the specification"
    applies_to = "every character variable whose name ends in DTC"

    def faults(self, written: Written) -> Iterator[Fault]:
        for dataset in written.all:
            for column in dataset.columns.values():
                if column.type == "Char" and column.name.endswith("DTC"):
                    texts = dataset.texts(column.name)
                    valid = {text: is_iso8601(str(text)) for text in texts.dropna().unique()}
                    wrong = ~texts.map(valid).fillna(True).to_numpy(dtype=bool)
                    yield from self.on_records(dataset, column.name, wrong, f"{column.name} is not ISO 8601")
