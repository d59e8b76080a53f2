"""The whole of define.xml on a small study: what stands where.

Over 400 lines, since what is expected is written out in full.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from define_xml import reference_problems, schema_problems, write
from specs import Codelist, CodelistTerm, Dataset, Document, Study

DEF = "{http://www.cdisc.org/ns/def/v2.1}"
ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
Written = Callable[..., Path]


def version_of(folder: Path) -> etree._Element:
    version = etree.parse(str(folder / "define.xml")).find(f".//{ODM}MetaDataVersion")
    assert version is not None
    return version


def shown(element: etree._Element) -> str:
    """An element as one line, without namespaces, white space and the wrapping of texts (all are English)."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    text = re.sub(r' xmlns(:\w+)?="[^"]*"|<TranslatedText xml:lang="en">|</TranslatedText>', "", text)
    return re.sub(r"(?<=>)\s+|\s+(?=<)", "", text)


def with_oid(version: etree._Element, oid: str) -> str:
    (found,) = version.xpath("*[@OID=$oid]", oid=oid)
    return shown(found)


def oids(version: etree._Element, name: str) -> list[str]:
    return [str(each.get("OID")) for each in version.findall(name)]


def with_variable(study: Study, dataset: str, name: str, **changes: Any) -> Study:
    given = study.datasets[dataset]
    variables = tuple(
        each.model_copy(update=changes) if each.name == name else each for each in given.variables
    )
    return with_dataset(study, given.model_copy(update={"variables": variables}))


def with_dataset(study: Study, dataset: Dataset) -> Study:
    fresh = Dataset.model_construct(**{name: getattr(dataset, name) for name in Dataset.model_fields})
    fields = {name: getattr(study, name) for name in Study.model_fields}
    return Study(**(fields | {"datasets": {**study.datasets, dataset.name: fresh}}))


def test_the_file_begins_as_agencies_demand(study: Study, written: Written) -> None:
    content = (written(study) / "define.xml").read_bytes()
    assert content.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<?xml-stylesheet type="text/xsl" href="define2-1.xsl"?>\n<ODM xmlns='
    )


def test_the_head_names_the_study_and_the_moment(study: Study, written: Written) -> None:
    root = etree.parse(str(written(study) / "define.xml")).getroot()
    assert dict(root.attrib) == {
        "ODMVersion": "1.3.2",
        "FileType": "Snapshot",
        "FileOID": "STUDY.S1.SDTM.2026-11-22T12:00:00",
        "CreationDateTime": "2026-11-22T12:00:00",
        "SourceSystem": "trialwright",
        f"{DEF}Context": "Submission",
    }
    (head,) = root.iter(f"{ODM}GlobalVariables")
    assert shown(head) == (
        "<GlobalVariables><StudyName>S1</StudyName><StudyDescription>A study for tests</StudyDescription>"
        "<ProtocolName>S1-P</ProtocolName></GlobalVariables>"
    )
    version = version_of(written(study))
    assert dict(version.attrib) == {
        "OID": "MDV.S1.SDTM",
        "Name": "Study S1, SDTMIG 3.4",
        "Description": "Data definitions of the SDTM datasets of study S1",
        f"{DEF}DefineVersion": "2.1.0",
    }


def test_the_standards_are_those_of_the_model(study: Study, written: Written) -> None:
    assert shown(version_of(written(study, "adam"))[0]) == (
        "<def:Standards>"
        '<def:Standard OID="STD.ADaMIG.1.3" Name="ADaMIG" Type="IG" Version="1.3" Status="Final"/>'
        '<def:Standard OID="STD.ADaM-OCCDSIG.1.1" Name="ADaM-OCCDSIG" Type="IG" Version="1.1"'
        ' Status="Final"/>'
        '<def:Standard OID="STD.CT.ADaM.2026-03-27" Name="CDISC/NCI" Type="CT" PublishingSet="ADaM"'
        ' Version="2026-03-27" Status="Final"/>'
        '<def:Standard OID="STD.CT.SDTM.2025-03-28" Name="CDISC/NCI" Type="CT" PublishingSet="SDTM"'
        ' Version="2025-03-28" Status="Final"/>'
        "</def:Standards>"
    )


def test_datasets_stand_by_class_and_adsl_first(study: Study, written: Written) -> None:
    sdtm, adam = version_of(written(study)), version_of(written(study, "adam"))
    assert oids(sdtm, f"{ODM}ItemGroupDef") == ["IG.TS", "IG.DM", "IG.AE", "IG.DS", "IG.LB", "IG.SUPPAE"]
    assert oids(adam, f"{ODM}ItemGroupDef") == ["IG.ADSL", "IG.ADLB"]


