"""How the minutes of the synthetic corpus are written, and the extracts of them."""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.papers import Matter, agreed, flowed
from tests.benchmarks.towns import COUNCIL, Body, Member

MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Item:
    """A § before it has a number: its matter, and what stands below its heading."""

    matter: Matter
    text: str


def minutes(body: Body, number: int, day: datetime.date, items: list[Item], chance: random.Random) -> str:
    """The minutes of a meeting. Some leave a number out."""
    members = body.members[: chance.randint(6, len(body.members) - 3)]
    left_out = chance.randint(4, 120)
    after = day + datetime.timedelta(days=7)
    told = f"{after.day} {MONTHS[after.month - 1]} {after.year}"
    head = (
        f"{body.town} kommun",
        body.name,
        f"Protokoll nr {number}/{day.year}",
        str(day),
        f"Plats:  Sessionssalen, Kvarngatan 4\nTid:  kl. 17.00-{chance.randint(18, 21)}.30",
        f"Justerat:  {after}",
        f"{members[0]}\nOrdförande",
        f"{members[1]}\nJusterare",
        f"Ledamöter\n{members[0]}, ordförande\n{members[1]}, vice ordförande\n" + "\n".join(map(str, members[2:])),
        "Ersättare\n" + "\n".join(map(str, body.members[-2:])),
        f"Övriga närvarande\n{body.officials[0]}, förvaltningschef\n{body.officials[1]}, nämndsekreterare",
        " § 1\nVal av justerare och tid för justering\n\nBeslut\n"
        + flowed(
            f"{members[1]} utsågs att justera dagens protokoll tillsammans med ordföranden. Ordföranden meddelade att "
            f"justering sker den {told}."
        ),
    )
    paragraphs = (paragraph(item, place + (place >= left_out)) for place, item in enumerate(items, 2))
    return "\n\n".join((*head, *paragraphs)) + "\n"


def extract(body: Body, number: int, day: datetime.date, item: Item, place: int) -> str:
    """An extract of the minutes: one §."""
    head = (f"{body.town} kommun", body.name, "Protokollsutdrag", f"Protokoll nr {number}/{day.year}", str(day))
    return "\n\n".join((*head, paragraph(item, place))) + "\n"


def paragraph(item: Item, place: int) -> str:
    """A § with its number."""
    matter = item.matter
    remitted = matter.motion and matter.motion != matter.number
    below = (
        f"Svar på remiss från kommunstyrelsen, Dnr {matter.motion}\n{matter.number}" if remitted else matter.number
    )
    title = flowed(matter.title)
    return (
        f" § {place}\n{title}\n{below}\n\n{item.text}\n\n"
        f"Handlingar i ärendet\n\n{flowed(f'• {matter.number}-{2 + place % 7} Tjänsteutlåtande - {matter.title}')}"
    )


def handed_over(body: Body, matter: Matter, chance: random.Random) -> Item:
    """The council hands a motion over to the board."""
    return Item(
        matter,
        "Beslut\n1. Motionen överlämnas till kommunstyrelsen för beredning.\n\nSammanfattning av ärendet\n"
        + flowed(f"En motion har lämnats av {agreed(matter.authors)}."),
    )


def answered(body: Body, matter: Matter, chance: random.Random) -> Item:
    """The council answers a motion, or another body speaks for or against it."""
    end = chance.choice(("bifaller motionen", "avslår motionen", "anser motionen besvarad"))
    ends = chance.choice(("motionen bifalls", "motionen avslås", "motionen anses besvarad"))
    decided = f"{body.name} {end}" if body.name == COUNCIL else f"{body.name} föreslår att {ends}"
    return Item(
        matter,
        f"Beslut\n1. {decided}.\n\nSammanfattning av ärendet\n"
        + flowed(f"{agreed(matter.authors)} har i en motion föreslagit {matter.title.partition(' om ')[2]}.")
        + "\n\n"
        + _contest(body, chance),
    )


def plain(body: Body, matter: Matter, chance: random.Random) -> Item:
    """A matter that nobody speaks against."""
    return Item(matter, _decision(body, chance))


def contested(body: Body, matter: Matter, chance: random.Random) -> Item:
    return Item(matter, f"{_decision(body, chance)}\n\n{_contest(body, chance)}")


