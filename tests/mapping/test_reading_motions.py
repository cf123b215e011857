"""Motions, interpellations and simple questions as they were handed in."""

import pytest

from mapping.reader import read_document
from mapping.records import DocumentRecord
from mapping.text import Text


def read(text: str) -> DocumentRecord:
    record = read_document(Text(text))
    assert isinstance(record, DocumentRecord)
    return record


ARGUMENT = (
    "Bänkarna i parken är murkna. Nämndens ordförande Nils Grop (M) har lovat nya,\n"
    "men i budgeten (KS 2021/77) finns inga pengar.\n"
)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Motion om nya bänkar i parken\n", "Motion om nya bänkar i parken"),
        ("MOTION  angående nya bänkar\ni parken\n", "nya bänkar i parken"),
        ("Motion till kommunfullmäktige i Mora om nya\nbänkar i parken\n", "nya bänkar i parken"),
        ("Motion: Nya bänkar i parken\n", "Nya bänkar i parken"),
        (
            "   Motion till kommunfullmäktige i Mora kommun          2022-10-17\n\nNya bänkar i parken\n",
            "Nya bänkar i parken",
        ),
        ("Liberalerna\nMora\n\nMOTION\n\nNya bänkar i parken\n", "Nya bänkar i parken"),
    ],
)
def test_the_title_of_a_motion(head: str, title: str) -> None:
    record = read(f"{head}\n{ARGUMENT}\nVi yrkar\n\natt kommunfullmäktige köper bänkar\n\nAda Fors (L)\n")
    assert record.kind == "motion"
    assert record.title is not None and record.title.text == title
    assert [matter.title for matter in record.items[0].matters] == [title.removeprefix("Motion om ")]


def test_a_title_without_blank_lines_ends_where_a_sentence_begins() -> None:
    record = read(
        "Motion\nGör bänkarna i parken nya\nFörra sommaren rasade två av dem och ingen\nhar lagat dem sedan dess.\n"
        "Vi yrkar\natt kommunfullmäktige köper bänkar\nAda Fors (L)\n"
    )
    assert record.title is not None and record.title.text == "Gör bänkarna i parken nya"


@pytest.mark.parametrize(
    ("asks", "demands"),
    [
        (
            "Vi yrkar\n\natt    bänkar köps,\n\natt    de målas, samt\n\natt    de vårdas.\n",
            ["att bänkar köps", "att de målas", "att de vårdas."],
        ),
        ("Därför yrkar Liberalerna:\n• Att bänkar köps\n• Att de målas\n", ["Att bänkar köps", "Att de målas"]),
        (
            "Vi föreslår kommunfullmäktige besluta:\n\n  1) Att bänkar köps.\n  2) Att de målas.\n",
            ["Att bänkar köps.", "Att de målas."],
        ),
        ("Vi yrkar att nämnden får i uppdrag att\n\n- köpa bänkar\n- måla dem\n", ["köpa bänkar", "måla dem"]),
        (
            "Jag yrkar därför att kommunfullmäktige köper nya\nbänkar till parken.\n",
            ["att kommunfullmäktige köper nya bänkar till parken"],
        ),
    ],
)
def test_what_a_motion_asks_for(asks: str, demands: list[str]) -> None:
    record = read(
        f"Till kommunfullmäktige\n\nMotion om bänkar\n\n{ARGUMENT}\n{asks}\nMora den 3 maj 2022\n\nAda Fors (L)\n"
    )
    (proposal,) = record.items[0].proposals
    assert [point.text for point in proposal.points] == demands


@pytest.mark.parametrize(
    ("signatures", "authors"),
    [
        (
            "För centerpartiet                    För miljöpartiet de gröna\n\n.................     .................\n"
            "Ada Fors (c)                         Bo Krok (mp)\n\nCia Dal (c)\n",
            [("Ada Fors", "C"), ("Bo Krok", "MP"), ("Cia Dal", "C")],
        ),
        ("För Socialdemokraterna\tFör Moraborna\nAda Fors\tBo Krok (MOB)\n", [("Ada Fors", "S"), ("Bo Krok", "MOB")]),
        (
            "För folkpartiet liberalerna\n\n\nAda Fors               Bo Krok\n",
            [("Ada Fors", "FP"), ("Bo Krok", "FP")],
        ),
        ("Mora 2022-05-03\n\nAda Fors\nLiberalerna\n", [("Ada Fors", "L")]),
        (
            "Mora som ovan\n\nAda Fors (SD)          Bo Krok (SD)\nGruppledare            Ledamot i kommunfullmäktige\n",
            [("Ada Fors", "SD"), ("Bo Krok", "SD")],
        ),
    ],
)
def test_those_who_sign_are_the_authors_and_nobody_else(signatures: str, authors: list[tuple[str, str]]) -> None:
    record = read(
        f"Motion om bänkar\n\n{ARGUMENT}\nVi yrkar\n\natt kommunfullmäktige köper bänkar.\n\n\n{signatures}"
    )
    assert [(a.name, a.party) for a in record.items[0].matters[0].authors] == authors
    assert {a.name for a in record.persons} == {name for name, _ in authors}