def test_a_domain(study: Study, written: Written) -> None:
    version = version_of(written(study))
    assert with_oid(version, "IG.AE") == (
        '<ItemGroupDef OID="IG.AE" Name="AE" Repeating="Yes" IsReferenceData="No" SASDatasetName="AE"'
        ' Domain="AE"'
        ' Purpose="Tabulation" def:Structure="One record per subject per item" def:ArchiveLocationID="LF.AE"'
        ' def:StandardOID="STD.SDTMIG.3.4">'
        "<Description>Adverse Events</Description>"
        '<ItemRef ItemOID="IT.AE.STUDYID" OrderNumber="1" Mandatory="Yes" KeySequence="1" Role="Identifier"/>'
        '<ItemRef ItemOID="IT.AE.DOMAIN" OrderNumber="2" Mandatory="Yes" Role="Identifier"/>'
        '<ItemRef ItemOID="IT.AE.USUBJID" OrderNumber="3" Mandatory="Yes" KeySequence="2" Role="Identifier"/>'
        '<ItemRef ItemOID="IT.AE.AETERM" OrderNumber="4" Mandatory="Yes" Role="Topic"/>'
        '<ItemRef ItemOID="IT.AE.AEDECOD" OrderNumber="5" Mandatory="No"/>'
        '<ItemRef ItemOID="IT.AE.AESER" OrderNumber="6" Mandatory="No"/>'
        '<ItemRef ItemOID="IT.AE.AESTDTC" OrderNumber="7" Mandatory="No" Role="Timing"/>'
        '<ItemRef ItemOID="IT.AE.AEENDTC" OrderNumber="8" Mandatory="No" Role="Timing" def:HasNoData="Yes"/>'
        '<ItemRef ItemOID="IT.AE.AESTDY" OrderNumber="9" Mandatory="No" MethodOID="MT.AE.AESTDY"'
        ' Role="Timing"/>'
        '<def:Class Name="EVENTS"/>'
        '<def:leaf ID="LF.AE" xlink:href="ae.xpt"><def:title>ae.xpt</def:title></def:leaf>'
        "</ItemGroupDef>"
    )


def test_trial_design_is_reference_data_and_does_not_repeat(study: Study, written: Written) -> None:
    shown_group = with_oid(version_of(written(study)), "IG.TS")
    assert shown_group.startswith('<ItemGroupDef OID="IG.TS" Name="TS" Repeating="No" IsReferenceData="Yes"')


def test_a_dataset_without_records_has_no_file_and_a_comment(study: Study, written: Written) -> None:
    version = version_of(written(study))
    shown_group = with_oid(version, "IG.DS")
    assert 'def:HasNoData="Yes" def:CommentOID="COM.DS"' in shown_group
    assert "leaf" not in shown_group
    assert "ArchiveLocationID" not in shown_group
    assert with_oid(version, "COM.DS") == (
        '<def:CommentDef OID="COM.DS"><Description>The dataset has no records.</Description></def:CommentDef>'
    )


def test_a_dataset_without_a_file_has_no_data(study: Study, files_of: Written, tmp_path: Path) -> None:
    folder = files_of(study)
    write(study, "sdtm", folder, created="2026-11-22T12:00:00", out=tmp_path / "before")
    for name in ("ds.xpt", "lb.xpt"):
        (folder / name).unlink()
    write(study, "sdtm", folder, created="2026-11-22T12:00:00", out=tmp_path / "after")
    before, after = version_of(tmp_path / "before"), version_of(tmp_path / "after")
    assert with_oid(after, "IG.DS") == with_oid(before, "IG.DS")
    assert 'def:HasNoData="Yes" def:CommentOID="COM.LB"' in with_oid(after, "IG.LB")
    assert "Local laboratories only. The dataset has no records." in with_oid(after, "COM.LB")
    assert with_oid(after, "IT.LB.LBSTRESN") == (
        '<ItemDef OID="IT.LB.LBSTRESN" Name="LBSTRESN" DataType="integer" Length="8" SASFieldName="LBSTRESN">'
        "<Description>Numeric Result/Finding in Standard Units</Description>"
        '<def:Origin Type="Derived" Source="Sponsor"/></ItemDef>'
    )


