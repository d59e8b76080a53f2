"""What an expectation that is not met means: the codes of its findings."""

from __future__ import annotations

from validation.check import Described

VARIABLE_ORDER = Described(
    code="VARIABLE_ORDER",
    severity="warning",
    title="the variables do not stand in the order of the specification",
    why="Reviewers and define.xml list the variables in the order of the standard.",
    to_do="write the file again in the order of the specification",
)
TYPE_DIFFERS = Described(
    code="TYPE_DIFFERS",
    severity="error",
    title="a variable has another type than specified",
    why="define.xml and the file would disagree, and programs that read the variable fail.",
    to_do="see what the specification's word returns; mend `type:` or the word",
)
VALUE_TOO_LONG = Described(
    code="VALUE_TOO_LONG",
    severity="error",
    title="a text is longer than 200 characters",
    why="A version 5 transport file holds 200 bytes of text (SAS technical support note TS-140).",
    to_do="split the text: the rest belongs in SUPP-- or in a further variable",
)
TERM_NOT_IN_CODELIST = Described(
    code="TERM_NOT_IN_CODELIST",
    severity="error",
    title="a value is no term of its codelist",
    why="Only terms of the codelist mean something to a reviewer; a list extends in codelists.yaml alone.",
    to_do="map the collected text to a term, or add the term to an extensible list",
)
REQUIRED_MISSING = Described(
    code="REQUIRED_MISSING",
    severity="error",
    title="a required variable is missing",
    why="The implementation guide requires a value on every record (core Req).",
    to_do="have the value collected, or see why it was not derived",
)
RAW_COLUMNS = Described(
    code="RAW_COLUMNS",
    severity="error",
    title="a raw table has not the columns that raw.yaml promises",
    why="A column that is new, gone or renamed changes what the same specification makes of the export.",
    to_do="ask the sender what changed, then mend raw.yaml",
)
RAW_VALUE_NOT_ALLOWED = Described(
    code="RAW_VALUE_NOT_ALLOWED",
    severity="error",
    title="a text is none of those that raw.yaml allows",
    why="No mapping can be relied on for a text that nobody foresaw.",
    to_do="have the value corrected, or allow it in raw.yaml and map it",
)
RAW_REQUIRED_MISSING = Described(
    code="RAW_REQUIRED_MISSING",
    severity="error",
    title="a required value of the export is missing",
    why="raw.yaml promises a value on every row.",
    to_do="have the value collected",
)
RAW_KEY_REPEATED = Described(
    code="RAW_KEY_REPEATED",
    severity="error",
    title="several rows of the export have the same keys",
    why="The keys of raw.yaml must name one row each, or a value is taken from either.",
    to_do="have the duplicate removed, or name the column that tells the latest",
)
RAW_TYPE = Described(
    code="RAW_TYPE",
    severity="error",
    title="a text of the export is no number",
    why="raw.yaml promises a number; nothing can be computed from the text.",
    to_do="have the value corrected",
)

EXPECTATION_KINDS: tuple[Described, ...] = (
    VARIABLE_ORDER,
    TYPE_DIFFERS,
    VALUE_TOO_LONG,
    TERM_NOT_IN_CODELIST,
    REQUIRED_MISSING,
    RAW_COLUMNS,
    RAW_VALUE_NOT_ALLOWED,
    RAW_REQUIRED_MISSING,
    RAW_KEY_REPEATED,
    RAW_TYPE,
)
