"""Each fault planted into a valid define.xml is found.

Over 400 lines: one table with a row for each fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from define_xml import reference_problems, schema_problems
from specs import Document, Study

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
XLINK = "{http://www.w3.org/1999/xlink}"
Tree = etree._ElementTree
Mutation = Callable[[Tree], None]


def one(tree: Tree, oid: str) -> etree._Element:
    """The definition of that OID or ID."""
    (found,) = tree.xpath("//*[@OID=$oid or @ID=$oid]", oid=oid)
    return found


def ref(tree: Tree, item: str) -> etree._Element:
    """The ItemRef to that item."""
    (found,) = tree.xpath("//*[local-name()='ItemRef'][@ItemOID=$oid]", oid=item)
    return found


def setting(find: Callable[[Tree], etree._Element], name: str, value: str) -> Mutation:
    return lambda tree: find(tree).set(name, value)


def without(find: Callable[[Tree], etree._Element], name: str) -> Mutation:
    def mutate(tree: Tree) -> None:
        del find(tree).attrib[name]

    return mutate


def removing(find: Callable[[Tree], etree._Element]) -> Mutation:
    def mutate(tree: Tree) -> None:
        element = find(tree)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return mutate


def at(oid: str) -> Callable[[Tree], etree._Element]:
    return lambda tree: one(tree, oid)


def ref_to(item: str) -> Callable[[Tree], etree._Element]:
    return lambda tree: ref(tree, item)


def child(oid: str, path: str) -> Callable[[Tree], etree._Element]:
    def find(tree: Tree) -> etree._Element:
        found = one(tree, oid).find(path)
        assert found is not None
        return found

    return find


def labelled(oid: str, text: str) -> Mutation:
    def mutate(tree: Tree) -> None:
        found = one(tree, oid).find(f"{ODM}Description/{ODM}TranslatedText")
        assert found is not None
        found.text = text

    return mutate


def with_method_of(item: str, method: str) -> Mutation:
    return setting(ref_to(item), "MethodOID", method)


def another_stylesheet(tree: Tree) -> None:
    for each in tree.getroot().itersiblings(preceding=True):
        each.text = 'type="text/xsl" href="define2-0.xsl"'


SEEN_BY_RULES_ONLY = [
    pytest.param(
        setting(ref_to("IT.AE.AESTDY"), "ItemOID", "IT.AE.NONE"),
        {
            "ItemRef IT.AE.NONE: ItemOID 'IT.AE.NONE' is not defined",
            "ItemDef IT.AE.AESTDY: nothing refers to it",
        },
        id="a variable that is not defined",
    ),
    pytest.param(
        setting(child("IT.AE.AESER", f"{ODM}CodeListRef"), "CodeListOID", "MT.AE.AESTDY"),
        {"CodeListRef: CodeListOID 'MT.AE.AESTDY' is a MethodDef, not a CodeList"},
        id="a codelist that is a method",
    ),
    pytest.param(
        with_method_of("IT.AE.AESTDY", "MT.NONE"),
        {
            "ItemRef IT.AE.AESTDY: MethodOID 'MT.NONE' is not defined",
            "MethodDef MT.AE.AESTDY: nothing refers to it",
        },
        id="a method that is not defined",
    ),
    pytest.param(
        setting(at("IT.AE.AEDECOD"), f"{DEF}CommentOID", "COM.NONE"),
        {
            "ItemDef IT.AE.AEDECOD: CommentOID 'COM.NONE' is not defined",
            "CommentDef COM.AE.AEDECOD: nothing refers to it",
        },
        id="a comment that is not defined",
    ),
    pytest.param(
        setting(child("IT.LB.LBORRES", f"{DEF}ValueListRef"), "ValueListOID", "VL.NONE"),
        {
            "ValueListRef: ValueListOID 'VL.NONE' is not defined",
            "ValueListDef VL.LB.LBORRES: nothing refers to it",
        },
        id="a value list that is not defined",
    ),
    pytest.param(
        setting(child("VL.SUPPAE.QVAL", f"{ODM}ItemRef/{DEF}WhereClauseRef"), "WhereClauseOID", "WC.NONE"),
        {
            "WhereClauseRef: WhereClauseOID 'WC.NONE' is not defined",
            "WhereClauseDef WC.SUPPAE.QNAM.EQ.AEDAYS: nothing refers to it",
        },
        id="a where clause that is not defined",
    ),
    pytest.param(
        setting(child("WC.SUPPAE.QNAM.EQ.AEDAYS", f"{ODM}RangeCheck"), f"{DEF}ItemOID", "IT.AE.AETERM"),
        {
            "WhereClauseDef WC.SUPPAE.QNAM.EQ.AEDAYS: it reads a variable of another dataset,"
            " and no comment says how"
        },
        id="a where clause on another dataset",
    ),
    pytest.param(
        setting(at("IG.AE"), f"{DEF}StandardOID", "STD.NONE"),
        {"ItemGroupDef IG.AE: StandardOID 'STD.NONE' is not defined"},
        id="a standard that is not defined",
    ),
    pytest.param(
        setting(at("CL.NY"), f"{DEF}StandardOID", "STD.SDTMIG.3.4"),
        {"CodeList CL.NY: its standard is not of Type CT"},
        id="a codelist of a guide",
    ),
    pytest.param(
        setting(at("CL.NY"), f"{DEF}IsNonStandard", "Yes"),
        {"CodeList CL.NY: it has a StandardOID or is non-standard, one of them"},
        id="a codelist both standard and non-standard",
    ),
    pytest.param(
        without(at("IG.AE"), f"{DEF}StandardOID"),
        {"ItemGroupDef IG.AE: it has a StandardOID or is non-standard, one of them"},
        id="a dataset neither standard nor non-standard",
    ),
    pytest.param(
        setting(at("IG.AE"), f"{DEF}ArchiveLocationID", "LF.DM"),
        {
            "ItemGroupDef IG.AE: the ArchiveLocationID is not the ID of its leaf",
            "leaf LF.AE: nothing refers to it",
        },
        id="another dataset's file",
    ),
    pytest.param(
        setting(at("IG.DM"), "Name", "AE"),
        {
            "2 ItemGroupDef elements have the Name 'AE'",
            "ItemGroupDef IG.DM: the Domain is DM, and no Alias DomainDescription says what that is",
            "ItemGroupDef IG.DM: the Name is not the SASDatasetName, of up to 8 capital letters",
        },
        id="two datasets of one name",
    ),
    pytest.param(
        setting(at("CL.NY"), "Name", "Unit"),
        {"2 CodeList elements have the Name 'Unit'"},
        id="two codelists of one name",
    ),
    pytest.param(
        without(ref_to("IT.AE.AESTDY"), "MethodOID"),
        {
            "ItemDef IT.AE.AESTDY: it is derived, and its ItemRef names no method",
            "MethodDef MT.AE.AESTDY: nothing refers to it",
        },
        id="derived without a method",
    ),
    pytest.param(
        without(ref_to("IT.SUPPAE.QVAL.AEDAYS"), "MethodOID"),
        {
            "ItemDef IT.SUPPAE.QVAL.AEDAYS: it is derived, and its ItemRef names no method",
            "MethodDef MT.SUPPAE.QVAL.AEDAYS: nothing refers to it",
        },
        id="a derived value level without a method",
    ),
    pytest.param(
        removing(child("IT.AE.AETERM", f"{DEF}Origin")),
        {"ItemDef IT.AE.AETERM: it has no Origin"},
        id="a variable without an origin",
    ),
    pytest.param(
        removing(child("IT.LB.LBORRES.CRP", f"{DEF}Origin")),
        {"ItemDef IT.LB.LBORRES.CRP: it has no Origin"},
        id="a value level without an origin",
    ),
    pytest.param(
        without(child("IT.AE.AETERM", f"{DEF}Origin"), "Source"),
        {"ItemDef IT.AE.AETERM: the Origin Collected has no Source"},
        id="an origin without a source",
    ),
    pytest.param(
        setting(child("IT.AE.AETERM", f"{DEF}Origin"), "Type", "Predecessor"),
        {"ItemDef IT.AE.AETERM: the predecessor is not named as DATASET.VARIABLE"},
        id="a predecessor without a name",
    ),
    pytest.param(
        removing(child("IT.SUPPAE.QVAL", f"{DEF}ValueListRef")),
        {
            "ValueListDef VL.SUPPAE.QVAL: nothing refers to it",
            "ItemDef IT.SUPPAE.QVAL: QVAL is described at value level, by QNAM",
            "ItemDef IT.SUPPAE.QVAL: it has no Origin",
        },
        id="qualifiers without value levels",
    ),
    pytest.param(
        without(at("IT.AE.AETERM"), "Length"),
        {"ItemDef IT.AE.AETERM: a Length is given for text, integer and float, and only there"},
        id="a text without a length",
    ),
    pytest.param(
        setting(at("IT.AE.AESTDTC"), "Length", "10"),
        {"ItemDef IT.AE.AESTDTC: a Length is given for text, integer and float, and only there"},
        id="a date with a length",
    ),
    pytest.param(
        without(at("IT.LB.LBSTRESN"), "SignificantDigits"),
        {"ItemDef IT.LB.LBSTRESN: SignificantDigits are given for float, and only there"},
        id="a float without significant digits",
    ),
    pytest.param(
        setting(at("IT.AE.AESER"), "DataType", "integer"),
        {"ItemDef IT.AE.AESER: its DataType is not that of its codelist"},
        id="a number with a list of texts",
    ),
    pytest.param(
        without(at("IT.AE.AETERM"), "SASFieldName"),
        {"ItemDef IT.AE.AETERM: it has no SASFieldName of up to 8 characters"},
        id="a variable without its SAS name",
    ),
    pytest.param(
        labelled("IT.AE.AETERM", "A label that is longer than the forty letters"),
        {"ItemDef IT.AE.AETERM: it has no label of up to 40 characters"},
        id="a long label of a variable",
    ),
    pytest.param(
        labelled("IG.AE", " "),
        {"ItemGroupDef IG.AE: it has no label of up to 40 characters"},
        id="a blank label of a dataset",
    ),
    pytest.param(
        setting(ref_to("IT.AE.USUBJID"), "KeySequence", "3"),
        {"ItemGroupDef IG.AE: the KeySequence does not count 1, 2, 3"},
        id="a key is left out",
    ),
    pytest.param(
        without(ref_to("IT.AE.AETERM"), "OrderNumber"),
        {"ItemGroupDef IG.AE: an ItemRef has no OrderNumber"},
        id="a variable without its order",
    ),
    pytest.param(
        without(at("IG.AE"), "Domain"),
        {"ItemGroupDef IG.AE: a Domain is given for tabulation data, and only there"},
        id="a domain without its Domain",
    ),
    pytest.param(
        without(at("IG.AE"), "Purpose"),
        {
            "ItemGroupDef IG.AE: a Domain is given for tabulation data, and only there",
            "ItemGroupDef IG.AE: the Purpose is neither Tabulation nor Analysis",
        },
        id="a dataset without a purpose",
    ),
    pytest.param(
        removing(child("IG.SUPPAE", f"{ODM}Alias")),
        {"ItemGroupDef IG.SUPPAE: the Domain is AE, and no Alias DomainDescription says what that is"},
        id="qualifiers without their domain's label",
    ),
    pytest.param(
        removing(child("IG.AE", f"{DEF}Class")),
        {"ItemGroupDef IG.AE: it has no Class"},
        id="a dataset without a class",
    ),
    pytest.param(
        setting(at("IG.TS"), "Repeating", "Yes"),
        {"ItemGroupDef IG.TS: reference data do not repeat"},
        id="reference data that repeat",
    ),
    pytest.param(
        without(at("IG.DS"), f"{DEF}CommentOID"),
        {
            "ItemGroupDef IG.DS: it has no data, and no comment says why",
            "CommentDef COM.DS: nothing refers to it",
        },
        id="no data without a comment",
    ),
    pytest.param(
        setting(at("IG.LB"), f"{DEF}HasNoData", "Yes"),
        {"ItemGroupDef IG.LB: it has no data, but a file"},
        id="no data and a file",
    ),
    pytest.param(
        without(at("IT.AE.AEENDTC"), f"{DEF}CommentOID"),
        {
            "ItemRef IT.AE.AEENDTC: it has no data, and no comment says why",
            "CommentDef COM.AE.AEENDTC: nothing refers to it",
        },
        id="a variable without data and without a comment",
    ),
    pytest.param(
        removing(child("CL.NY", f"{ODM}CodeListItem/{ODM}Alias")),
        {"CodeListItem N: it has an NCI code or is an ExtendedValue, one of them"},
        id="a term without its code",
    ),
    pytest.param(
        setting(child("CL.NY", f"{ODM}CodeListItem"), f"{DEF}ExtendedValue", "Yes"),
        {"CodeListItem N: it has an NCI code or is an ExtendedValue, one of them"},
        id="a term with a code as an extended value",
    ),
    pytest.param(
        removing(child("CL.NY", f"{ODM}Alias")),
        {"CodeList CL.NY: an NCI code is given for a list of CDISC terminology, and only there"},
        id="a list of terminology without its code",
    ),
    pytest.param(
        without(child("CL.MEDDRA", f"{ODM}ExternalCodeList"), "Version"),
        {"CodeList CL.MEDDRA: the dictionary has no Version"},
        id="a dictionary without a version",
    ),
    pytest.param(
        setting(at("MT.AE.AESTDY"), "Type", "Transpose"),
        {"MethodDef MT.AE.AESTDY: the Type is neither Computation nor Imputation"},
        id="a method of an old type",
    ),
    pytest.param(
        labelled("MT.AE.AESTDY", ""), {"MethodDef MT.AE.AESTDY: it has no text"}, id="a method without a text"
    ),
    pytest.param(
        labelled("COM.LB", ""), {"CommentDef COM.LB: it has no text"}, id="a comment without a text"
    ),
    pytest.param(
        setting(at("LF.AE"), f"{XLINK}href", "adverse.xpt"),
        {"leaf LF.AE: there is no file adverse.xpt"},
        id="a file that is not there",
    ),
    pytest.param(
        setting(at("LF.AE"), f"{XLINK}href", "/etc/hostname"),
        {"leaf LF.AE: there is no file /etc/hostname"},
        id="a file elsewhere",
    ),
    pytest.param(
        another_stylesheet,
        {"the document names the stylesheet define2-0.xsl, and there is no such file"},
        id="a stylesheet that is not there",
    ),
    pytest.param(
        lambda tree: tree.getroot().set("ODMVersion", "1.3"),
        {"ODM: the ODMVersion is not 1.3.2"},
        id="another version of ODM",
    ),
    pytest.param(
        setting(at("STD.CT.SDTM.2025-03-28"), "PublishingSet", "SEND"),
        {"Standard STD.SDTMIG.3.4: no terminology of SDTM is listed with it"},
        id="a guide without its terminology",
    ),
    pytest.param(
        without(at("STD.CT.SDTM.2025-03-28"), "PublishingSet"),
        {
            "Standard STD.SDTMIG.3.4: no terminology of SDTM is listed with it",
            "Standard STD.CT.SDTM.2025-03-28: terminology has a PublishingSet",
        },
        id="terminology without its set",
    ),
]

SEEN_BY_THE_SCHEMA = [
    pytest.param(
        setting(ref_to("IT.AE.USUBJID"), "KeySequence", "1"),
        {
            "ItemGroupDef IG.AE: 2 ItemRefs have the KeySequence '1'",
            "ItemGroupDef IG.AE: the KeySequence does not count 1, 2, 3",
        },
        id="two keys of one number",
    ),
    pytest.param(
        setting(ref_to("IT.AE.AETERM"), "OrderNumber", "1"),
        {"ItemGroupDef IG.AE: 2 ItemRefs have the OrderNumber '1'"},
        id="two variables of one order",
    ),
    pytest.param(
        setting(child("CL.NY", f"{ODM}CodeListItem"), "CodedValue", "Y"),
        {"CodeList CL.NY: 2 terms have the CodedValue 'Y'"},
        id="a term stands twice",
    ),
    pytest.param(
        setting(at("COM.DS"), "OID", "COM.LB"),
        {
            "2 CommentDef elements have the OID 'COM.LB'",
            "ItemGroupDef IG.DS: CommentOID 'COM.DS' is not defined",
        },
        id="two comments of one OID",
    ),
]


@pytest.fixture
def valid(study: Study, written: Callable[..., Path]) -> Path:
    return written(study)


def found_in(folder: Path, mutate: Mutation) -> tuple[set[str], tuple[str, ...]]:
    """What the rules say of the mutant, without lines, and what the schema says."""
    tree = etree.parse(str(folder / "define.xml"))
    before = etree.tostring(tree)
    mutate(tree)
    assert etree.tostring(tree) != before
    path = folder / "mutant.xml"
    tree.write(str(path))
    said = reference_problems(etree.parse(str(path)), folder)
    return {re.sub(r"^line \d+: ", "", each) for each in said}, schema_problems(path)


@pytest.mark.parametrize(("mutate", "expected"), SEEN_BY_RULES_ONLY)
def test_a_fault_that_the_schema_does_not_see(valid: Path, mutate: Mutation, expected: set[str]) -> None:
    rules, schema = found_in(valid, mutate)
    assert rules == expected
    assert schema == ()


@pytest.mark.parametrize(("mutate", "expected"), SEEN_BY_THE_SCHEMA)
def test_a_fault_that_both_see(valid: Path, mutate: Mutation, expected: set[str]) -> None:
    rules, schema = found_in(valid, mutate)
    assert rules == expected
    assert schema != ()


def test_a_domain_in_analysis_data(study: Study, written: Callable[..., Path]) -> None:
    rules, _ = found_in(written(study, "adam"), setting(at("IG.ADLB"), "Domain", "ADLB"))
    assert rules == {"ItemGroupDef IG.ADLB: a Domain is given for tabulation data, and only there"}


def test_a_sponsors_list_with_a_code(study: Study, written: Callable[..., Path]) -> None:
    def mutate(tree: Tree) -> None:
        etree.SubElement(one(tree, "CL.PARAMCD"), f"{ODM}Alias", Context="nci:ExtCodeID", Name="C1")
        child("CL.PARAMCD", f"{ODM}CodeListItem")(tree).set(f"{DEF}ExtendedValue", "Yes")

    rules, _ = found_in(written(study, "adam"), mutate)
    assert rules == {
        "CodeList CL.PARAMCD: an NCI code is given for a list of CDISC terminology, and only there",
        "CodeListItem ALT: a term of a sponsor's list has no NCI code and is no ExtendedValue",
    }


def test_collected_without_the_annotated_crf(
    study: Study, written: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "sdtm").mkdir()
    (tmp_path / "sdtm" / "acrf.pdf").write_bytes(b"%PDF-1.7")
    crf = study.model_copy(
        update={"documents": (Document(name="acrf", title="Annotated CRF", file="acrf.pdf"),)}
    )
    path = f"{DEF}Origin/{DEF}DocumentRef"
    rules, _ = found_in(written(crf), removing(child("IT.AE.AETERM", path)))
    assert rules == {"ItemDef IT.AE.AETERM: it is collected, and does not point to the annotated CRF"}


def test_a_document_that_names_no_stylesheet(valid: Path) -> None:
    path = valid / "bare.xml"
    path.write_bytes(etree.tostring(etree.parse(str(valid / "define.xml")).getroot()))
    assert reference_problems(etree.parse(str(path)), valid) == ("the document names no stylesheet",)


def test_the_schema_names_the_line_and_the_fault(valid: Path) -> None:
    tree = etree.parse(str(valid / "define.xml"))
    one(tree, "IG.AE").set("Repeating", "Maybe")
    path = valid / "mutant.xml"
    tree.write(str(path))
    line = one(etree.parse(str(path)), "IG.AE").sourceline
    assert schema_problems(path)[0] == (
        f"line {line}: Element '{ODM}ItemGroupDef', attribute 'Repeating': "
        "[facet 'enumeration'] The value 'Maybe' is not an element of the set {'Yes', 'No'}."
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"<ODM>", "line 1: not well-formed XML: ", id="not well-formed"),
        pytest.param(
            b'<!DOCTYPE ODM [<!ENTITY hosts SYSTEM "file:///etc/hosts">]><ODM>&hosts;</ODM>',
            "line 1: a define.xml has no document type declaration",
            id="an entity that reads a file",
        ),
    ],
)
def test_what_is_no_define(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "define.xml"
    path.write_bytes(content)
    (found,) = schema_problems(path)
    assert found.startswith(problem)
