"""The commands that judge: RDF by the shapes, and the reading of documents by what a person has read."""

import os
import sys
from collections import Counter
from pathlib import Path

import click

from commands.arguments import (
    CODES,
    FILES,
    MUNICIPALITY,
    QUARANTINED,
    REFUSED,
    files_of,
    named,
    say,
    warn,
    without_numbers,
)


@click.command(epilog=CODES)
@FILES
@click.option(
    "--with",
    "beside",
    multiple=True,
    metavar="FILE",
    help="RDF that the files refer to and that is not "
    "judged itself, such as persons.nq of a data folder · RDF som filerna hänvisar till.",
)
def validate(files: tuple[str, ...], beside: tuple[str, ...]) -> None:
    """Judge RDF files by the shapes: Turtle, TriG, N-Triples, N-Quads or JSON-LD, by their suffix.

    RDF/XML is not read: save it as one of these · RDF/XML läses inte: spara om filen.

    \b
      kommungraf validate graph.ttl
      kommungraf validate data/documents/*.nq --with data/persons.nq
    """
    from commands.confinement import confinement
    from mapping.document import Complaint, tell
    from mapping.rdf_files import judged
    from mapping.records import Refused

    worst = 0
    paths = dict.fromkeys(path for path in files_of(files) if str(path) not in beside)
    jobs = min(max(len(paths), 1), os.cpu_count() or 1)
    with confinement() as confine:
        found = dict(judged(paths, files_of(beside), jobs, confine))
    for path in (*files_of(beside), *paths):
        problems = found.get(path, ())
        if path not in found:
            continue  # beside the others, and readable
        if isinstance(problems, Refused):
            say(f"{named(path)}: {problems.sv}", f"{named(path)}: {problems.en}")
            worst = worst or REFUSED
            continue
        count = Counter(problem.severity for problem in problems)
        violations = count["violation"]
        click.echo(
            without_numbers(
                f"{named(path)}: {violations} violations · fel, {count['warning']} warnings · varningar, "
                f"{count['info']} notes · upplysningar"
            )
        )
        for number, problem in enumerate(problems, 1):
            about = tell((Complaint(problem, None, None, None),), number)
            click.echo(without_numbers(f"{problem.focus}\n{about}"), nl=False)
        worst = QUARANTINED if violations else worst
    sys.exit(worst)


@click.command(epilog=CODES)
@click.argument("documents", type=click.Path(path_type=Path))
@click.argument("gold", type=click.Path(path_type=Path))
@MUNICIPALITY
@click.option("--json", "as_json", is_flag=True, help="Scores, totals and misses as JSON.")
def evaluate(documents: Path, gold: Path, municipality: str | None, as_json: bool) -> None:
    """Compare the reading of DOCUMENTS with GOLD files: precision, recall, F1 and every miss.

    \b
    Both may be files or folders; 000_minutes.txt belongs to 000.json, 02-ks.txt to 02-ks.gold.json.
      kommungraf evaluate corpus/ gold/
      kommungraf evaluate 02-ks.txt 02-ks.gold.json --json
    """
    from mapping import evaluation

    try:
        found = evaluation.pairs(documents, gold)
        result = evaluation.together(evaluation.evaluate_file(path, answer, municipality) for path, answer in found)
    except (FileNotFoundError, evaluation.BadGold) as error:
        warn(str(error))
        sys.exit(REFUSED)
    click.echo(without_numbers(evaluation.as_json(result) if as_json else evaluation.table(result)), nl=False)
