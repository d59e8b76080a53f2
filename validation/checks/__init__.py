"""The checks that every study needs, one file each; CHECKS lists them, files and variables before values.

May import engine, exchange, specs and the modules beside it.
"""

from validation.check import StandingCheck
from validation.checks.ADSL_NOT_DM import AdslNotDm
from validation.checks.ADSL_VARIABLE_DIFFERS import AdslVariableDiffers
from validation.checks.ANALYSIS_DAY_WRONG import AnalysisDayWrong
from validation.checks.BASE_DIFFERS import BaseDiffers
from validation.checks.BASELINE_SEVERAL import BaselineSeveral
from validation.checks.CHG_WRONG import ChgWrong
from validation.checks.DATASET_EMPTY import DatasetEmpty
from validation.checks.DATASET_MISSING import DatasetMissing
from validation.checks.DATASET_UNKNOWN import DatasetUnknown
from validation.checks.DATE_ORDER import DateOrder
from validation.checks.DOMAIN_WRONG import DomainWrong
from validation.checks.DTC_FORMAT import DtcFormat
from validation.checks.KEYS_REPEATED import KeysRepeated
from validation.checks.LABEL_DIFFERS import LabelDiffers
from validation.checks.LEADING_BLANK import LeadingBlank
from validation.checks.LENGTH_DIFFERS import LengthDiffers
from validation.checks.NRIND_WRONG import NrindWrong
from validation.checks.ORPHAN_SUBJECT import OrphanSubject
from validation.checks.PAIR_NOT_ONE_TO_ONE import PairNotOneToOne
from validation.checks.SEQ_REPEATED import SeqRepeated
from validation.checks.STANDARD_UNIT_SEVERAL import StandardUnitSeveral
from validation.checks.STUDY_DAY_WRONG import StudyDayWrong
from validation.checks.STUDYID_WRONG import StudyidWrong
from validation.checks.SUPP_ORPHAN import SuppOrphan
from validation.checks.TEXT_IS_PERIOD import TextIsPeriod
from validation.checks.TEXT_NOT_ASCII import TextNotAscii
from validation.checks.TRTEMFL_WRONG import TrtemflWrong
from validation.checks.VARIABLE_MISSING import VariableMissing
from validation.checks.VARIABLE_UNKNOWN import VariableUnknown

__all__ = ["CHECKS"]

CHECKS: tuple[StandingCheck, ...] = (
    DatasetMissing(),
    DatasetUnknown(),
    DatasetEmpty(),
    VariableMissing(),
    VariableUnknown(),
    LabelDiffers(),
    LengthDiffers(),
    StudyidWrong(),
    DomainWrong(),
    KeysRepeated(),
    SeqRepeated(),
    OrphanSubject(),
    SuppOrphan(),
    TextNotAscii(),
    LeadingBlank(),
    TextIsPeriod(),
    DtcFormat(),
    DateOrder(),
    StudyDayWrong(),
    PairNotOneToOne(),
    StandardUnitSeveral(),
    NrindWrong(),
    AdslNotDm(),
    AdslVariableDiffers(),
    AnalysisDayWrong(),
    BaselineSeveral(),
    BaseDiffers(),
    ChgWrong(),
    TrtemflWrong(),
)
