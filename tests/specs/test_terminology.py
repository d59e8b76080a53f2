"""CDISC controlled terminology: what ships, and reading a package from NCI's file."""

import csv
import time
from pathlib import Path

import pytest

from specs.errors import UserError
from specs.standards import Term, Terminology, TermList, load_terminology, read_evs

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "reference"
needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference tables are not here")

FILE = "SDTM Terminology 2025-03-28.txt"
GET_IT = "use the tab-separated text file of the package as NCI EVS publishes it"

HEAD = (
    "Code\tCodelist Code\tCodelist Extensible (Yes/No)\tCodelist Name\tCDISC Submission Value"
    "\tCDISC Synonym(s)\tCDISC Definition\tNCI Preferred Term"
)
NY = "C66742\t\tNo\tNo Yes Response\tNY\tNo Yes Response\tA term to say yes or no.\tCDISC SDTM Yes No Unknown"
NY_Y = "C49488\tC66742\t\tNo Yes Response\tY\tYes\tThe affirmative response.\tYes"
NY_U = "C17998\tC66742\t\tNo Yes Response\tU\tU; UNK ; Unknown\tNot known.\tUnknown"
CODES = "C65047\t\tYes\tLaboratory Test Code\tLBTESTCD\t\tTests.\tCDISC SDTM Laboratory Test Code"
ALT_CODE = (
    "C64433\tC65047\t\tLaboratory Test Code\tALT\tALT; SGPT\tA test.\tAlanine Aminotransferase Measurement"
)
NAMES = "C67154\t\tYes\tLaboratory Test Name\tLBTEST\t\tTests.\tCDISC SDTM Laboratory Test Name"
ALT_NAME = (
    "C64433\tC67154\t\tLaboratory Test Name\tAlanine Aminotransferase\tALT; SGPT\tA test."
    "\tAlanine Aminotransferase Measurement"
)


def evs_file(folder: Path, *lines: str, name: str = FILE) -> Path:
    path = folder / name
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    return path


