"""Minutes of invented municipalities, as many as are asked for: the same seed gives the same bytes.

The first documents of a larger set are those of a smaller one, so that growing sets can be compared.
"""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import fill

from ontology import municipality_code

PARTIES = ("S", "M", "V", "C", "L", "KD", "MP", "SD")
BODIES = (
    "Socialnämnden",
    "Kulturnämnden",
    "Byggnadsnämnden",
    "Miljönämnden",
    "Fritidsnämnden",
    "Tekniska nämnden",
    "Utbildningsnämnden",
    "Valnämnden",
)
FIRST = (
    "Agda",
    "Bertil",
    "Cecilia",
    "Dagny",
    "Einar",
    "Frida",
    "Gösta",
    "Hedvig",
    "Ivar",
    "Jorunn",
    "Kjell",
    "Lovisa",
    "Malte",
    "Nanna",
    "Olof",
    "Petra",
    "Ragnar",
    "Signe",
    "Torsten",
    "Ulrika",
    "Vidar",
    "Ylva",
    "Åsa",
    "Örjan",
    "Birgit",
    "Folke",
    "Greta",
    "Helmer",
    "Inga",
    "Sixten",
)
LAST = (
    "Alm",
    "Björk",
    "Dal",
    "Ek",
    "Fager",
    "Gran",
    "Hög",
    "Kvarn",
    "Lind",
    "Mo",
    "Nord",
    "Ros",
    "Sand",
    "Strand",
    "Ting",
    "Ulv",
    "Väst",
    "Ås",
    "Öster",
    "Malm",
    "Sol",
    "Berg",
)
ENDS = (
    "hammar",
    "lund",
    "gren",
    "vall",
    "hult",
    "by",
    "qvist",
    "dahl",
    "stad",
    "torp",
    "vik",
    "skog",
)
THINGS = (
    ("bänkar", "parken"),
    ("lyktor", "skolgården"),
    ("tolkar", "receptionen"),
    ("lekplatser", "hamnen"),
    ("cykelställ", "centrum"),
    ("hyllor", "biblioteket"),
    ("träd", "torget"),
    ("läxböcker", "ungdomsgården"),
    ("ledsagare", "badhuset"),
    ("instrument", "musikskolan"),
)
WIDTH = 68


@dataclass(frozen=True, slots=True)
class Place:
    """An invented municipality with one committee. `members` and `substitutes`: names with their parties."""

    name: str
    body: str
    series: str
    members: tuple[str, ...]
    substitutes: tuple[str, ...]
    officials: tuple[str, ...]


@cache
def place(number: int, seed: int = 1) -> Place:
    """The invented municipality of a number below 5000; no two have one name, and none that of a real one."""
    chance = random.Random(f"{seed} place {number}")
    body = BODIES[number % len(BODIES)]
    pool = list(dict.fromkeys(f"{chance.choice(FIRST)} {_surname(chance)}" for _ in range(24)))
    elected = [f"{name} ({party})" for name, party in zip(pool[:16], PARTIES * 2, strict=False)]
    return Place(
        _towns()[number], body, f"{body[0]}N", tuple(elected[:10]), tuple(elected[10:14]), tuple(pool[16:18])
    )


@cache
def _towns() -> tuple[str, ...]:
    short = [beginning + end for end in ENDS for beginning in LAST]
    long = [middle + name.lower() for middle in LAST for name in short]
    return tuple(name for name in dict.fromkeys(short + long) if not municipality_code(f"{name} kommun"))


def _surname(chance: random.Random) -> str:
    return chance.choice(LAST) + chance.choice(ENDS)


def minutes(number: int, *, meetings: int = 12, items: int = 6, seed: int = 1) -> str:
    """The minutes of one meeting; `meetings` in succession are of one municipality, each with `items` matters."""
    where, meeting = place(number // meetings, seed), number % meetings
    chance = random.Random(f"{seed} minutes {number}")
    day = datetime.date(2012, 1, 17) + datetime.timedelta(days=28 * (meeting % 150) + meeting // 150)
    head = [
        f"{where.name} kommun",
        where.body,
        f"Protokoll nr {meeting % 13 + 1}/{day.year}\n{day}",
        "Plats:  Sessionssalen, Kvarngatan 4\nTid:  kl. 17.00-18.30",
        f"Justerat:  {day + datetime.timedelta(days=7)}",
        f"{where.members[0]}\nOrdförande",
        f"{where.members[1]}\nJusterare",
        "Ledamöter\n" + "\n".join((f"{where.members[0]}, ordförande", *where.members[1:])),
        "Ersättare\n" + "\n".join(where.substitutes),
        f"Övriga närvarande\n{where.officials[0]}, förvaltningschef\n{where.officials[1]}, nämndsekreterare",
    ]
    first = [_adjusting(where, day)] if meeting % 2 else []
    matters = [_matter(where, chance, day, meeting * items + i, len(first) + i + 1) for i in range(items)]
    return "\n\n".join([*head, *first, *matters]) + "\n"


def _adjusting(where: Place, day: datetime.date) -> str:
    return "\n".join(
        (
            " § 1\nVal av justerare och tid för justering\n\nBeslut",
            fill(f"{where.members[1]} utsågs att justera dagens protokoll tillsammans med ordföranden.", WIDTH),
        )
    )


def _matter(where: Place, chance: random.Random, day: datetime.date, running: int, paragraph: int) -> str:
    things, spot = THINGS[running % len(THINGS)]
    title = f"Fler {things} till {spot}, del {running + 1}"
    case = f"{where.series} {day.year}/{running + 10}"
    yes = chance.sample(where.members[:6], 3)
    no = chance.choice(where.members[6:])
    body = where.body
    grant = (
        "Beslut",
        f"1. {body} beviljar {chance.randint(10, 900)} tkr till {things}.",
        f"2. {body} godkänner förvaltningens tjänsteutlåtande.",
    )
    put = "Ordföranden ställde förslagen mot varandra och fann att nämnden beslutat enligt förvaltningens förslag."
    blocks = [
        f" § {paragraph}\n{title}\n{case}",
        "\n".join(grant),
        "Sammanfattning av ärendet\n"
        + fill(
            f"Förvaltningen föreslår att nämnden köper {chance.randint(2, 90)} {things} till {spot}. Arbetet börjar "
            f"den {chance.randint(1, 28)} mars {day.year + 1} och väntas ta {chance.randint(2, 40)} veckor.",
            WIDTH,
        ),
        "Yrkanden\n"
        + fill(f"{yes[0]}, {yes[1]} och {yes[2]} yrkade bifall till förvaltningens förslag till beslut.", WIDTH)
        + "\n\n"
        + fill(f"{no} yrkade avslag på förvaltningens förslag till beslut.", WIDTH),
        "Propositionsordning\n" + fill(put, WIDTH),
        "Reservationer\n" + fill(f"{no} reserverade sig mot beslutet till förmån för det egna yrkandet.", WIDTH),
        f"Handlingar i ärendet\n\n• {case}-2 Tjänsteutlåtande - {title}",
    ]
    return "\n\n".join(blocks)


def write(folder: Path, count: int, *, meetings: int = 12, items: int = 6, seed: int = 1) -> Iterator[Path]:
    """Write the first `count` minutes into a folder, one file each; files that are there already are left."""
    for number in range(count):
        path = folder / f"{number:06}-protokoll.txt"
        if not path.exists():
            path.write_text(minutes(number, meetings=meetings, items=items, seed=seed), encoding="utf-8")
        yield path
