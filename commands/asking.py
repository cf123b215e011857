"""The commands that ask a data folder: what became of its documents, and what its graph answers."""

import sys
from pathlib import Path

import click

from commands.arguments import CODES, DATA, NO_DATA, REFUSED, fail, files_of, warn


@click.command(epilog=CODES)
@DATA
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
def status(data: Path, form: str) -> None:
    """Tell what became of the documents, with reasons, and where reading is weak: the share of unread lines and
    what is missing, for each municipality and layout, the weakest first.

    \b
      kommungraf status --data data
      kommungraf status --data data --json
    """
    from server.data_folder.folder import DataFolderError, entries
    from server.data_folder.status import as_json, details

    try:
        click.echo((as_json if form == "json" else details)(entries(data)), nl=False)
    except DataFolderError as error:
        warn(str(error))
        sys.exit(NO_DATA)


@click.command(epilog=CODES)
@click.argument("query", metavar="QUERY|FILE.rq")
@DATA
@click.option(
    "--format",
    "form",
    default="table",
    show_default=True,
    type=click.Choice(
        ["table", "csv", "tsv", "json", "xml", "turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads"]
    ),
)
def query(query: str, data: Path, form: str) -> None:
    """Answer a SPARQL query, given as text or as a file that ends in .rq.

    \b
      kommungraf query 'SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }' --data data
      kommungraf query server/queries/05-motions-and-their-end.rq --data data --format csv
    """
    from server.asking import QueryFailed
    from server.data_folder.status import table
    from server.messages import of_failure
    from server.storage.store import Damaged, NothingPublished, query_local

    asked = files_of((query,))[0].read_text("utf-8") if query.endswith(".rq") else query
    try:
        answer = query_local(data, asked, None if form == "table" else form)
    except (NothingPublished, Damaged):
        fail(
            NO_DATA,
            f"{data} innehåller inget lager att fråga. Kör: kommungraf ingest HANDLINGAR --data {data}",
            f"{data} holds no store to ask. Run: kommungraf ingest DOCUMENTS --data {data}",
        )
    except QueryFailed as failure:
        problem = of_failure(failure, asked, {})
        fail(REFUSED, problem.sv, problem.en)
    is_rows = form == "table" and answer.lstrip().startswith(b"{")
    sys.stdout.buffer.write(table(answer).encode("utf-8") if is_rows else answer)
