"""What the shipped guides say of datasets and variables.

Over 400 lines, because each literal case has lines of its own.
"""

import csv
import re
import time
from pathlib import Path

import pytest

from specs.errors import UserError
from specs.standards import StandardVariable, load_standard, load_terminology

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "reference"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference tables are not here")

GUIDES = ("sdtmig-3.4", "adamig-1.3", "adam-occds-1.1")
SDTM = ("AE", "DM", "DS", "EX", "IE", "LB", "SE", "SUPP--", "SV", "TA", "TE", "TI", "TS", "TV", "VS")

NOT_FOR_HUMAN_TRIALS = (
    "FETUSID RPHASE RPPLDY RPPLSTDY RPPLENDY --NOMDY --NOMLBL --RPDY --RPSTDY --RPENDY --DETECT --USCHFL"
    " --RSTIND --RSTMOD --IMPLBL --RESLOC --DTHREL --EXCLFL --REASEX"
)
"""the restrictions of SDTM 2.0; --METHOD is one of them in the class Interventions"""

EXTERNAL_FORMATS = {
    "ISO 8601 datetime or interval",
    "ISO 8601 duration",
    "ISO 8601 duration or interval",
    "ISO 3166-1 Alpha-3",
    "ISO 21090 NullFlavor",
    "LOINC",
    "MedDRA",
}
"""value domains that are no CDISC codelist"""


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codelist_names() -> dict[str, str]:
    """The short names of the codelists by NCI code."""
    return {row["codelist_code"]: row["codelist"] for row in rows("ct_codelists.csv")}


def named(codes: str, names: dict[str, str]) -> tuple[str, ...]:
    return tuple(names.get(code, code) for code in codes.split(";") if code)


def variable(name, label, type="Char", role="Record Qualifier", core="Perm", **more):
    return StandardVariable(name, label, type, role=role, core=core, **more)


@pytest.mark.parametrize(
    ("guide", "name", "version", "datasets"),
    [
        pytest.param("sdtmig-3.4", "SDTMIG", "3.4", SDTM, id="SDTMIG 3.4 has fifteen datasets"),
        pytest.param("adamig-1.3", "ADaMIG", "1.3", ("ADSL", "BDS"), id="ADaMIG 1.3 has ADSL and BDS"),
        pytest.param("adam-occds-1.1", "ADaM-OCCDSIG", "1.1", ("OCCDS",), id="OCCDS 1.1 has OCCDS"),
    ],
)
def test_a_guide_has_the_name_of_define_xml_and_its_datasets(guide, name, version, datasets):
    standard = load_standard(guide)
    assert (standard.name, standard.version) == (name, version)
    assert tuple(standard.datasets) == datasets


