"""The front door: the command line. What the commands do is in commands/, which knows every room.

No personal number gets out of it: what it says of files and mistakes is masked. The rooms are imported in the
commands that need them, so that `--help` and small commands start at once.
"""

from importlib import metadata

import click

from commands.arguments import CODES
from commands.asking import query, status
from commands.catalogue import catalogue
from commands.correcting import correct, corrections
from commands.engines import load
from commands.export import export, publish
from commands.forgetting import erase, forget, remove
from commands.importing import import_
from commands.judging import evaluate, validate
from commands.reading import ingest, map_, text
from commands.serve import serve
from commands.upkeep import backup, rebuild, restore, verify

__version__ = metadata.version("kommungraf")


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "KOMMUNGRAF"}, epilog=CODES
)
@click.version_option(__version__, prog_name="kommungraf")
def main() -> None:
    """Swedish municipal documents as a validated RDF graph with a SPARQL endpoint.

    Svenska kommunala handlingar som en kontrollerad RDF-graf att fråga med SPARQL.

    \b
      kommungraf map protokoll.pdf
      kommungraf ingest handlingar/ --data data
      kommungraf serve --data data
    """


for command in (map_, text, ingest):
    main.add_command(command)
for command in (status, query, validate, evaluate, serve, catalogue, export, publish, load, import_):
    main.add_command(command)
for command in (rebuild, verify, backup, restore):
    main.add_command(command)
for command in (forget, remove, erase, correct, corrections):
    main.add_command(command)

if __name__ == "__main__":
    main()
