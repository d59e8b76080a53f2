"""define.xml of the written datasets, in Define-XML 2.1, with its stylesheet and a page that shows it.

`write` makes all three of the specification and of facts about the files; `schema_problems` and
`reference_problems` judge any define.xml. May import exchange, engine and specs; from the package defineutils
it takes the published schema and stylesheet, as files.
"""

from define_xml.files import DEFINE, PAGE, write
from define_xml.validate import reference_problems, schema_problems

__all__ = ["DEFINE", "PAGE", "reference_problems", "schema_problems", "write"]
