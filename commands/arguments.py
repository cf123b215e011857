"""What the commands have in common: their options, what these mean, how a mistake is told, and the exit codes.

No personal number gets out: what is said of files, arguments and mistakes is masked.
"""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from mapping.identity import Decisions

REFUSED, QUARANTINED, NO_ADDRESS, NO_DATA, DIFFERENT, NO_ROOM, UNKNOWN, NOT_THERE = 2, 3, 4, 5, 6, 7, 8, 9
BASE = "https://kommungraf.example"
CODES = """
\b
Exit codes · Slutkoder
  0  done · klart
  1  unexpected fault · oväntat fel
  2  wrong usage, or a document was refused · fel anrop, eller en handling avvisades
  3  a document was quarantined, or a graph violates a shape · i karantän, eller fel i grafen
  4  the address is taken or nobody answers there · adressen är upptagen, eller ingen svarar där
  5  the data folder cannot be used · datamappen kan inte användas
  6  verify: the store is not what the files say · lagret stämmer inte med filerna
  7  export, publish: the disk is full · disken är full
  8  the data folder knows nothing of that name or IRI · datamappen känner inget med det namnet
  9  import: the address answers, but gives nothing to import · adressen ger inget att importera
"""

_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # all but tab and line end

FILES = click.argument("files", nargs=-1, required=True, metavar="FILE…")
DATA = click.option(
    "--data",
    "data",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder · datamappen.",
)
MUNICIPALITY = click.option(
    "--municipality",
    metavar="NAME|CODE",
    help="Whose documents these are, where their "
    "heads do not say · kommunen, om handlingarnas huvuden inte säger den.",
    callback=lambda _context, _option, value: municipality(value),
)
BASE_OPTION = click.option(
    "--base",
    default=BASE,
    show_default=True,
    help="What every published IRI begins with.",
    callback=lambda _context, _option, value: address(value),
)
OWN_BASE_OPTION = click.option(
    "--base",
    metavar="URL",
    help=f"What every published IRI begins with; default: what the data folder has, and a new one {BASE} · vad varje "
    "IRI börjar med; annars som datamappen har det.",
    callback=lambda _context, _option, value: None if value is None else address(value),
)
DECISIONS = click.option(
    "--decisions",
    metavar="FILE.toml",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Who is the same person and who is not, decided by hand · beslut om personer.",
)


def address(base: str) -> str:
    """A web address as given, without a stroke at its end. It is what identifiers begin with, so it names no port and
    no user, and a host with a full stop, in small letters of ASCII (DIGG's profile for persistent identifiers, BI-3
    to BI-5)."""
    if re.match(r"https?://[^/]*[:@]", base):
        raise click.BadParameter(
            f"{without_numbers(base)!r} names a port or a user, which identifiers never do: write it as {BASE} · "
            "innehåller en port eller användare, som aldrig står i en identifierare."
        )
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+", base):
        given = without_numbers(base)
        raise click.BadParameter(f"{given!r} is no web address: write it as {BASE} · är ingen webbadress.")
    if not re.match(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(/|\Z)", base):
        raise click.BadParameter(
            f"{without_numbers(base)!r} names no host that lasts (small letters, with a full stop; å as xn--…): "
            f"write it as {BASE} · innehåller ingen värd som består (små bokstäver a till z, med punkt)."
        )
    return base.rstrip("/")


def municipality(given: str | None) -> str | None:
    """A name or a code of a municipality as given, or the name of a region or a joint authority, which have none."""
    from difflib import get_close_matches

    from ontology import municipalities, municipality_code

    if given is None:
        return None
    name = without_numbers(given.strip())
    if municipality_code(name) is None and not re.match(r"Region [A-ZÅÄÖ]|\S.*förbund", name):
        known = list(municipalities().values())
        near = next(iter(get_close_matches(name.capitalize(), known, 1)), "Haninge")
        raise click.BadParameter(
            f"{without_numbers(given)!r} is no municipality, region or joint authority: give "
            f"its name or the four digits of its code, as {near} or {municipality_code(near)} "
            "· är ingen kommun, region eller kommunalförbund: ange namnet eller kommunkoden."
        )
    return name


def decisions_of(path: Path | None) -> "Decisions":
    """The decisions of a file; where it cannot be used, or holds a personal number, says so and ends the program."""
    from mapping.identity import BadDecisions, read_decisions
    from mapping.personal_numbers import find

    try:
        decided = read_decisions(path) if path else ()
    except BadDecisions as error:
        fail(REFUSED, f"Filen med beslut om personer går inte att använda: {error}", str(error))
    text = path.read_text("utf-8") if path else ""
    for start, _ in find(text):
        line = text.count("\n", 0, start) + 1
        fail(
            REFUSED,
            f"{path}, rad {line}: här står ett personnummer. Ta bort det: beslut om personer publiceras.",
            f"{path}, line {line}: a personal number stands here. Remove it: decisions on persons are published.",
        )
    return decided


def files_of(names: tuple[str, ...], folders: bool = False) -> list[Path]:
    """The files of a command line; says in one sentence which is none, and ends the program."""
    for name in names:
        path = Path(name)
        if name == "-":
            fail(
                REFUSED,
                "Det går inte att läsa från standard in: ange en fil.",
                "Standard input cannot be read: give a file.",
            )
        if not path.exists():
            fail(
                REFUSED,
                f"{named(path)} finns inte: kontrollera sökvägen.",
                f"{named(path)} does not exist: check the path.",
            )
        if path.is_dir() and not folders:
            fail(
                REFUSED,
                f"{named(path)} är en mapp: ange en fil, eller använd kommungraf ingest.",
                f"{named(path)} is a folder: give a file, or use kommungraf ingest.",
            )
    return [Path(name) for name in names]


def without_numbers(text: str) -> str:
    """The text as it is told: the personal numbers in it masked, and no sign that commands a terminal."""
    from mapping.personal_numbers import mask_name

    return _COMMANDS.sub("\ufffd", mask_name(text))


def named(path: Path) -> str:
    """A path as it is told and kept: on one line, its personal numbers masked, and a sign that cannot be printed (a
    line end, an escape sequence, a byte that is no UTF-8) replaced by U+FFFD."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in without_numbers(str(path)))


def warn(text: str, end: str = "\n") -> None:
    """Say something on standard error; names of files and what was asked may hold a personal number."""
    click.echo(without_numbers(f"{text}{end}"), nl=False, err=True)


def say(sv: str, en: str) -> None:
    """Say something on standard error in Swedish and English."""
    warn(f"{sv}\n{en}")


def fail(code: int, sv: str, en: str) -> NoReturn:
    """Say what is wrong and what to do, and end the program with an exit code."""
    say(sv, en)
    sys.exit(code)