def test_it_can_be_written_elsewhere_and_for_some_datasets(
    study: Study, files_of: Written, tmp_path: Path
) -> None:
    folder, out = files_of(study), tmp_path / "elsewhere" / "sdtm"
    write(study, "sdtm", folder, created="2026-11-22T12:00:00", out=out, only={"SUPPAE", "DM"})
    assert sorted(path.name for path in out.iterdir()) == ["define.html", "define.xml", "define2-1.xsl"]
    assert not (folder / "define.xml").exists()
    version = version_of(out)
    assert oids(version, f"{ODM}ItemGroupDef") == ["IG.DM", "IG.SUPPAE"]
    assert 'Domain="AE"' in with_oid(version, "IG.SUPPAE")
    assert oids(version, f"{ODM}CodeList") == ["CL.COUNTRY", "CL.NY"]


def test_supplemental_qualifiers_belong_to_their_domain(study: Study, written: Written) -> None:
    version = version_of(written(study))
    shown_group = with_oid(version, "IG.SUPPAE")
    assert 'Domain="AE"' in shown_group
    assert (
        '<Alias Context="DomainDescription" Name="Adverse Events"/><def:Class Name="RELATIONSHIP"/>'
        in shown_group
    )


def test_an_analysis_dataset_has_no_domain_and_no_roles(study: Study, written: Written) -> None:
    assert with_oid(version_of(written(study, "adam")), "IG.ADSL") == (
        '<ItemGroupDef OID="IG.ADSL" Name="ADSL" Repeating="No" IsReferenceData="No" SASDatasetName="ADSL"'
        ' Purpose="Analysis" def:Structure="One record per subject per item" def:ArchiveLocationID="LF.ADSL"'
        ' def:StandardOID="STD.ADaMIG.1.3">'
        "<Description>Subject-Level Analysis</Description>"
        '<ItemRef ItemOID="IT.ADSL.STUDYID" OrderNumber="1" Mandatory="Yes" KeySequence="1"/>'
        '<ItemRef ItemOID="IT.ADSL.USUBJID" OrderNumber="2" Mandatory="Yes" KeySequence="2"/>'
        '<def:Class Name="SUBJECT LEVEL ANALYSIS DATASET"/>'
        '<def:leaf ID="LF.ADSL" xlink:href="adsl.xpt"><def:title>adsl.xpt</def:title></def:leaf>'
        "</ItemGroupDef>"
    )


def test_occurrence_data_follow_their_own_guide_and_name_their_subclass(
    study: Study, written: Written
) -> None:
    changed = study.datasets["ADLB"].model_copy(
        update={"class_name": "OCCURRENCE DATA STRUCTURE", "subclass": "ADVERSE EVENT"}
    )
    shown_group = with_oid(version_of(written(with_dataset(study, changed), "adam")), "IG.ADLB")
    assert 'def:StandardOID="STD.ADaM-OCCDSIG.1.1"' in shown_group
    assert (
        '<def:Class Name="OCCURRENCE DATA STRUCTURE"><def:SubClass Name="ADVERSE EVENT"/></def:Class>'
        in shown_group
    )