def voted(body: Body, matter: Matter, chance: random.Random) -> Item:
    """A matter that was put to the vote, with the names."""
    voters = body.members[:7]
    yes, no = voters[:4], voters[4:]
    return Item(
        matter,
        f"{_decision(body, chance)}\n\nYrkanden\n"
        + flowed(f"{agreed(yes[:2])} yrkade bifall till förvaltningens förslag till beslut.")
        + "\n\n"
        + flowed(f"{agreed(no)} yrkade avslag på förvaltningens förslag till beslut.")
        + "\n\nPropositionsordning\n"
        + flowed(
            "Ordföranden ställde förslagen mot varandra. Omröstning begärdes. Ja för förvaltningens förslag till beslut, "
            f"nej för avslag. Vid omröstningen avgavs {len(yes)} ja-röster och {len(no)} nej-röster."
        )
        + f"\n{flowed(f'Ja röstar: {agreed(yes)}.')}\n{flowed(f'Nej röstar: {agreed(no)}.')}\n"
        + flowed(f"Ordföranden fann att {body.short} beslutat enligt förvaltningens förslag.")
        + f"\n\nReservationer\n{_reserved(no)}",
    )


def referred_back(body: Body, matter: Matter, chance: random.Random) -> Item:
    who = agreed(tuple(chance.sample(body.members[:6], 2)))
    return Item(
        matter,
        "Beslut\n1. Ärendet återremitteras till förvaltningen.\n\nSammanfattning av ärendet\n"
        + flowed(f"Förvaltningen föreslår att {body.short} genomför förslaget med {chance.randint(2, 9)} platser.")
        + "\n\nYrkanden\n"
        + flowed(f"{who} yrkade att ärendet återremitteras."),
    )


def recused(body: Body, matter: Matter, chance: random.Random) -> Item:
    who = chance.choice(body.members[2:6])
    return Item(
        matter,
        f"{_decision(body, chance)}\n\nJäv\n" + flowed(f"{who} anmälde jäv och deltog inte i ärendets behandling."),
    )


def spoken(body: Body, matter: Matter, chance: random.Random) -> Item:
    """A matter with a special statement and one of a substitute."""
    who, other = chance.choice(body.members[:6]), body.members[-1]
    party = {"S": "Socialdemokraternas", "M": "Moderaternas", "V": "Vänsterpartiets"}.get(who.party, "Centerpartiets")
    return Item(
        matter,
        f"{_decision(body, chance)}\n\n{_contest(body, chance)}\n\nSärskilt uttalande\n{who} lämnade ett särskilt "
        f"uttalande:\n\nVi saknar en plan för {chance.randint(2, 5)} år framåt.\n\nErsättaryttrande\n"
        f"{other} ställde sig bakom {party} yrkande.",
    )


def asked(body: Body, matter: Matter, chance: random.Random) -> Item:
    """A letter of members to a committee, with its questions."""
    who = agreed(tuple(chance.sample(body.members[:7], chance.randint(1, 2))))
    title = f"Skrivelse om {matter.title[0].lower()}{matter.title[1:]}"
    return Item(
        Matter(matter.number, "Nämndens frågor till förvaltningen"),
        "Beslut\n"
        + flowed(f'1. {body.name} uppdrar till förvaltningen att besvara "{title}".')
        + f"\n\nSammanfattning av ärendet\nSkrivelser som anmäldes vid sammanträdet:\n\n{title}\n{who}\n\n"
        f"Många väntar på besked. Därför undrar vi:\n1. Vad kostar det under {chance.randint(2, 5)} år?\n"
        "2. När blir det klart?",
    )


WAYS: tuple[tuple[Callable[[Body, Matter, random.Random], Item], int], ...] = (
    (plain, 50),
    (contested, 22),
    (voted, 6),
    (referred_back, 6),
    (recused, 4),
    (spoken, 6),
)


def _decision(body: Body, chance: random.Random) -> str:
    return (
        f"Beslut\n1. {body.name} beviljar {chance.randint(10, 900)} tkr.\n"
        f"2. {body.name} godkänner förvaltningens tjänsteutlåtande.\n\nSammanfattning av ärendet\n"
        + flowed(
            f"Förvaltningen föreslår att {body.short} genomför förslaget. Arbetet väntas ta {chance.randint(2, 40)} "
            "veckor."
        )
    )


def _contest(body: Body, chance: random.Random) -> str:
    yes, no = tuple(chance.sample(body.members[:5], 2)), (chance.choice(body.members[5:8]),)
    whose = "förvaltningens förslag" if chance.random() < 0.9 else f"{no[0].name}s ({no[0].party}) yrkande"
    return (
        f"Yrkanden\n{flowed(f'{agreed(yes)} yrkade bifall till förvaltningens förslag till beslut.')}\n\n"
        f"{flowed(f'{agreed(no)} yrkade avslag på förvaltningens förslag till beslut.')}\n\nPropositionsordning\n"
        + flowed(f"Ordföranden ställde förslagen mot varandra och fann att {body.short} beslutat enligt {whose}.")
        + f"\n\nReservationer\n{_reserved(no)}"
    )


def _reserved(who: tuple[Member, ...]) -> str:
    return flowed(f"{agreed(who)} reserverade sig mot beslutet till förmån för det egna yrkandet.")
