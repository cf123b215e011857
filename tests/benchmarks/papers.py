"""How the documents of the synthetic corpus are written: the papers around a meeting. Its minutes: sittings.py."""

import datetime
import random
from dataclasses import dataclass
from textwrap import fill

from tests.benchmarks.towns import Body, Member

WIDTH = 68


@dataclass(frozen=True, slots=True)
class Matter:
    """What a body treats: a registry number ("SN 2019/31"), a title, and for a motion its number and authors."""

    number: str
    title: str
    motion: str = ""
    authors: tuple[Member, ...] = ()


def flowed(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def agreed(members: tuple[Member, ...]) -> str:
    """ "A (S), B (M) och C (V)"."""
    *first, last = map(str, members)
    return f"{', '.join(first)} och {last}" if first else last


def motion(body: Body, matter: Matter, day: datetime.date) -> str:
    """A motion handed in to the council."""
    thing = matter.title.removeprefix("Motion om ")
    return (
        "\n\n".join(
            (
                f"Till kommunfullmäktige i {body.town} kommun",
                f"{body.town} {day}",
                f"Dnr {matter.motion}",
                "Motion",
                thing.capitalize(),
                flowed(f"Många i {body.town} väntar på {thing}. Vi vill att kommunen prövar hur det kan ordnas."),
                "Vi yrkar",
                flowed(f"att kommunfullmäktige ger kommunstyrelsen i uppdrag att utreda {thing}, samt"),
                f"att resultatet redovisas senast {day.year + 1}.",
                "\n\n".join(map(str, matter.authors)),
            )
        )
        + "\n"
    )


def report(body: Body, matter: Matter, day: datetime.date, meeting: datetime.date, chance: random.Random) -> str:
    """An official report to a body."""
    remitted = f"\nSvar på remiss från kommunstyrelsen, Dnr {matter.motion}" if matter.motion else ""
    return (
        "\n\n".join(
            (
                f"{body.town} kommun\n{body.administration}\nTjänsteutlåtande\nDnr {matter.number}\n{day}",
                f"Handläggare\n{body.officials[1]}",
                f"Till\n{body.name}\n{meeting}",
                f"{matter.title}{remitted}",
                f"Förslag till beslut\n1. {body.name} godkänner förvaltningens tjänsteutlåtande.",
                "Sammanfattning\n"
                + flowed(
                    f"Förvaltningen har utrett ärendet och bedömer att kostnaden blir {chance.randint(20, 900)} tkr om året."
                ),
                "Förvaltningens analys och bedömning\n"
                + flowed(
                    f"Arbetet väntas ta {chance.randint(2, 40)} veckor och ryms i nämndens budget för {day.year + 1}."
                ),
                f"{body.officials[0]}\nFörvaltningschef",
            )
        )
        + "\n"
    )


def agenda(body: Body, matters: list[Matter], day: datetime.date) -> str:
    """The agenda of a meeting, as a page of a web site."""
    items = "".join(
        f"<li><h3>{matter.title}</h3><p>Förvaltningen föreslår att {body.name.lower()} godkänner förvaltningens "
        "tjänsteutlåtande.</p></li>\n"
        for matter in matters
    )
    return (
        f"<!doctype html><html lang=sv><head><meta charset=utf-8><title>{body.name} {day}</title></head><body>"
        f"<h1>{body.name} {day}</h1><p>{body.town} kommun</p><p>Inget protokoll har publicerats</p>"
        f"<ol><li><h3>Godkännande av dagordning</h3></li>\n{items}</ol></body></html>\n"
    )


def annual_report(body: Body, cases: list[Matter], day: datetime.date, chance: random.Random) -> str:
    """An annual report: goals, how they were fulfilled, activities and indicators."""
    year = day.year - 1
    head = (
        f"{body.town} kommun\n\n{body.name}\n\nVerksamhetsberättelse {year}\n\n"
        f"Dnr {body.series} {day.year}/{chance.randint(1, 9)}\n{day}\n\nSammanfattande analys\n"
        f"{flowed(f'{body.name} bedömer att de flesta målen har uppfyllts under året.')}\n\n"
        "Uppföljning av Kommunfullmäktiges inriktningsmål\n"
    )
    return head + "".join(_goal(body, number, year, cases, chance) for number in range(1, chance.randint(2, 4)))


def _goal(body: Body, number: int, year: int, cases: list[Matter], chance: random.Random) -> str:
    partly = ("Uppfylls helt", "Uppfylls delvis", "Uppfylls ej")
    case, target = chance.choice(cases), chance.randint(60, 95)
    outcome = target + chance.randint(-15, 6)
    return f"""
KF:s inriktningsmål: {number}. Ett {body.town} för alla

 {chance.choice(partly)}

Analys

{flowed(f"Nämnden har behandlat {case.title[0].lower()}{case.title[1:]}, dnr {case.number}.")}

KF:s mål för verksamhetsområdet: {number}.1 Service ges i tid

 {chance.choice(partly)}

Nämndmål: {number}.1.1. Den som frågar får svar inom en vecka

 {chance.choice(partly)}

   Aktivitet Startdatum Slutdatum Avvikelse

  Förvaltningen ska se över sina rutiner
{year}-01-01 {year}-12-31{chance.choice((" Ja", ""))}

   Indikator Periodens
utfall

Utfall
män/
pojkar

Utfall
kvinnor/
flickor

Utfall VB
{year - 1} Årsmål KF:s
årsmål Period

  Andel som är nöjda med
svaret

{outcome} % {outcome + 1} % {outcome - 1} % {outcome - 2} % {target} % {target} % {year}

Analys
Utfallet {"är lägre än" if outcome < target else "når"} årsmålet.
"""