@pytest.mark.parametrize(
    ("oid", "expected"),
    [
        pytest.param(
            "IT.AE.AETERM",
            '<ItemDef OID="IT.AE.AETERM" Name="AETERM" DataType="text" Length="17" SASFieldName="AETERM">'
            "<Description>Reported Term for the Adverse Event</Description>"
            '<def:Origin Type="Collected" Source="Investigator"/></ItemDef>',
            id="a collected text has the length of its file",
        ),
        pytest.param(
            "IT.AE.AEDECOD",
            '<ItemDef OID="IT.AE.AEDECOD" Name="AEDECOD" DataType="text" Length="7" SASFieldName="AEDECOD"'
            ' def:CommentOID="COM.AE.AEDECOD">'
            "<Description>Dictionary-Derived Term</Description>"
            '<CodeListRef CodeListOID="CL.MEDDRA"/><def:Origin Type="Collected" Source="Investigator"/>'
            "</ItemDef>",
            id="a coded term points to its dictionary and its comment",
        ),
        pytest.param(
            "IT.AE.AESTDTC",
            '<ItemDef OID="IT.AE.AESTDTC" Name="AESTDTC" DataType="partialDate" SASFieldName="AESTDTC">'
            "<Description>Start Date/Time of Adverse Event</Description>"
            '<def:Origin Type="Collected" Source="Investigator"/></ItemDef>',
            id="a date has a kind and no length",
        ),
        pytest.param(
            "IT.AE.AESTDY",
            '<ItemDef OID="IT.AE.AESTDY" Name="AESTDY" DataType="integer" Length="2" SASFieldName="AESTDY">'
            "<Description>Study Day of Start of Adverse Event</Description>"
            '<def:Origin Type="Derived" Source="Sponsor"/></ItemDef>',
            id="a derived number has the length of its digits",
        ),
        pytest.param(
            "IT.LB.LBTESTCD",
            '<ItemDef OID="IT.LB.LBTESTCD" Name="LBTESTCD" DataType="text" Length="4"'
            ' SASFieldName="LBTESTCD">'
            "<Description>Lab Test or Examination Short Name</Description>"
            '<CodeListRef CodeListOID="CL.LBTESTCD"/><def:Origin Type="Collected" Source="Vendor"/>'
            "</ItemDef>",
            id="what a laboratory sends is collected by a vendor",
        ),
        pytest.param(
            "IT.TS.TSVAL",
            '<ItemDef OID="IT.TS.TSVAL" Name="TSVAL" DataType="text" Length="4" SASFieldName="TSVAL">'
            "<Description>Parameter Value</Description>"
            '<def:Origin Type="Protocol" Source="Sponsor"/></ItemDef>',
            id="trial design comes from the protocol",
        ),
    ],
)
def test_a_variable(study: Study, written: Written, oid: str, expected: str) -> None:
    assert with_oid(version_of(written(study)), oid) == expected


def test_an_analysis_variable(study: Study, written: Written) -> None:
    version = version_of(written(study, "adam"))
    assert with_oid(version, "IT.ADLB.ADT") == (
        '<ItemDef OID="IT.ADLB.ADT" Name="ADT" DataType="integer" Length="5" SASFieldName="ADT"'
        ' def:DisplayFormat="DATE9."><Description>Analysis Date'
        '</Description><def:Origin Type="Derived" Source="Sponsor"/></ItemDef>'
    )
    assert with_oid(version, "IT.ADLB.PARAMCD") == (
        '<ItemDef OID="IT.ADLB.PARAMCD" Name="PARAMCD" DataType="text" Length="4" SASFieldName="PARAMCD">'
        "<Description>Parameter Code</Description>"
        '<CodeListRef CodeListOID="CL.PARAMCD"/><def:Origin Type="Predecessor"><Description>'
        "LB.LBTESTCD</Description></def:Origin></ItemDef>"
    )


@pytest.mark.parametrize(
    ("of", "shown_as"),
    [
        pytest.param("AE.AETERM", "AE.AETERM", id="a variable of a domain"),
        pytest.param("STUDYID", "ADSL.STUDYID", id="a variable of the dataset itself"),
        pytest.param("AE.AEINFUS", "SUPPAE.QVAL where QNAM EQ AEINFUS", id="a qualifier stands in SUPP--"),
    ],
)
def test_a_predecessor_is_named_as_it_is_submitted(
    study: Study, written: Written, of: str, shown_as: str
) -> None:
    word = study.datasets["ADSL"].by_name["USUBJID"].derivation
    version = version_of(
        written(with_variable(study, "ADSL", "USUBJID", derivation=type(word)(of=of)), "adam")
    )
    assert f'<def:Origin Type="Predecessor"><Description>{shown_as}</Description></def:Origin>' in with_oid(
        version, "IT.ADSL.USUBJID"
    )


def test_a_method_is_the_sentence_of_the_word_and_its_line_in_the_specification(
    study: Study, written: Written
) -> None:
    version = version_of(written(study))
    assert oids(version, f"{ODM}MethodDef") == [
        "MT.DM.RFSTDTC",
        "MT.AE.AESTDY",
        "MT.LB.LBSTRESN",
        "MT.SUPPAE.QVAL.AEDAYS",
    ]
    assert with_oid(version, "MT.AE.AESTDY") == (
        '<MethodDef OID="MT.AE.AESTDY" Name="Algorithm to derive AE.AESTDY" Type="Computation"><Description>'
        "AESTDY = AESTDTC - DM.RFSTDTC + 1.</Description>"
        '<FormalExpression Context="trialwright">days_from: {date: AESTDTC}</FormalExpression></MethodDef>'
    )
    assert 'Type="Imputation"' in with_oid(version, "MT.DM.RFSTDTC")


