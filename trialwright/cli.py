"""The command line: one function per command; heavy packages are imported when a command needs them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trialwright import __version__

if TYPE_CHECKING:
    from specs import UserError

CLEAN, FINDINGS, USER, FAULT = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 clean; 1 findings at or above the chosen severity; 2 the user must mend something; 3 our fault.
    """
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return USER
    except Exception as error:
        from specs import UserError

        if options.debug:
            raise
        if isinstance(error, UserError):
            _show_problems(error, options)
            return USER
        print(
            f"a fault of ours: {type(error).__name__}\n"
            "  where: trialwright itself; nothing was written\n"
            "  to do: run again with --debug and report what it shows",
            file=sys.stderr,
        )
        return FAULT


def simulate(options: argparse.Namespace) -> int:
    """Write what an EDC and its vendors would send."""
    import raw.simulation
    from specs import UserError
    from trialwright.shipped import study_folder

    folder = study_folder(options.study)
    parameters = folder / "simulation.yaml"
    if not parameters.is_file():
        raise UserError.of(
            f"{folder.name} cannot be simulated",
            str(parameters),
            "describe the simulation in simulation.yaml",
        )
    out = options.out or Path("exports") / folder.name
    raw.simulation.simulate(
        parameters, out, subjects=options.subjects, seed=options.seed, defects=not options.clean
    )
    _say(options, f"a synthetic export of {folder.name} is in {out}")
    return CLEAN


def build(options: argparse.Namespace) -> int:
    """Build a study from its export, unless the latest build is already what would come out."""
    begun = time.monotonic()
    from trialwright.names import FINDINGS as FOUND
    from trialwright.shipped import study_folder
    from trialwright.unchanged import unchanged

    folder = study_folder(options.study)
    export = options.raw or Path("exports") / folder.name
    kept = (
        None
        if options.only or options.anew
        else unchanged(options.out / folder.name, folder, export, options.ct)
    )
    if kept is not None:
        place, manifest = kept
        found = json.loads((place / FOUND).read_text(encoding="utf-8"))["findings"]
        counts = Counter(finding["severity"] for finding in found)
        _say(options, "nothing has changed since the latest build")
        _tell_build(options, manifest["study"], place, manifest["records"], counts, begun)
        return FINDINGS if _at_or_above(counts, options.severity) else CLEAN
    from trialwright.build import build_study
    from trialwright.executors import workers
    from trialwright.studies import load_study

    study = load_study(options.study, options.ct)
    only = frozenset(name.strip().upper() for name in options.only.split(",")) if options.only else None
    with workers(options.executor) as by:
        made = build_study(
            study,
            export,
            options.out,
            only=only,
            terminology=options.ct,
            by=by,
            bucket=options.bucket,
            say=lambda line: _say(options, line),
        )
    counts = Counter(str(finding.severity) for finding in made.findings)
    for name, records in made.records.items():
        _say(options, f"  {study.datasets[name].model} {name:8} {records:9,} records")
    _tell_build(options, study.id, made.folder, made.records, counts, begun)
    return FINDINGS if _at_or_above(counts, options.severity) else CLEAN


def _tell_build(
    options: argparse.Namespace,
    study: str,
    place: Path,
    records: Mapping[str, int],
    counts: Counter[str],
    begun: float,
) -> None:
    from trialwright.names import REPORT

    if options.json:
        told = {"build": place.name, "folder": str(place), "records": dict(records), "findings": dict(counts)}
        print(json.dumps(told, sort_keys=True))
        return
    found = ", ".join(f"{counts[severity]:,} {severity}s" for severity in ("error", "warning", "notice"))
    print(f"{study}: {len(records)} datasets; findings: {found} ({time.monotonic() - begun:.1f} s)")
    print(place / REPORT)


def define(options: argparse.Namespace) -> int:
    """Write define.xml and define.html for the datasets of a build anew."""
    import define_xml
    from specs import UserError
    from trialwright.names import MANIFEST
    from trialwright.studies import load_study

    study = load_study(options.study, options.ct)
    folder = options.build or Path("builds") / study.folder.name / "latest"
    if not (folder / MANIFEST).is_file():
        raise UserError.of(
            "no build there", str(folder), "build the study first, or name a build with --build"
        )
    created = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["data_as_of"]
    out: Path = options.out
    for model in ("sdtm", "adam"):
        if any((folder / model).glob("*.xpt")):
            define_xml.write(study, model, folder / model, created=created, out=out / model)
            _say(options, f"{out / model / 'define.xml'}")
    return CLEAN


