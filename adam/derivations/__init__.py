"""The words that fill ADaM variables and make ADaM records: one per file, listed here and nowhere else."""

from adam.derivations.analysis_date import AnalysisDate
from adam.derivations.analysis_datetime import AnalysisDatetime
from adam.derivations.analysis_study_day import AnalysisStudyDay
from adam.derivations.analysis_visit import AnalysisVisit
from adam.derivations.baseline_value import BaselineValue
from adam.derivations.body_mass_index import BodyMassIndex
from adam.derivations.change_from_baseline import ChangeFromBaseline
from adam.derivations.criterion_flag import CriterionFlag
from adam.derivations.dataset_records import DatasetRecords
from adam.derivations.date_imputation_flag import DateImputationFlag
from adam.derivations.date_of_datetime import DateOfDatetime
from adam.derivations.disposition_status import DispositionStatus
from adam.derivations.duration import Duration
from adam.derivations.existence_flag import ExistenceFlag
from adam.derivations.extreme_datetime import ExtremeDatetime
from adam.derivations.extreme_flag import ExtremeFlag
from adam.derivations.numeric_code import NumericCode
from adam.derivations.on_treatment_flag import OnTreatmentFlag
from adam.derivations.parameter import Parameter
from adam.derivations.parameter_code import ParameterCode
from adam.derivations.percent_change_from_baseline import PercentChangeFromBaseline
from adam.derivations.phase import Phase
from adam.derivations.pre_treatment_flag import PreTreatmentFlag
from adam.derivations.preceding_datetime import PrecedingDatetime
from adam.derivations.predecessor import Predecessor
from adam.derivations.query_name import QueryName
from adam.derivations.ratio import Ratio
from adam.derivations.related_summary import RelatedSummary
from adam.derivations.related_value import RelatedValue
from adam.derivations.shift import Shift
from adam.derivations.target_difference import TargetDifference
from adam.derivations.time_imputation_flag import TimeImputationFlag
from adam.derivations.time_of_datetime import TimeOfDatetime
from adam.derivations.treatment_emergent_flag import TreatmentEmergentFlag
from sdtm import VOCABULARY as SDTM_VOCABULARY
from specs import Word

OWN_VOCABULARY: tuple[type[Word], ...] = (
    AnalysisDate,
    AnalysisDatetime,
    AnalysisStudyDay,
    AnalysisVisit,
    BaselineValue,
    BodyMassIndex,
    ChangeFromBaseline,
    CriterionFlag,
    DatasetRecords,
    DateImputationFlag,
    DateOfDatetime,
    DispositionStatus,
    Duration,
    ExistenceFlag,
    ExtremeDatetime,
    ExtremeFlag,
    NumericCode,
    OnTreatmentFlag,
    Parameter,
    ParameterCode,
    PercentChangeFromBaseline,
    Phase,
    PreTreatmentFlag,
    PrecedingDatetime,
    Predecessor,
    QueryName,
    Ratio,
    RelatedSummary,
    RelatedValue,
    Shift,
    TargetDifference,
    TimeImputationFlag,
    TimeOfDatetime,
    TreatmentEmergentFlag,
)
"""The words that ADaM adds."""

VOCABULARY: tuple[type[Word], ...] = (*SDTM_VOCABULARY, *OWN_VOCABULARY)
"""All words of an ADaM specification: those of SDTM, and its own."""