def test_results_are_described_by_test(study: Study, written: Written) -> None:
    version = version_of(written(study))
    assert with_oid(version, "VL.LB.LBORRES") == (
        '<def:ValueListDef OID="VL.LB.LBORRES">'
        '<ItemRef ItemOID="IT.LB.LBORRES.ALT" OrderNumber="1" Mandatory="No">'
        '<def:WhereClauseRef WhereClauseOID="WC.LB.LBTESTCD.EQ.ALT"/></ItemRef>'
        '<ItemRef ItemOID="IT.LB.LBORRES.CRP" OrderNumber="2" Mandatory="No">'
        '<def:WhereClauseRef WhereClauseOID="WC.LB.LBTESTCD.EQ.CRP"/></ItemRef>'
        '<ItemRef ItemOID="IT.LB.LBORRES.TREG" OrderNumber="3" Mandatory="No">'
        '<def:WhereClauseRef WhereClauseOID="WC.LB.LBTESTCD.EQ.TREG"/></ItemRef>'
        "</def:ValueListDef>"
    )
    assert with_oid(version, "WC.LB.LBTESTCD.EQ.ALT") == (
        '<def:WhereClauseDef OID="WC.LB.LBTESTCD.EQ.ALT">'
        '<RangeCheck Comparator="EQ" SoftHard="Soft" def:ItemOID="IT.LB.LBTESTCD">'
        "<CheckValue>ALT</CheckValue>"
        "</RangeCheck></def:WhereClauseDef>"
    )
    assert with_oid(version, "IT.LB.LBORRES") == (
        '<ItemDef OID="IT.LB.LBORRES" Name="LBORRES" DataType="text" Length="4" SASFieldName="LBORRES">'
        "<Description>Result or Finding in Original Units</Description>"
        '<def:ValueListRef ValueListOID="VL.LB.LBORRES"/></ItemDef>'
    )
    assert with_oid(version, "IT.LB.LBORRES.TREG") == (
        '<ItemDef OID="IT.LB.LBORRES.TREG" Name="LBORRES" DataType="float" Length="4" SignificantDigits="2"'
        ' SASFieldName="LBORRES"><Description>Regulatory T Cells'
        '</Description><def:Origin Type="Collected" Source="Vendor"/></ItemDef>'
    )
    assert with_oid(version, "IT.LB.LBORRES.CRP").startswith(
        '<ItemDef OID="IT.LB.LBORRES.CRP" Name="LBORRES" DataType="text" Length="4" SASFieldName="LBORRES">'
    )


def test_a_test_without_any_number_is_no_value_level_of_the_numeric_result(
    study: Study, written: Written
) -> None:
    version = version_of(written(study))
    assert with_oid(version, "VL.LB.LBSTRESN") == (
        '<def:ValueListDef OID="VL.LB.LBSTRESN">'
        '<ItemRef ItemOID="IT.LB.LBSTRESN.ALT" OrderNumber="1" Mandatory="No" MethodOID="MT.LB.LBSTRESN">'
        '<def:WhereClauseRef WhereClauseOID="WC.LB.LBTESTCD.EQ.ALT"/></ItemRef>'
        '<ItemRef ItemOID="IT.LB.LBSTRESN.TREG" OrderNumber="2" Mandatory="No" MethodOID="MT.LB.LBSTRESN">'
        '<def:WhereClauseRef WhereClauseOID="WC.LB.LBTESTCD.EQ.TREG"/></ItemRef>'
        "</def:ValueListDef>"
    )


def test_qualifiers_have_the_origin_method_and_codelist_of_the_variable_that_they_are(
    study: Study, written: Written
) -> None:
    version = version_of(written(study))
    assert with_oid(version, "VL.SUPPAE.QVAL") == (
        '<def:ValueListDef OID="VL.SUPPAE.QVAL">'
        '<ItemRef ItemOID="IT.SUPPAE.QVAL.AEDAYS" OrderNumber="1" Mandatory="No"'
        ' MethodOID="MT.SUPPAE.QVAL.AEDAYS">'
        '<def:WhereClauseRef WhereClauseOID="WC.SUPPAE.QNAM.EQ.AEDAYS"/></ItemRef>'
        '<ItemRef ItemOID="IT.SUPPAE.QVAL.AEINFUS" OrderNumber="2" Mandatory="No">'
        '<def:WhereClauseRef WhereClauseOID="WC.SUPPAE.QNAM.EQ.AEINFUS"/></ItemRef>'
        "</def:ValueListDef>"
    )
    assert with_oid(version, "IT.SUPPAE.QVAL.AEINFUS") == (
        '<ItemDef OID="IT.SUPPAE.QVAL.AEINFUS" Name="AEINFUS" DataType="text" Length="1"'
        ' SASFieldName="AEINFUS">'
        "<Description>During the Injection</Description>"
        '<CodeListRef CodeListOID="CL.NY"/><def:Origin Type="Collected" Source="Investigator"/></ItemDef>'
    )