def spec_check(options: argparse.Namespace) -> int:
    """Read a specification and tell everything that is wrong with it."""
    from trialwright.studies import load_study

    study = load_study(options.study, options.ct)
    variables = sum(len(dataset.variables) for dataset in study.datasets.values())
    print(
        f"{study.id}: {len(study.raw)} raw tables, {len(study.datasets)} datasets, {variables} variables: no problems"
    )
    return CLEAN


def spec_show(options: argparse.Namespace) -> int:
    """Show how each variable is made."""
    from specs import UserError, nearest
    from trialwright.studies import load_study

    study = load_study(options.study, options.ct)
    wanted = options.dataset.upper() if options.dataset else None
    if wanted is not None and wanted not in study.datasets:
        raise UserError.of(
            f"no dataset '{wanted}'", options.study, nearest(wanted, study.datasets, "see spec check")
        )
    for name, dataset in study.datasets.items():
        if wanted in (None, name):
            print(f"{name}  {dataset.label}; {dataset.structure}; keys {', '.join(dataset.keys)}")
            for variable in dataset.variables:
                how = variable.method or variable.derivation.origin
                print(f"  {variable.name:8} {variable.derivation.word:26} {how}  [{variable.line}]")
    return CLEAN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trialwright",
        description="One text specification of a clinical study makes judged, documented SDTM and ADaM datasets.",
    )
    parser.add_argument("--version", action="version", version=f"trialwright {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")
    common.add_argument("--quiet", action="store_true", help="say nothing but results")
    common.add_argument("--json", action="store_true", help="tell the result as JSON")
    study = argparse.ArgumentParser(add_help=False)
    study.add_argument("study", metavar="STUDY", help="a study folder, or the id of a shipped study")
    study.add_argument(
        "--ct", type=Path, metavar="FILE", help="a full terminology package as NCI EVS publishes it"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    one = commands.add_parser("simulate", parents=[common, study], help="write a synthetic export of a study")
    one.add_argument(
        "--subjects", type=_positive, metavar="N", help="treated subjects (default: as the study had)"
    )
    one.add_argument("--seed", type=int, default=1, metavar="S")
    one.add_argument("--clean", action="store_true", help="plant no defects")
    one.add_argument("--out", type=Path, metavar="DIR", help="default: exports/STUDY")
    one.set_defaults(command=simulate)

    one = commands.add_parser("build", parents=[common, study], help="build a study from its export")
    one.add_argument("--raw", type=Path, metavar="DIR|ZIP", help="the export (default: exports/STUDY)")
    one.add_argument("--out", type=Path, default=Path("builds"), metavar="DIR")
    one.add_argument("--only", metavar="DM,AE", help="write and judge these datasets alone")
    one.add_argument(
        "--executor", metavar="WHO", help="processes:N or dask://host:port (default: this process)"
    )
    one.add_argument("--bucket", type=_positive, metavar="N", help="subjects computed together")
    one.add_argument("--anew", action="store_true", help="build even where nothing has changed")
    one.add_argument("--severity", choices=("error", "warning", "notice", "never"), default="error",
                     help="findings from this severity on make the exit code 1")  # fmt: skip
    one.set_defaults(command=build)

    one = commands.add_parser("define", parents=[common, study], help="write define.xml for a build anew")
    one.add_argument("--build", type=Path, metavar="DIR", help="the build (default: the latest of the study)")
    one.add_argument("--out", type=Path, default=Path("define"), metavar="DIR")
    one.set_defaults(command=define)

    spec = commands.add_parser("spec", help="ask a specification").add_subparsers(
        required=True, metavar="COMMAND"
    )
    one = spec.add_parser("check", parents=[common, study], help="tell everything that is wrong with it")
    one.set_defaults(command=spec_check)
    one = spec.add_parser("show", parents=[common, study], help="show how each variable is made")
    one.add_argument("--dataset", metavar="AE", help="of one dataset only")
    one.set_defaults(command=spec_show)
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of subjects")
    return int(text)


def _say(options: argparse.Namespace, line: str) -> None:
    if not options.quiet and not options.json:
        print(line, file=sys.stderr)


def _show_problems(error: UserError, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps({"problems": [vars(problem) for problem in error.problems]}, sort_keys=True))
        return
    for problem in error.problems:
        print(problem, file=sys.stderr)
    if len(error.problems) > 1:
        print(f"{len(error.problems)} problems; nothing was written", file=sys.stderr)


def _at_or_above(counts: Counter[str], severity: str) -> bool:
    order = ("error", "warning", "notice")
    return severity != "never" and any(counts[each] for each in order[: order.index(severity) + 1])