def test_a_domain_says_its_label_class_and_structure():
    ae = load_standard("sdtmig-3.4").datasets["AE"]
    assert (ae.name, ae.label, ae.class_name) == ("AE", "Adverse Events", "EVENTS")
    assert ae.structure == "One record per adverse event per subject"
    assert [each.name for each in ae.variables[:4]] == ["STUDYID", "DOMAIN", "USUBJID", "SPDEVID"]


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        pytest.param(
            "AE", variable("AESEV", "Severity/Intensity", codelists=("AESEV",)), id="AESEV: one codelist"
        ),
        pytest.param(
            "AE",
            variable("DOMAIN", "Domain Abbreviation", role="Identifier", core="Req", values=("AE",)),
            id="DOMAIN: a fixed value",
        ),
        pytest.param(
            "DS",
            variable(
                "DSDECOD",
                "Standardized Disposition Term",
                role="Synonym Qualifier",
                core="Req",
                codelists=("NCOMPLT", "PROTMLST", "OTHEVENT"),
            ),
            id="DSDECOD: three codelists",
        ),
        pytest.param(
            "EX",
            variable("EXDUR", "Duration of Treatment", role="Timing", format="ISO 8601 duration"),
            id="EXDUR: a described format",
        ),
        pytest.param(
            "DM",
            variable("COUNTRY", "Country", core="Req", format="ISO 3166-1 Alpha-3"),
            id="COUNTRY: the code of ISO 3166",
        ),
        pytest.param(
            "LB",
            variable("LBCLSIG", "Clinically Significant, Collected", codelists=("NY",)),
            id="LBCLSIG: a comma in the label",
        ),
        pytest.param(
            "LB",
            variable("LBPOS", "Position of Subject During Observation", codelists=("POSITION",)),
            id="LBPOS: the model's, not the guide's",
        ),
        pytest.param(
            "VS",
            variable("VSPOS", "Vital Signs Position of Subject", codelists=("POSITION",)),
            id="VSPOS: the guide's label, not the model's",
        ),
        pytest.param(
            "VS",
            variable(
                "VSSTRESU", "Standard Units", role="Variable Qualifier", core="Exp", codelists=("VSRESU",)
            ),
            id="VSSTRESU: the units of vital signs, not UNIT",
        ),
        pytest.param(
            "IE",
            variable("IETESTCD", "Inclusion/Exclusion Criterion Short Name", role="Topic", core="Req"),
            id="IETESTCD: the study's own criteria, no codelist",
        ),
        pytest.param(
            "IE",
            variable(
                "IESTRESC",
                "I/E Criterion Result in Std Format",
                role="Result Qualifier",
                core="Req",
                codelists=("NY",),
            ),
            id="IESTRESC: yes or no",
        ),
        pytest.param(
            "AE",
            variable("VISITNUM", "Visit Number", "Num", role="Timing"),
            id="VISITNUM in AE: a timing variable of the model",
        ),
        pytest.param(
            "EX",
            variable("EXRECID", "Invariant Record Identifier", role="Identifier"),
            id="EXRECID: an identifier of the model",
        ),
        pytest.param(
            "TS",
            variable("TSVAL12", "Parameter Value 12", role="Result Qualifier"),
            id="TSVAL12: a further part of a long TSVAL",
        ),
        pytest.param("DM", variable("SETCD", "Set Code"), id="SETCD: the model's for DM alone"),
    ],
)
def test_a_variable_of_sdtm(dataset, expected):
    assert load_standard("sdtmig-3.4").datasets[dataset].variable(expected.name) == expected


@pytest.mark.parametrize(
    ("dataset", "name"),
    [
        pytest.param("AE", "AEOCCUR", id="AEOCCUR: the model excludes AE"),
        pytest.param("EX", "EXTOXGR", id="EXTOXGR: a qualifier of another class"),
        pytest.param("LB", "LBSTDTC", id="LBSTDTC: not in findings"),
        pytest.param("LB", "LBGATE", id="LBGATE: in CP only"),
        pytest.param("VS", "VSTSTCND", id="VSTSTCND: in CP, IS and LB only"),
        pytest.param("LB", "LBUSCHFL", id="LBUSCHFL: not in human trials"),
        pytest.param("EX", "EXMETHOD", id="EXMETHOD: not in human trials"),
        pytest.param("AE", "EXDOSE", id="EXDOSE in AE: of another domain"),
        pytest.param("SE", "VISITNUM", id="VISITNUM in SE: the model adds nothing to it"),
        pytest.param("TS", "TSVAL0", id="TSVAL0: counting starts at 1"),
    ],
)
def test_a_variable_that_a_domain_does_not_have(dataset, name):
    assert load_standard("sdtmig-3.4").datasets[dataset].variable(name) is None


def test_the_supplemental_qualifiers_of_a_domain_are_those_of_any_domain():
    datasets = load_standard("sdtmig-3.4").datasets
    suppae = datasets["SUPPAE"]
    assert (suppae.name, suppae.label) == ("SUPPAE", "Supplemental Qualifiers for AE")
    assert suppae.class_name == "RELATIONSHIP"
    assert suppae.variables == datasets["SUPP--"].variables
    assert suppae.variable("QNAM") == variable("QNAM", "Qualifier Variable Name", role="Topic", core="Req")
    assert "SUPPAE" in datasets
    assert "SUPPAE" not in list(datasets)


def test_a_dataset_that_the_guide_does_not_list_is_not_there():
    assert "ADAE" not in load_standard("sdtmig-3.4").datasets
    assert "SUPP" not in load_standard("sdtmig-3.4").datasets
    assert "SUPPAE" not in load_standard("adamig-1.3").datasets