def test_a_list_of_cdisc_terminology_is_cut_to_the_terms_used(study: Study, written: Written) -> None:
    assert with_oid(version_of(written(study)), "CL.NY") == (
        '<CodeList OID="CL.NY" Name="No Yes Response" DataType="text"'
        ' def:StandardOID="STD.CT.SDTM.2025-03-28">'
        '<CodeListItem CodedValue="N" OrderNumber="1"><Decode>No</Decode>'
        '<Alias Context="nci:ExtCodeID" Name="C49487"/></CodeListItem>'
        '<CodeListItem CodedValue="U" OrderNumber="2"><Decode>Unknown'
        '</Decode><Alias Context="nci:ExtCodeID" Name="C17998"/></CodeListItem>'
        '<CodeListItem CodedValue="Y" OrderNumber="3"><Decode>Yes</Decode>'
        '<Alias Context="nci:ExtCodeID" Name="C49488"/></CodeListItem>'
        '<Alias Context="nci:ExtCodeID" Name="C66742"/></CodeList>'
    )


@pytest.mark.parametrize(
    ("model", "oid", "expected"),
    [
        pytest.param(
            "sdtm",
            "CL.UNIT",
            '<CodeList OID="CL.UNIT" Name="Unit" DataType="text" def:StandardOID="STD.CT.SDTM.2025-03-28">'
            '<EnumeratedItem CodedValue="U/L" OrderNumber="1"><Alias Context="nci:ExtCodeID"'
            ' Name="C67456"/></EnumeratedItem>'
            '<EnumeratedItem CodedValue="mg/L" OrderNumber="2"><Alias Context="nci:ExtCodeID"'
            ' Name="C64572"/></EnumeratedItem>'
            '<Alias Context="nci:ExtCodeID" Name="C71620"/></CodeList>',
            id="terms without decodes are enumerated",
        ),
        pytest.param(
            "sdtm",
            "CL.MEDDRA",
            '<CodeList OID="CL.MEDDRA" Name="Adverse Event Dictionary" DataType="text">'
            '<ExternalCodeList Dictionary="MedDRA" Version="28.0"/></CodeList>',
            id="a dictionary is not listed",
        ),
        pytest.param(
            "sdtm",
            "CL.COUNTRY",
            '<CodeList OID="CL.COUNTRY" Name="Country" DataType="text">'
            '<ExternalCodeList Dictionary="ISO 3166" ref="3166-1 alpha-3"/></CodeList>',
            id="ISO 3166 with its part",
        ),
        pytest.param(
            "adam",
            "CL.PARAMCD",
            '<CodeList OID="CL.PARAMCD" Name="Parameter Code" DataType="text" def:IsNonStandard="Yes">'
            '<CodeListItem CodedValue="ALT" OrderNumber="1"><Decode>'
            "Alanine Aminotransferase (U/L)</Decode></CodeListItem>"
            '<CodeListItem CodedValue="RESP" OrderNumber="2"><Decode>Response'
            "</Decode></CodeListItem></CodeList>",
            id="a sponsor's list has no codes",
        ),
    ],
)
def test_a_codelist(study: Study, written: Written, model: str, oid: str, expected: str) -> None:
    assert with_oid(version_of(written(study, model)), oid) == expected


def test_a_sponsors_term_in_an_extensible_list_is_an_extended_value(study: Study, written: Written) -> None:
    assert with_oid(version_of(written(study)), "CL.LBTESTCD").endswith(
        '<CodeListItem CodedValue="TREG" OrderNumber="3" def:ExtendedValue="Yes"><Decode>'
        "Regulatory T Cells</Decode></CodeListItem>"
        '<Alias Context="nci:ExtCodeID" Name="C65047"/></CodeList>'
    )