def test_authors_named_under_the_title_lend_their_party_to_the_signatures() -> None:
    record = read(
        f"Motion om bänkar\n\nAv Ada Fors (M) och Bo Krok (M)\n\n{ARGUMENT}\nVi yrkar\n\natt kommunfullmäktige köper bänkar.\n\n"
        "Mora den 3 maj 2022\n\nAda Fors\t\tBo Krok\n"
    )
    assert [(a.name, a.party) for a in record.items[0].matters[0].authors] == [("Ada Fors", "M"), ("Bo Krok", "M")]


def test_a_motion_belongs_to_the_council_that_it_is_addressed_to() -> None:
    record = read(
        "                         MARKS KOMMUN\n                         Kommunstyrelsen\n"
        "                         Ink. 2022-05-04\n                         Dnr KS 2022/131\n\nTill\nKommunfullmäktige i Marks kommun\n\n"
        f"Motion om bänkar\n\n{ARGUMENT}\nVi yrkar\n\natt kommunfullmäktige köper bänkar.\n\nKinna den 3 maj 2022\n\nAda Fors (L)\n"
    )
    assert (record.municipality, record.body) == ("1463", "Kommunfullmäktige")
    assert str(record.date) == "2022-05-03"  # written, not received
    assert [(ref.normalised, ref.role) for ref in record.items[0].registry_numbers] == [("KS 2022/131", "own")]


def test_a_number_in_the_argument_is_not_the_motion_s_own() -> None:
    record = read(
        f"Motion om bänkar\n\n{ARGUMENT}\nVi yrkar\n\natt kommunfullmäktige köper bänkar.\n\nAda Fors (L)\n"
    )
    assert record.items[0].registry_numbers == ()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Interpellation till kommunstyrelsens ordförande Nils Grop (M) om bänkar i parken\n", "interpellation"),
        (
            "Enkel fråga\n\nStälld till: Nils Grop (M)\nStälld av: Ada Fors (L)\n\nbänkar i parken\n",
            "simple-question",
        ),
    ],
)
def test_questions_to_a_chair(head: str, kind: str) -> None:
    record = read(
        f"{head}\nBänkarna är murkna. Eva Bokvist har skrivit till kommunen om dem.\n\nJag vill därför fråga:\n\n"
        "1. När köps nya?\n2. Vem vårdar dem?\n\nMora 2022-05-03\n\nAda Fors (L)\n"
    )
    assert record.kind == "interpellation"
    (matter,) = record.items[0].matters
    assert (matter.kind, matter.title) == (kind, "bänkar i parken")
    assert [question.text for question in matter.questions] == ["När köps nya?", "Vem vårdar dem?"]
    assert [(a.name, a.party) for a in record.persons] == [("Ada Fors", "L")]


def test_a_name_may_be_wrapped_between_the_word_and_the_title() -> None:
    record = read(
        "Interpellation till kulturnämndens ordförande Nils\nGrop (M) om bänkar i parken\nBänkarna är murkna.\nJag vill därför fråga:\n"
        "1. När köps nya?\nMora 2022-05-03\nAda Fors (L)\n"
    )
    assert record.title is not None and record.title.text == "bänkar i parken"


@pytest.mark.parametrize(
    ("foot", "code"),
    [("Falun 2023-11-02\n\n", "2080"), ("\nKommunfullmäktige i Töreboda\n\n", "1473")],
)
def test_the_municipality_by_its_council_or_by_place_and_day(foot: str, code: str) -> None:
    record = read(
        f"Motion om bänkar\n\n{ARGUMENT}\nFörslag till beslut:\n1. Nämnden köper bänkar\n2. De målas\n\n{foot}Ada Fors (L)\n"
    )
    assert (record.municipality, record.body) == (code, "Kommunfullmäktige")


@pytest.mark.parametrize(
    "asks",
    [
        "Liberalerna föreslår därför\natt kommunen bygger ett bad.",
        "Socialdemokraterna yrkar\natt kommunen bygger ett bad.",
        "Socialdemokraterna i Almvik yrkar därför att kommunen bygger ett bad.",
        "Därför föreslås att kommunen bygger ett bad.",
    ],
)
def test_a_motion_may_ask_in_the_name_of_a_party_or_of_nobody(asks: str) -> None:
    record = read_document(
        Text(
            f"Almviks kommun\n\nMotion\n\nMer bad\n\nBarnen vill bada.\n\n{asks}\n\nAlmvik 2024-03-12\n\nAnna Ek (L)\n"
        )
    )
    assert isinstance(record, DocumentRecord) and record.kind == "motion"
    assert [point.text for proposal in record.items[0].proposals for point in proposal.points] in (
        [["att kommunen bygger ett bad."]], ["att kommunen bygger ett bad."], ["att kommunen bygger ett bad"],
    )  # fmt: skip
