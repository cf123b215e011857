"""The front door: the command line, and the only file that knows every room."""

import json
import sys
from pathlib import Path

import click

__version__ = "0.1.0"

REFUSED = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kommungraf")
def main() -> None:
    """Swedish municipal documents as a validated RDF graph.

    Svenska kommunala handlingar som en kontrollerad RDF-graf.
    """


@main.command()
@click.argument("documents", type=click.Path(path_type=Path))
@click.argument("gold", type=click.Path(path_type=Path))
@click.option("--municipality", help="The municipality, where the documents do not say.")
@click.option("--json", "as_json", is_flag=True, help="Scores, totals and misses as JSON.")
def evaluate(documents: Path, gold: Path, municipality: str | None, as_json: bool) -> None:
    """Compare the reading of DOCUMENTS with GOLD files: precision, recall, F1 and every miss.

    \b
    Both may be files or folders; 000_minutes.txt belongs to 000.json, 02-ks.txt to 02-ks.gold.json.
      kommungraf evaluate corpus/ gold/
      kommungraf evaluate 02-ks.txt 02-ks.gold.json --json
    """
    from mapping import evaluation
    from mapping.formats import read_text
    from mapping.reader import read_document
    from mapping.records import Refused

    try:
        found = evaluation.pairs(documents, gold)
    except FileNotFoundError as error:
        click.echo(str(error), err=True)
        sys.exit(REFUSED)
    parts = []
    for path, answer in found:
        expected = json.loads(answer.read_text("utf-8"))
        text = read_text(path.read_bytes())
        if isinstance(text, Refused):
            parts.append(evaluation.evaluate(path.stem, text, expected))
            continue
        hint = municipality or (None if expected.get("municipality_in_text", True) else expected["municipality"])
        read = read_document(text, hint)
        parts.append(evaluation.evaluate(path.stem, read, expected, text.canonical))
    result = evaluation.together(parts)
    click.echo(evaluation.as_json(result) if as_json else evaluation.table(result), nl=False)


if __name__ == "__main__":
    main()
