"""What arrives: an export read against its contract; and the simulator of an export (raw.simulation).

May import exchange, engine and specs.
"""

from raw.reader import DUPLICATE, RawData, read_export
from raw.subjects import SUBJECT_UNKNOWN, SUBJECT_UNREADABLE

__all__ = ["DUPLICATE", "SUBJECT_UNKNOWN", "SUBJECT_UNREADABLE", "RawData", "read_export"]