def test_the_list_of_a_numeric_variable_stands_apart(study: Study, written: Written) -> None:
    days = Codelist(name="DAYS", label="Days", terms=(CodelistTerm(value="2", decode="second"),))
    both = with_variable(study, "AE", "AESTDY", codelist=days)
    both = with_variable(both, "AE", "AETERM", codelist=days)
    version = version_of(written(both))
    assert with_oid(version, "CL.DAYS.N") == (
        '<CodeList OID="CL.DAYS.N" Name="Days (DAYS, numeric)" DataType="integer" def:IsNonStandard="Yes">'
        '<CodeListItem CodedValue="2" OrderNumber="1"><Decode>second'
        "</Decode></CodeListItem></CodeList>"
    )
    assert '<CodeListRef CodeListOID="CL.DAYS.N"/>' in with_oid(version, "IT.AE.AESTDY")
    assert '<CodeListRef CodeListOID="CL.DAYS"/>' in with_oid(version, "IT.AE.AETERM")


def test_a_list_of_which_no_term_is_used_is_left_away(
    study: Study, written: Written, records: dict[str, dict[str, list[Any]]]
) -> None:
    records["AE"]["AESER"] = [None, None, None]
    records["SUPPAE"]["QNAM"], records["SUPPAE"]["QVAL"] = ["AEDAYS", "AEDAYS"], ["1", "2"]
    version = version_of(written(study))
    assert oids(version, f"{ODM}CodeList") == ["CL.COUNTRY", "CL.LBTESTCD", "CL.MEDDRA", "CL.UNIT"]
    assert "CodeListRef" not in with_oid(version, "IT.AE.AESER")


def test_a_codelist_of_results_stands_at_the_tests_that_use_it(
    study: Study, written: Written, records: dict[str, dict[str, list[Any]]]
) -> None:
    results = Codelist(
        name="LBRES", label="Results", terms=(CodelistTerm(value="POSITIVE"), CodelistTerm(value="1"))
    )
    records["LB"]["LBORRES"] = ["31", "POSITIVE", "104", "1"]
    version = version_of(written(with_variable(study, "LB", "LBORRES", codelist=results)))
    assert "CodeListRef" not in with_oid(version, "IT.LB.LBORRES")
    assert with_oid(version, "IT.LB.LBORRES.ALT").startswith(
        '<ItemDef OID="IT.LB.LBORRES.ALT" Name="LBORRES" DataType="integer" Length="3" SASFieldName='
        '"LBORRES"><Description>Alanine Aminotransferase</Description><def:Origin '
    )
    assert with_oid(version, "IT.LB.LBORRES.TREG").startswith(
        '<ItemDef OID="IT.LB.LBORRES.TREG" Name="LBORRES" DataType="text" Length="1" SASFieldName="LBORRES">'
        '<Description>Regulatory T Cells</Description><CodeListRef CodeListOID="CL.LBRES"/><def:Origin '
    )


def test_the_codelist_of_a_numeric_qualifier_is_of_texts(study: Study, written: Written) -> None:
    days = Codelist(name="DAYS", label="Days", terms=(CodelistTerm(value="12", decode="twelfth"),))
    version = version_of(written(with_variable(study, "AE", "AEDAYS", codelist=days)))
    assert 'CodeList OID="CL.DAYS" Name="Days" DataType="text"' in with_oid(version, "CL.DAYS")
    assert '<CodeListRef CodeListOID="CL.DAYS"/>' in with_oid(version, "IT.SUPPAE.QVAL.AEDAYS")
    assert 'DataType="text" Length="2"' in with_oid(version, "IT.SUPPAE.QVAL.AEDAYS")


def test_what_is_not_available_has_no_source(study: Study, written: Written) -> None:
    class NothingThere(type(study.datasets["TS"].by_name["TSVAL"].derivation)):  # type: ignore[misc]
        """Nothing."""

        origin = "Not Available"

    version = version_of(written(with_variable(study, "AE", "AEENDTC", derivation=NothingThere())))
    assert '<def:Origin Type="Not Available"/>' in with_oid(version, "IT.AE.AEENDTC")


def test_a_subjects_number_is_collected_in_the_column_of_its_table(study: Study, written: Written) -> None:
    tables = {name: table.model_copy(update={"subject": "SUBJ"}) for name, table in study.raw.items()}
    word = study.datasets["DM"].by_name["USUBJID"].derivation
    of_subject = with_variable(study, "DM", "USUBJID", derivation=type(word)(field="@SUBJECT"))
    version = version_of(written(of_subject.model_copy(update={"raw": tables})))
    assert '<def:Origin Type="Collected" Source="Investigator"/>' in with_oid(version, "IT.DM.USUBJID")