@pytest.mark.parametrize(
    ("dataset", "name", "label", "kind", "core"),
    [
        pytest.param("ADSL", "TRT01P", "Planned Treatment for Period 01", "Char", "Req", id="TRT01P: TRTxxP"),
        pytest.param("ADSL", "APHASE2", "Description of Phase 2", "Char", "Perm", id="APHASE2: APHASEw"),
        pytest.param(
            "ADSL", "P02S1SDT", "Period 02 Subperiod 1 Start Date", "Num", "Perm", id="P02S1SDT: PxxSwSDT"
        ),
        pytest.param(
            "ADSL", "STRATAR", "Strata Used for Randomization", "Char", "Perm", id="STRATAR: no STRATwR"
        ),
        pytest.param("ADSL", "AGEGR10", "Pooled Age Group 10", "Char", "Perm", id="AGEGR10: AGEGRy"),
        pytest.param("ADSL", "ETHNIC", "Ethnicity", "Char", "Perm", id="ETHNIC in ADSL: copied from DM"),
        pytest.param("ADSL", "LDOSEDTF", "", "Char", "Cond", id="LDOSEDTF: *DTF, worded by the study"),
        pytest.param("ADSL", "IMMFL", "", "Char", "Perm", id="IMMFL: *FL, worded by the study"),
        pytest.param(
            "BDS", "AVALCA1N", "Analysis Value Category 1 (N)", "Num", "Perm", id="AVALCA1N: AVALCAyN"
        ),
        pytest.param("BDS", "ANL01FL", "Analysis Flag 01", "Char", "Cond", id="ANL01FL: ANLzzFL"),
        pytest.param(
            "BDS",
            "R2A1LO",
            "Ratio to Analysis Range 1 Lower Limit",
            "Num",
            "Perm",
            id="R2A1LO: R2AyLO, not AyLO",
        ),
        pytest.param("BDS", "TRTP", "Planned Treatment", "Char", "Cond", id="TRTP: no template"),
        pytest.param(
            "BDS",
            "TRT01A",
            "Actual Treatment for Period 01",
            "Char",
            "Perm",
            id="TRT01A in BDS: copied from ADSL",
        ),
        pytest.param("BDS", "LDOSEDTM", "", "Num", "Perm", id="LDOSEDTM: *EDTM, worded by the study"),
        pytest.param(
            "OCCDS", "TREM02FL", "Treatment Emergent Period 02 Flag", "Char", "Cond", id="TREM02FL: TREMxxFL"
        ),
        pytest.param(
            "OCCDS",
            "AOCCPIFL",
            "1st Max Sev./Int. Occur Within PT Flag",
            "Char",
            "Perm",
            id="AOCCPIFL: no template",
        ),
        pytest.param("OCCDS", "AOCC03FL", "", "Char", "Perm", id="AOCC03FL: AOCCzzFL, worded by the study"),
        pytest.param("OCCDS", "SMQ01SCN", "SMQ 01 Scope (N)", "Num", "Perm", id="SMQ01SCN: SMQzzSCN"),
        pytest.param("OCCDS", "CQ01NAM", "Customized Query 01 Name", "Char", "Cond", id="CQ01NAM: CQzzNAM"),
        pytest.param("OCCDS", "AETERM", "Reported Term for the Adverse Event", "Char", "Req", id="AETERM"),
        pytest.param("OCCDS", "AESDTH", "Results in Death", "Char", "Perm", id="AESDTH: copied from AE"),
        pytest.param(
            "OCCDS", "SAFFL", "Safety Population Flag", "Char", "Perm", id="SAFFL: copied from ADSL"
        ),
    ],
)
def test_a_variable_of_adam(dataset, name, label, kind, core):
    guide = "adam-occds-1.1" if dataset == "OCCDS" else "adamig-1.3"
    found = load_standard(guide).datasets[dataset].variable(name)
    assert found is not None
    assert (found.name, found.label, found.type, found.core, found.role) == (name, label, kind, core, "")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("TRT00P", id="TRT00P: periods start at 01"),
        pytest.param("TRT1P", id="TRT1P: a period has two digits"),
        pytest.param("AGEGR01", id="AGEGR01: a grouping has no leading zero"),
        pytest.param("TRTxxP", id="TRTxxP: a template is no variable"),
        pytest.param("trt01p", id="trt01p: names are upper case"),
        pytest.param("DT", id="DT: an ending alone"),
        pytest.param("DOMAIN", id="DOMAIN: stays in SDTM"),
        pytest.param("", id="no name"),
    ],
)
def test_a_variable_that_adsl_does_not_have(name):
    assert load_standard("adamig-1.3").datasets["ADSL"].variable(name) is None