def message(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_evs(path)
    return str(caught.value)


def test_the_packages_that_ship_and_their_dates():
    assert load_terminology().packages == {"SDTM": "2025-03-28", "ADaM": "2026-03-27"}


def test_a_codelist_says_what_it_is():
    ny = load_terminology().lists["NY"]
    assert (ny.code, ny.name, ny.long_name) == ("C66742", "NY", "No Yes Response")
    assert (ny.extensible, ny.package, ny.version) == (False, "SDTM", "2025-03-28")
    assert ny.terms == (
        Term("C49487", "N", "No", ("No",)),
        Term("C48660", "NA", "Not Applicable", ("Not Applicable",)),
        Term("C17998", "U", "Unknown", ("UNK", "Unknown")),
        Term("C49488", "Y", "Yes", ("Yes",)),
    )


@pytest.mark.parametrize(
    ("codelist", "term"),
    [
        pytest.param(
            "LBTESTCD", Term("C64433", "ALT", "Alanine Aminotransferase"), id="a test code: the test's name"
        ),
        pytest.param(
            "LBTEST",
            Term("C64433", "Alanine Aminotransferase", "Alanine Aminotransferase Measurement"),
            id="a test's name: the preferred term",
        ),
        pytest.param(
            "VSTESTCD", Term("C25298", "SYSBP", "Systolic Blood Pressure"), id="a vital sign: the test's name"
        ),
        pytest.param(
            "VSTEST",
            Term("C174446", "Temperature", "Body Temperature"),
            id="a vital sign's name: the preferred term",
        ),
        pytest.param("VSRESU", Term("C49670", "mmHg", "Millimeter of Mercury"), id="a unit of vital signs"),
        pytest.param("TSPARMCD", Term("C49802", "TITLE", "Trial Title"), id="a trial summary parameter"),
        pytest.param("UNIT", Term("C67255", "10^9/L", "Billion per Liter"), id="a unit"),
        pytest.param("SEX", Term("C16576", "F", "Female", ("Female",)), id="a sex"),
        pytest.param("AGEU", Term("C29848", "YEARS", "Year"), id="a unit of age"),
        pytest.param(
            "EPOCH", Term("C123453", "INDUCTION TREATMENT", "Induction Therapy Epoch"), id="an epoch"
        ),
        pytest.param("DATEFL", Term("C81212", "D", "Day Imputed"), id="an imputed day, of ADaM"),
        pytest.param(
            "DTYPE",
            Term("C81198", "LOCF", "Last Observation Carried Forward Imputation Technique"),
            id="a type of derivation, of ADaM",
        ),
    ],
)
def test_a_term_is_found_by_its_submission_value(codelist, term):
    assert load_terminology().lists[codelist].find(term.value) == term


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("f", id="another case"),
        pytest.param("Female", id="a synonym"),
        pytest.param(" F", id="a space"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_value_is_found_to_the_letter_only(value):
    assert load_terminology().lists["SEX"].find(value) is None


def test_extensible_lists_are_marked():
    lists = load_terminology().lists
    names = ("UNIT", "LBTESTCD", "VSRESU", "SEX", "AESEV", "DATEFL", "DTYPE")
    assert [name for name in names if lists[name].extensible] == ["UNIT", "LBTESTCD", "VSRESU", "DTYPE"]


def test_the_responses_of_trial_summary_parameters_ship():
    names = "TPHASE TTYPE STYPE INTMODEL INTTYPE TBLIND TCNTRL TINDTP SEXPOP OBSSMO OBSSSM OBSSTP SDTMVRS"
    assert [name for name in names.split() if name not in load_terminology().lists] == []


def test_no_value_is_twice_in_a_list():
    for each in load_terminology().lists.values():
        assert len({term.value for term in each.terms}) == len(each.terms), each.name


def test_the_terminology_is_read_in_under_fifteen_hundredths_of_a_second():
    load_terminology.cache_clear()
    start = time.process_time()
    assert sum(len(each.terms) for each in load_terminology().lists.values()) == 9653
    assert time.process_time() - start < 0.15


@needs_reference
def test_each_term_that_ships_is_the_reference():
    with (REFERENCE / "ct_codelists.csv").open(encoding="utf-8", newline="") as file:
        heads = {(row["package"].split("ct-")[0], row["codelist"]): row for row in csv.DictReader(file)}
    expected: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for package in ("sdtm", "adam"):
        with (REFERENCE / f"ct_{package}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                term = (row["term_code"], row["term"], row["preferred_term"])
                expected.setdefault((package, row["codelist"]), []).append(term)
    names_of = {"LBTESTCD": "LBTEST", "TSPARMCD": "TSPARM", "VSTESTCD": "VSTEST"}
    for name, each in load_terminology().lists.items():
        package = each.package.lower()
        head = heads[package, name]
        assert head["package"] == f"{package}ct-{each.version}"
        assert (each.code, each.long_name) == (head["codelist_code"], head["name"])
        assert each.extensible == (head["extensible"] == "Yes")
        tests = {code: value for code, value, _ in expected.get((package, names_of.get(name, "")), [])}
        shipped = [(term.code, term.value, term.decode) for term in each.terms]
        said = [
            (code, value, tests.get(code, preferred)) for code, value, preferred in expected[package, name]
        ]
        assert (sorted(shipped) if name in names_of.values() else shipped) == (
            sorted(said) if name in names_of.values() else said
        )


def test_reading_ncis_file(tmp_path):
    read = read_evs(evs_file(tmp_path, HEAD, NY, NY_Y, NY_U, CODES, ALT_CODE, NAMES, ALT_NAME))
    of = ("SDTM", "2025-03-28")
    assert read.packages == {"SDTM": "2025-03-28"}
    name, preferred, synonyms = (
        "Alanine Aminotransferase",
        "Alanine Aminotransferase Measurement",
        ("ALT", "SGPT"),
    )
    alt_name, alt = Term("C64433", name, preferred, synonyms), Term("C64433", "ALT", name, synonyms)
    yes, unknown = (
        Term("C49488", "Y", "Yes", ("Yes",)),
        Term("C17998", "U", "Unknown", ("U", "UNK", "Unknown")),
    )
    assert read.lists == {
        "LBTEST": TermList("C67154", "LBTEST", "Laboratory Test Name", True, *of, (alt_name,)),
        "LBTESTCD": TermList("C65047", "LBTESTCD", "Laboratory Test Code", True, *of, (alt,)),
        "NY": TermList("C66742", "NY", "No Yes Response", False, *of, (yes, unknown)),
    }
    assert read.lists["NY"].find("U") == unknown


def test_the_order_of_the_lines_and_further_columns_do_not_matter(tmp_path):
    plain = read_evs(evs_file(tmp_path, HEAD, NY, NY_Y))
    wide = [f"{line}\tSDTM CT 2025-03-28" for line in (NY_Y, NY)]
    assert read_evs(evs_file(tmp_path, f"{HEAD}\tStandard and Date", *wide)) == plain


def test_a_byte_order_mark_blank_lines_and_a_spreadsheets_quotation_marks_are_read(tmp_path):
    plain = read_evs(evs_file(tmp_path, HEAD, NY, NY_Y))
    quoted = NY_Y.replace("The affirmative response.", '"The ""affirmative"" response."').replace(
        "\tY\t", '\t"Y"\t'
    )
    assert read_evs(evs_file(tmp_path, "\ufeff" + HEAD, "", NY, "\t\t\t\t\t\t\t", quoted)) == plain


def test_the_package_and_its_date_may_be_given(tmp_path):
    unnamed = evs_file(tmp_path, HEAD, NY, NY_Y, name="terms.txt")
    assert read_evs(unnamed, package="ADaM", version="2026-03-27").packages == {"ADaM": "2026-03-27"}
    undated = evs_file(tmp_path, HEAD, NY, NY_Y, name="ADaM Terminology.txt")
    assert read_evs(undated, version="2026-03-27").packages == {"ADaM": "2026-03-27"}


def test_a_file_whose_name_says_neither_package_nor_date_is_refused(tmp_path):
    assert message(evs_file(tmp_path, HEAD, NY, NY_Y, name="terms.txt")) == (
        "the package is not known\n"
        "  where: terms.txt\n"
        "  to do: call the file as NCI EVS does, or give the package: SDTM or ADaM\n"
        "the date of the package is not known\n"
        "  where: terms.txt\n"
        "  to do: call the file 'SDTM Terminology 2025-03-28.txt' with its date, or give the date"
    )


def test_a_date_that_the_calendar_does_not_have_is_refused(tmp_path):
    path = evs_file(tmp_path, HEAD, NY, NY_Y, name="ADaM Terminology 2026-02-30.txt")
    assert message(path) == (
        "the date of the package is not known\n"
        "  where: ADaM Terminology 2026-02-30.txt\n"
        "  to do: call the file 'ADaM Terminology 2025-03-28.txt' with its date, or give the date"
    )


def test_columns_that_are_missing_are_told_together(tmp_path):
    head = HEAD.replace("Codelist Name", "Name").replace("CDISC Synonym(s)", "Synonyms")
    assert message(evs_file(tmp_path, head, NY, NY_Y)) == (
        f"no column 'Codelist Name'\n  where: {FILE}:1\n  to do: {GET_IT}\n"
        f"no column 'CDISC Synonym(s)'\n  where: {FILE}:1\n  to do: {GET_IT}"
    )


def test_lines_of_another_form_are_told_together(tmp_path):
    path = evs_file(tmp_path, HEAD, NY, NY_Y.removesuffix("\tYes"), NY_U.replace("\tU\t", "\t \t"))
    assert message(path) == (
        f"7 fields instead of 8\n  where: {FILE}:3\n  to do: {GET_IT}\n"
        f"'CDISC Submission Value' is blank\n  where: {FILE}:4\n  to do: {GET_IT}"
    )


def test_codelists_and_terms_that_contradict_each_other_are_told_together(tmp_path):
    maybe = CODES.replace("\tYes\t", "\tMaybe\t")
    assert message(evs_file(tmp_path, HEAD, NY, NY_Y, NY_Y, NY, maybe, ALT_NAME)) == (
        f"codelist NY is there twice\n  where: {FILE}:5\n  to do: {GET_IT}\n"
        f"codelist LBTESTCD is neither extensible (Yes) nor not (No)\n  where: {FILE}:6\n  to do: {GET_IT}\n"
        f"term 'Y' is twice in codelist NY\n  where: {FILE}:4\n  to do: {GET_IT}\n"
        "codelist C67154 of term 'Alanine Aminotransferase' is not in the file\n"
        f"  where: {FILE}:7\n  to do: {GET_IT}\n"
        f"codelist LBTESTCD has no terms\n  where: {FILE}:6\n  to do: {GET_IT}"
    )


def test_a_file_without_codelists_is_refused(tmp_path):
    assert message(evs_file(tmp_path, HEAD)) == f"no codelist\n  where: {FILE}\n  to do: {GET_IT}"


def test_problems_beyond_the_fiftieth_are_counted(tmp_path):
    with pytest.raises(UserError) as caught:
        read_evs(evs_file(tmp_path, HEAD, *(["only one field"] * 60)))
    assert len(caught.value.problems) == 51
    assert str(caught.value.problems[-1]) == f"10 more problems\n  where: {FILE}\n  to do: {GET_IT}"


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / FILE
    path.write_bytes(f"{HEAD}\n{NY}\n{NY_Y.replace('affirmative', 'décisive')}\n".encode("latin-1"))
    assert message(path) == f"the text is not UTF-8\n  where: {FILE}:3\n  to do: {GET_IT}"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert message(tmp_path / FILE) == (
        "cannot read the file: No such file or directory\n"
        f"  where: {FILE}\n  to do: name a file that can be read"
    )


def test_a_package_replaces_the_shipped_lists_of_that_package(tmp_path):
    shipped = load_terminology()
    package = read_evs(evs_file(tmp_path, HEAD, NY, NY_Y, name="SDTM Terminology 2026-03-27.txt"))
    both = shipped.with_lists(package)
    assert both.packages == {"SDTM": "2026-03-27", "ADaM": "2026-03-27"}
    assert both.lists["NY"] == package.lists["NY"]
    assert both.lists["DATEFL"] == shipped.lists["DATEFL"]
    assert "LBTESTCD" not in both.lists
    assert "LBTESTCD" in shipped.lists


def test_no_package_replaces_nothing():
    shipped = load_terminology()
    assert shipped.with_lists(Terminology({}, {})) == shipped


@needs_reference
def test_a_whole_package_in_ncis_form_gives_the_terms_that_ship(tmp_path):
    lines = [HEAD]
    with (REFERENCE / "ct_codelists.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["package"].startswith("sdtm"):
                fields = (
                    row["codelist_code"],
                    "",
                    row["extensible"],
                    row["name"],
                    row["codelist"],
                    "",
                    "",
                    "",
                )
                lines.append("\t".join(fields))
    with (REFERENCE / "ct_sdtm.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            fields = (
                row["term_code"],
                row["codelist_code"],
                "",
                "",
                row["term"],
                "",
                "",
                row["preferred_term"],
            )
            lines.append("\t".join(fields))
    package = read_evs(evs_file(tmp_path, *lines))
    assert len(package.lists) == 1158
    assert sum(len(each.terms) for each in package.lists.values()) == 43698
    for name, shipped in load_terminology().lists.items():
        if shipped.package == "SDTM":
            assert {(term.code, term.value, term.decode) for term in package.lists[name].terms} == {
                (term.code, term.value, term.decode) for term in shipped.terms
            }