def test_values_that_a_link_cannot_hold_get_a_hash_in_their_oid(
    study: Study, written: Written, records: dict[str, dict[str, list[Any]]]
) -> None:
    records["LB"]["LBTESTCD"] = ["ALT", "a b", "ALT", "a/b"]
    version = version_of(written(study))
    hashes = [hashlib.sha256(value.encode()).hexdigest()[:8] for value in ("a b", "a/b")]
    assert oids(version, f"{DEF}WhereClauseDef")[:3] == [
        "WC.LB.LBTESTCD.EQ.ALT",
        f"WC.LB.LBTESTCD.EQ.a_b-{hashes[0]}",
        f"WC.LB.LBTESTCD.EQ.a_b-{hashes[1]}",
    ]


def test_what_was_collected_points_to_its_pages_of_the_annotated_crf(
    study: Study, written: Written, tmp_path: Path
) -> None:
    documents = (
        Document(name="acrf", title="Annotated CRF", file="acrf.pdf"),
        Document(name="csdrg", title="Reviewer's Guide", file="csdrg.pdf"),
        Document(name="later", title="Not yet there", file="later.pdf"),
    )
    folder = tmp_path / "sdtm"
    folder.mkdir()
    for name in ("acrf.pdf", "csdrg.pdf"):
        (folder / name).write_bytes(b"%PDF-1.7")
    version = version_of(written(study.model_copy(update={"documents": documents})))
    assert [shown(each) for each in version[1:3]] == [
        '<def:AnnotatedCRF><def:DocumentRef leafID="LF.DOC.acrf"/></def:AnnotatedCRF>',
        '<def:SupplementalDoc><def:DocumentRef leafID="LF.DOC.csdrg"/></def:SupplementalDoc>',
    ]
    assert (
        '<def:Origin Type="Collected" Source="Investigator"><def:DocumentRef leafID="LF.DOC.acrf">'
        '<def:PDFPageRef Type="PhysicalRef" PageRefs="4"/></def:DocumentRef></def:Origin>'
    ) in with_oid(version, "IT.AE.AETERM")
    assert "DocumentRef" not in with_oid(version, "IT.LB.LBTESTCD")
    assert [shown(each) for each in version.findall(f"{DEF}leaf")] == [
        '<def:leaf ID="LF.DOC.acrf" xlink:href="acrf.pdf"><def:title>Annotated CRF</def:title></def:leaf>',
        '<def:leaf ID="LF.DOC.csdrg" xlink:href="csdrg.pdf"><def:title>Reviewer\'s Guide</def:title>'
        "</def:leaf>",
    ]


def test_synthetic_data_are_called_so(study: Study, written: Written) -> None:
    folder = written(study.model_copy(update={"synthetic": True}))
    version = version_of(folder)
    assert version.get(f"{DEF}CommentOID") == "COM.MDV.S1.SDTM"
    sentence = "The data of this study are synthetic: they are made up and describe no person."
    assert sentence in with_oid(version, "COM.MDV.S1.SDTM")
    assert sentence in (folder / "define.html").read_text(encoding="utf-8")


def test_the_same_study_gives_the_same_bytes(study: Study, written: Written) -> None:
    first, second = written(study, folder="first"), written(study, folder="second")
    for name in ("define.xml", "define.html", "define2-1.xsl"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    later = written(study, folder="later", created="2026-11-23T12:00:00")
    differing = {
        one
        for one, other in zip(
            (first / "define.xml").read_text().splitlines(),
            (later / "define.xml").read_text().splitlines(),
            strict=True,
        )
        if one != other
    }
    assert len(differing) == 1
    assert differing.pop().startswith("<ODM ")


@pytest.mark.parametrize("model", ["sdtm", "adam"])
def test_what_is_written_is_valid(study: Study, written: Written, model: str) -> None:
    folder = written(study, model)
    assert schema_problems(folder / "define.xml") == ()
    assert reference_problems(etree.parse(str(folder / "define.xml")), folder) == ()


def test_a_fault_of_ours_is_no_valid_define(
    study: Study, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    from define_xml import files

    whole = files.definition
    monkeypatch.setattr(files, "definition", lambda *given: replace(whole(*given), methods=()))
    with pytest.raises(AssertionError) as caught:
        written(study)
    assert str(caught.value).splitlines()[0] == "define.xml is written wrongly:"
    assert len(str(caught.value).splitlines()) == 6
    assert "MethodOID 'MT.DM.RFSTDTC' is not defined" in str(caught.value)
