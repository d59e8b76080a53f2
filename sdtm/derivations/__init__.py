"""The words that fill SDTM variables and make SDTM records: one per file, listed here and nowhere else."""

from sdtm.derivations.age import Age
from sdtm.derivations.assigned import Assigned
from sdtm.derivations.category import Category
from sdtm.derivations.coded_value import CodedValue
from sdtm.derivations.collected import Collected
from sdtm.derivations.collected_number import CollectedNumber
from sdtm.derivations.decode import Decode
from sdtm.derivations.derived_field import DerivedField
from sdtm.derivations.epoch import Epoch
from sdtm.derivations.first_available import FirstAvailable
from sdtm.derivations.iso8601 import Iso8601
from sdtm.derivations.last_before_exposure_flag import LastBeforeExposureFlag
from sdtm.derivations.lookup import Lookup
from sdtm.derivations.matched_visit_number import MatchedVisitNumber
from sdtm.derivations.not_collected import NotCollected
from sdtm.derivations.number_of import NumberOf
from sdtm.derivations.protocol import Protocol
from sdtm.derivations.protocol_records import ProtocolRecords
from sdtm.derivations.range_indicator import RangeIndicator
from sdtm.derivations.raw_records import RawRecords
from sdtm.derivations.reference_date import ReferenceDate
from sdtm.derivations.sequence import Sequence
from sdtm.derivations.shifted_date import ShiftedDate
from sdtm.derivations.standard_range_limit import StandardRangeLimit
from sdtm.derivations.standard_result import StandardResult
from sdtm.derivations.standard_unit import StandardUnit
from sdtm.derivations.stated_visit_number import StatedVisitNumber
from sdtm.derivations.study_day import StudyDay
from sdtm.derivations.subject_elements import SubjectElements
from sdtm.derivations.subject_identifier import SubjectIdentifier
from sdtm.derivations.supplemental_records import SupplementalRecords
from sdtm.derivations.unpivoted_records import UnpivotedRecords
from sdtm.derivations.visit_name import VisitName
from sdtm.derivations.visit_number import VisitNumber
from specs import Word

VOCABULARY: tuple[type[Word], ...] = (
    Age,
    Assigned,
    Category,
    CodedValue,
    Collected,
    CollectedNumber,
    Decode,
    DerivedField,
    Epoch,
    FirstAvailable,
    Iso8601,
    LastBeforeExposureFlag,
    Lookup,
    MatchedVisitNumber,
    NotCollected,
    NumberOf,
    Protocol,
    ProtocolRecords,
    RangeIndicator,
    RawRecords,
    ReferenceDate,
    Sequence,
    ShiftedDate,
    StandardRangeLimit,
    StandardResult,
    StandardUnit,
    StatedVisitNumber,
    StudyDay,
    SubjectElements,
    SubjectIdentifier,
    SupplementalRecords,
    UnpivotedRecords,
    VisitName,
    VisitNumber,
)
