"""Whatever the bytes: an answer, in time. The reader never crashes, and long documents cost in proportion."""

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mapping.document import Reading, judge_alone, read
from mapping.lexicon import lexicon
from mapping.people import actors_in
from mapping.records import Refused
from tests.growth import LINEAR, growth, seconds

SAMPLES = Path(__file__).parents[1] / "samples" / "documents"
SECONDS = 2.0
"""The most CPU time that a document of some kilobytes may take: hundreds of times what it should."""

ANY = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


def answer(data: bytes) -> None:
    """Read and judge the bytes; what is read stands in the text that is kept."""
    results: list[Reading | Refused] = []
    spent = seconds(lambda: results.append(read(data)))
    assert spent < SECONDS, f"{spent:.1f} s for {len(data)} bytes"
    reading = results[0]
    if isinstance(reading, Refused):
        assert reading.sv.endswith(".") and reading.en.endswith(".")
        return
    length = len(reading.text.canonical)
    assert all(actor.span.end <= length for actor in actors_in((reading.record.meeting, reading.record.items)))
    assert all(item.span.end <= length for item in reading.record.items)
    judged = judge_alone(reading)
    assert judged.quads.endswith(" .\n")


HEADS = (
    "§ 1",
    "§ 2/24",
    "KS § 3",
    "4 §",
    "5 Title",
    "§ 12 forts.",
    "§ 9-12",
    "Bilaga § 1",
    "§",
    "§ 99999",
    "Din position: Hem",
)
WORDS = (
    "Nämnden beslutar", "att", "att godkänna", "1.", "2)", "a)", "•", "-", "Dnr KS 2024/1", "2023/1204", "m.fl.", "(S)", "(s)",
    "(5)", "Anna Ek (S)", "Bo Ås, M,", "yrkar bifall", "yrkade avslag", "reserverar sig", "Samtliga ledamöter för M", "Ja:",
    "Nej:", "7 ja-röster och 4 nej-röster", "x", "Summa 7 4", "kl. 18.00", "2024-05-21", "den 3 mars 2024", "19121212-1212",
    "”", '"', "(", ")", ":", ";", "…", "_____", "Sida 1 (2)", "\f", "\t", "      ", "över-", "och", "Till", "samt", "inte", "KF:s mål 1",
    "Indikator", "Utfall", "95 %", "\u00a0", "\u2028", "\u0085", "İ", "ß", "ǆ", "𝔖", "\U0001f600", "a\u0308",
)  # fmt: skip


@cache
def heading_words() -> tuple[str, ...]:
    """Every heading of the lexicon, its choices and options written out at random places."""
    entries = [entry for entries in lexicon("headings").values() for entry in entries]
    return tuple(re.sub(r"\{\w+\}", "Nämndens", re.sub(r"\\[a-z]\+?|[()|?\\]", "", entry)) for entry in entries)


PIECES = st.sampled_from([*HEADS, *WORDS, *heading_words()]) | st.text(max_size=6)
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from([" ", "\n", "\n\n", "   ", ""])), max_size=60).map(
    lambda pieces: "".join(piece + gap for piece, gap in pieces)
)


@settings(ANY, max_examples=150)
@given(TEXTS)
@example("Protokoll\n§ 1\n")
@example("Din position:\n1 A\n")
def test_no_text_of_pieces_crashes_the_reader(text: str) -> None:
    answer(("Almviks kommun\nProtokoll\n\n§ 1\nTitel\n\nBeslut\n" + text).encode("utf-8", "surrogatepass"))
    answer(text.encode("utf-8", "surrogatepass"))


@settings(ANY, max_examples=100)
@given(st.binary(max_size=300))
def test_no_byte_string_crashes_the_reader(data: bytes) -> None:
    answer(data)
    answer(b"%PDF-1.4\n" + data)
    answer(b"PK\x03\x04" + data)
    answer(b"<html><body><h1>Protokoll</h1>" + data)


@settings(ANY, max_examples=60)
@given(
    st.sampled_from(sorted(SAMPLES.iterdir())),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(("cut", "drop", "twice", "reversed", "noise")),
    st.binary(min_size=1, max_size=8),
)
def test_no_spoilt_sample_crashes_the_reader(path: Path, at: float, length: float, how: str, noise: bytes) -> None:
    data = path.read_bytes()
    start = int(at * len(data))
    end = start + int(length * (len(data) - start))
    spoilt = {
        "cut": data[:start],
        "drop": data[:start] + data[end:],
        "twice": data[:end] + data[start:],
        "reversed": data[:start] + data[start:end][::-1] + data[end:],
        "noise": data[:start] + noise + data[start:],
    }
    answer(spoilt[how])


