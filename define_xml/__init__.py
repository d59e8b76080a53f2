"""define.xml of the written datasets, in Define-XML 2.1, with its stylesheet and a page that shows it.

`write` makes all three of the specification and of facts about the files; `schema_problems` and
`reference_problems` judge any define.xml. `oids` names what it defines, for other files that refer to it. May
import exchange, engine and specs; from the package defineutils it takes the published schema and stylesheet,
as files.
"""

from define_xml import oids
from define_xml.files import DEFINE, PAGE, write
from define_xml.validate import reference_problems, schema_problems

__all__ = ["DEFINE", "PAGE", "oids", "reference_problems", "schema_problems", "write"]