@pytest.mark.parametrize(
    ("dataset", "name", "values"),
    [
        pytest.param("ADSL", "SAFFL", ("Y", "N"), id="SAFFL: a population has yes and no"),
        pytest.param("ADSL", "IMMFL", ("Y", "N"), id="IMMFL: so has a population of the study"),
        pytest.param("BDS", "ABLFL", ("Y",), id="ABLFL: yes or missing"),
        pytest.param("BDS", "ANL02FL", ("Y",), id="ANL02FL: yes or missing"),
        pytest.param("BDS", "ABLFN", ("1",), id="ABLFN: 1 or missing"),
        pytest.param("BDS", "CRIT1FL", ("Y", "N"), id="CRIT1FL: a criterion has yes and no"),
    ],
)
def test_the_values_of_a_flag(dataset, name, values):
    assert load_standard("adamig-1.3").datasets[dataset].variable(name).values == values


def test_each_template_of_adam_stands_for_a_name():
    numbers = {"xx": "07", "zz": "08", "w": "3", "y": "4"}
    seen = 0
    for guide in GUIDES[1:]:
        for dataset in load_standard(guide).datasets.values():
            for template in dataset.variables:
                name = re.sub(r"xx|zz|[wy]", lambda sign: numbers[sign.group()], template.name).replace(
                    "*", "QQ"
                )
                label = re.sub(r"\b(xx|zz|[wy])\b", lambda sign: numbers[sign.group()], template.label)
                if name != template.name:
                    found = dataset.variable(name)
                    assert found is not None, f"{dataset.name} {template.name}"
                    assert (found.name, found.label, found.codelists) == (name, label, template.codelists)
                    seen += 1
    assert seen == 163


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        pytest.param("sdtmig-3.3", "did you mean 'sdtmig-3.4'?", id="a near name"),
        pytest.param("ADaMIG-1.3", "did you mean 'adamig-1.3'?", id="another case"),
        pytest.param("cdash", "name one of these", id="no near name"),
    ],
)
def test_an_unknown_standard_is_refused(name, remedy):
    with pytest.raises(UserError) as caught:
        load_standard(name)
    assert str(caught.value) == (
        f"unknown standard '{name}'\n"
        "  where: the standards that ship: sdtmig-3.4, adamig-1.3, adam-occds-1.1\n"
        f"  to do: {remedy}"
    )


def test_each_codelist_that_a_guide_names_ships():
    lists = load_terminology().lists
    references = 0
    for guide in GUIDES:
        for dataset in load_standard(guide).datasets.values():
            for each in (*dataset.variables, *dataset.further):
                references += len(each.codelists)
                missing = [name for name in each.codelists if name not in lists]
                assert not missing, f"{dataset.name}.{each.name} names {missing}"
                assert each.format in EXTERNAL_FORMATS | {""}, f"{dataset.name}.{each.name}"
    assert references == 357


def test_names_and_labels_fit_a_transport_file():
    for guide in GUIDES:
        for dataset in load_standard(guide).datasets.values():
            for each in dataset.variables:
                assert len(each.name.replace("*", "")) <= 8, each.name
                assert len(each.label) <= (41 if each.name == "PBCHGCyN" else 40), each.name


def test_the_domains_are_read_in_under_three_tenths_of_a_second():
    load_standard.cache_clear()
    start = time.process_time()
    datasets = load_standard("sdtmig-3.4").datasets
    assert sum(len(dataset.variables) for dataset in datasets.values()) == 347
    assert time.process_time() - start < 0.3


@needs_reference
def test_sdtmig_is_the_reference():
    names = codelist_names()
    heads = {row["domain"]: row for row in rows("sdtmig_domains.csv") if row["version"] == "3.4"}
    lines = [row for row in rows("sdtmig_variables.csv") if row["version"] == "3.4"]
    for name, dataset in load_standard("sdtmig-3.4").datasets.items():
        domain = name.replace("--", "QUAL")
        head = heads[domain]
        assert dataset.label.removesuffix("--") == head["label"].removesuffix("[domain name]")
        assert dataset.class_name == head["class"].replace("-", " ").upper()
        assert dataset.structure == head["structure"]
        assert list(dataset.variables) == [
            variable(
                row["variable"],
                row["label"],
                row["type"],
                role=row["role"],
                core=row["core"],
                codelists=named(row["codelists"], names),
                format="ISO 3166-1 Alpha-3" if row["variable"] == "COUNTRY" else row["format"],
                values=tuple(value for value in row["values"].split(";") if value),
            )
            for row in sorted(lines, key=lambda row: int(row["order"]))
            if row["domain"] == domain
        ]