UNITS = {
    "heads": "§ 1\n",
    "heads with titles": "§ {n}\nTitel {n}\n\nBeslut\nNämnden beslutar\natt godkänna\n\n",
    "table of contents": "§ {n} Titel ....... 3\n",
    "blank lines": "\n",
    "blanks": " ",
    "page heads": "Sida {n} (9)\n\nSocialnämnden\n\n",
    "names": "Anna Ek (S), ",
    "names a line": "Anna Ek{n} (S)\n",
    "names without parties": "Anna Ek, ",
    "capitals": "A ",
    "names joined": "Anna-",
    "names run together": "Anna",
    "codes in brackets": "Anna Ek{n} Ek (A{n})\n",
    "words": "ord ",
    "one word": "å",
    "figures": "1",
    "figures apart": "12 ",
    "registry numbers": "KS 2024/{n} ",
    "broken registry numbers": "KS 2024/\n",
    "dates": "den 3 mars 2024 ",
    "points": "1. att godkänna\n",
    "numbered points": "{n}. godkänna punkten\n",
    "att": "att ",
    "bullets": "• punkt\n",
    "votes": "Anna Ek{n} (S)      x\n",
    "yes and no": "ja-röster nej-röster ",
    "yes": "Ja: Anna Ek (S) Nej: Bo Ås (M) ",
    "movers": "Anna Ek (S) yrkar bifall.\n\n",
    "letters": "Skrivelse om köer\nAnna Ek (S)\n\nVi undrar:\n1. Hur lång är kön?\n\n",
    "brackets": "(",
    "closed brackets": "(S)",
    "quotes": '"',
    "colons": "fråga: ",
    "hyphens": "över-\n",
    "dots": "....",
    "rules": "_____\n",
    "sentences": "Nämnden beslutar. ",
    "reservations": "Reservation\nAnna Ek (S) reserverar sig.\n\n",
    "goals": "KF:s mål {n}: Trygghet\nIndikator\nUtfall 95 %\n",
    "personal numbers": "19121212-1212 ",
    "tabs": "\t",
    "no-break spaces": "\u00a0",
    "line numbers": "{n}  text\n",
}
BEFORE = "Almviks kommun\nSocialnämnden\nProtokoll 2024-05-21\n\n§ 1\nTitel\n\nBeslut\nNämnden beslutar att "
BEHIND = "\n\nYrkanden\nBo Ås (M) yrkar"


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
def test_eight_times_the_length_costs_about_eight_times(unit: str) -> None:
    def work(count: int) -> object:
        body = "".join(unit.replace("{n}", str(n)) for n in range(1, count + 1))
        return read(f"{BEFORE}{body}{BEHIND}".encode())

    size = max(4, 6000 // max(len(unit), 4))
    work(1)
    grown = growth(work, size, rounds=3)
    assert grown < LINEAR, f"eight times the text takes {grown:.0f} times as long"


def test_a_long_document_is_judged_in_proportion() -> None:
    """§, members, a roll of votes and names in prose: the shapes and the joining of persons too are linear."""

    def work(count: int) -> object:
        names = [f"Anna{letters(n)} Ek{letters(7 * n)}" for n in range(count)]
        told = (
            "Almviks kommun\nSocialnämnden\nProtokoll 2024-05-21\nBeslutande\n",
            *(f"{name} (S)\n" for name in names),
            *(f"\n§ {n}\nTitel {n}\n\nBeslut\nNämnden beslutar att godkänna.\n" for n in range(1, count + 1)),
            "\nOmröstning\nLedamot            Parti   Ja   Nej\n",
            *(f"{name:30}S      x\n" for name in names),
            f"\n§ {count + 1}\nTitel\n\nBeslut\nNämnden beslutar att avslå.\n\nOmröstning\nJa röstar: ",
            ", ".join(f"{name} (S)" for name in names),
            f".\nMed {count} ja-röster mot 0 nej-röster avslås förslaget.\n",
        )
        reading = read("".join(told).encode())
        assert isinstance(reading, Reading) and len(reading.record.items) == count + 1
        assert {len(vote.ballots) for item in reading.record.items for vote in item.votes} == {count}
        return judge_alone(reading)

    grown = growth(work, 300, rounds=2)
    assert grown < LINEAR, f"eight times the text takes {grown:.0f} times as long"


def letters(number: int) -> str:
    """A number in letters, so that every name is another."""
    return "".join("adefiklnor"[int(digit)] for digit in str(number))


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        ("§ 1\n", 15_000),
        ("Anna-", 12_000),
        ("\n", 100_000),
        (" ", 100_000),
        ("\t", 100_000),
        ("1 ", 50_000),
        ("A", 100_000),
        ("ja nej ", 15_000),
    ],
)
def test_long_runs_of_one_thing_are_read_in_time(unit: str, count: int) -> None:
    spent = seconds(lambda: read(f"{BEFORE}{unit * count}{BEHIND}".encode()))
    assert spent < 2 * SECONDS, f"{spent:.1f} s"