@needs_reference
@pytest.mark.parametrize(
    ("domain", "restricted"),
    [
        pytest.param("EX", "BEATNO PTFL PDUR METHOD", id="EX"),
        pytest.param("AE", "BEATNO PTFL PDUR OCCUR REASOC STAT REASND EVDTYP", id="AE"),
        pytest.param(
            "LB",
            "BEATNO STDTC STDY XSTDY CHSTDY SBMRKS CELSTA CSMRKS ABCLID MRKSTR GATE GATDEF SPTSTD TSTPNL"
            " MSCBCE AGENT CONC CONCU INHERT GENREF CHROM SYM SYMTYP GENLOC GENSR SEQID PVRID COPYID",
            id="LB",
        ),
        *(
            pytest.param(
                domain,
                "BEATNO PTFL PDUR STDTC STDY XSTDY CHSTDY TSTCND CNDAGT BDAGNT SBMRKS CELSTA CSMRKS ABCLID"
                " MRKSTR GATE GATDEF SPTSTD TSTPNL MSCBCE AGENT CONC CONCU INHERT GENREF CHROM SYM SYMTYP"
                " GENLOC GENSR SEQID PVRID COPYID",
                id=domain,
            )
            for domain in ("IE", "VS")
        ),
    ],
)
def test_what_the_model_adds_to_a_domain_is_the_reference(domain, restricted):
    dataset = load_standard("sdtmig-3.4").datasets[domain]
    names = codelist_names()
    uses: dict[str, set[str]] = {}
    for row in rows("sdtmig_variables.csv"):
        if row["version"] == "3.4":
            root = row["variable"].removeprefix(row["domain"])
            for each in {row["variable"], f"--{root}"}:
                uses.setdefault(each, set()).add(row["codelists"])
    model = {
        row["variable"].replace("--", domain): row
        for row in rows("sdtm_model_variables.csv")
        if row["model_version"] == "2.0"
        and row["class"].upper() in ("GENERAL OBSERVATIONS", dataset.class_name)
        and not row["domain"]
    }
    listed = {each.name for each in dataset.variables}
    left_out = {f"{domain}{root}" for root in restricted.split()}
    left_out |= {name.replace("--", domain) for name in NOT_FOR_HUMAN_TRIALS.split()}
    assert {each.name for each in dataset.further} == model.keys() - listed - left_out
    for each in dataset.further:
        row = model[each.name]
        assert (each.label, each.type, each.role) == (row["label"], row["type"], row["role"])
        assert (each.core, each.format, each.values) == ("Perm", row["format"], ())
        used = uses.get(row["variable"], set())
        assert each.codelists == (named(next(iter(used)), names) if len(used) == 1 else ()), each.name


@needs_reference
def test_adamig_is_the_reference():
    names = codelist_names()
    identifiers = {"STUDYID", "USUBJID", "SUBJID", "SITEID", "ASEQ"}
    for structure, dataset in load_standard("adamig-1.3").datasets.items():
        expected = {
            row["variable"]: (
                "" if row["label"].startswith("{") else row["label"],
                row["type"],
                row["core"],
                named(row["codelists"], names),
            )
            for row in rows("adamig_variables.csv")
            if row["structure"] == structure
        }
        shipped = {
            each.name: (each.label, each.type, each.core, each.codelists) for each in dataset.variables
        }
        assert shipped == expected
        assert [name for name in shipped if name not in identifiers] == [
            name for name in expected if name not in identifiers
        ]


@needs_reference
def test_occds_has_the_labels_of_the_guides_it_copies_from():
    occds = load_standard("adam-occds-1.1").datasets["OCCDS"]
    known = {row["variable"]: (row["label"], row["type"]) for row in rows("adamig_variables.csv")} | {
        row["variable"]: (row["label"], row["type"])
        for row in rows("sdtmig_variables.csv")
        if row["version"] == "3.4" and row["domain"] == "AE"
    }
    shared = {each.name: (each.label, each.type) for each in occds.variables if each.name in known}
    assert shared == {name: known[name] for name in shared}
    assert len(shared) == 57
