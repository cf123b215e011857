"""Which proposal was carried, as the minutes tell it, and the words of proposals that are no points."""

import re

import pytest

from tests.mapping.paragraph import item, moved, said

APPROVES = "Anna Ek (S) och Bo Alm (M) yrkar bifall till {} förslag.\n\n"
MOTION = "Cia Dal (V) yrkar att nämnden tillstyrker motionen.\n"


def adopted(moves: str, procedure: str, decided: str = "att avge yttrande enligt bilaga 1.") -> list[str]:
    body = f"§ 5\nMotion om bad\n\nBeslut\n{decided}\n\nYrkanden\n{moves}\nBeslutsgång\n{procedure}\n"
    return [m[1] for line in said(body) if (m := re.fullmatch(r"decision kg:adopts proposal/(\d)", line))]


@pytest.mark.parametrize(
    ("moves", "procedure", "number"),
    [
        (APPROVES.format("föreliggande") + MOTION, "Ordföranden finner att socialnämnden beslutar enligt föreliggande förslag.", ["1"]),
        (APPROVES.format("föreliggande") + MOTION, "Ordföranden finner bifall till föreliggande förslag.", ["1"]),
        (APPROVES.format("liggande") + MOTION, "Ordföranden finner att nämnden beslutar enligt föreliggande förslag.", ["1"]),
        (APPROVES.format("arbetsutskottets") + MOTION, "Ordföranden finner att nämnden beslutar enligt arbetsutskottets förslag.", ["1"]),
        (APPROVES.format("arbetsutskottets") + MOTION, "Ordföranden finner att arbetsutskottets förslag har bifallits.", ["1"]),
        (APPROVES.format("arbetsutskottets") + MOTION, "Proposition ställs på arbetsutskottets förslag, som bifalls.", ["1"]),
        (APPROVES.format("arbetsutskottets") + MOTION, "Nämnden hade alltså antagit arbetsutskottets förslag.", ["1"]),
        (APPROVES.format("arbetsutskottets") + MOTION, "Nämnden beslutar i enlighet med Cia Dals (V) yrkande.", ["2"]),
        (APPROVES.format("arbetsutskottets") + MOTION, "Nämnden beslutar i enlighet med yrkandet av Cia Dal m.fl.", ["2"]),
        # what the chair found before a vote, what is only supposed, what was lost, and what is true of points only
        (APPROVES.format("föreliggande") + MOTION, "Ordföranden finner bifall till föreliggande förslag. Votering begärs. 3 ja och 5 nej.", []),
        (APPROVES.format("föreliggande") + MOTION, "Vinner nej har nämnden bifallit föreliggande förslag.", []),
        (APPROVES.format("föreliggande") + MOTION, "Nämnden beslutar att inte bifalla föreliggande förslag.", []),
        (APPROVES.format("föreliggande") + MOTION, "Nämnden beslutar enligt föreliggande förslag i punkt 2.", []),
        (APPROVES.format("arbetsutskottets") + MOTION, "Nämnden beslutar enligt kommunstyrelsens förslag.", []),
        # two that ask for the same: which of them is not told
        ("Anna Ek (S) yrkar bifall till föreliggande förslag.\n\nBo Alm (M) yrkar bifall till föreliggande förslag.\n", "Nämnden beslutar enligt föreliggande förslag.", []),
    ],
)  # fmt: skip
def test_the_proposal_that_was_carried(moves: str, procedure: str, number: list[str]) -> None:
    assert adopted(moves, procedure) == number


def test_what_only_asks_for_the_proposal_of_the_administration_adopts_that() -> None:
    moves = APPROVES.format("förvaltningens") + "Cia Dal (V) yrkar återremiss.\n"
    assert adopted(moves, "Nämnden beslutar i enlighet med Anna Eks yrkande.") == ["1"]  # 2 is Anna Ek's


@pytest.mark.parametrize(
    ("moves", "decided", "number"),
    [
        ("Anna Ek (S) yrkar bifall till förslaget.\n\nBo Alm (M) yrkar återremiss.\n", "Ärendet återremitteras.", ["2"]),
        ("Anna Ek (S) yrkar bordläggning.\n\nBo Alm (M) yrkar återremiss.\n", "Ärendet bordläggs.", ["1"]),
        ("Anna Ek (S) yrkar återremiss.\n\nBo Alm (M) yrkar återremiss.\n", "Ärendet återremitteras.", []),
        ("Anna Ek (S) yrkar bifall till motionen.\n\nBo Alm (M) yrkar avslag på motionen.\n", "Motionen avslås.", ["2"]),
        ("Anna Ek (S) yrkar bifall till motionen.\n\nBo Alm (M) yrkar avslag på motionen.\n", "Motionen bifalls.", ["1"]),
        ("Anna Ek (S) yrkar bifall till motionen.\n\nBo Alm (M) yrkar att motionen anses besvarad.\n", "Motionen anses besvarad.", ["2"]),
        # the committee may propose the same
        ("Anna Ek (S) yrkar bifall till arbetsutskottets förslag.\n\nBo Alm (M) yrkar avslag på motionen.\n", "Motionen avslås.", []),
    ],
)  # fmt: skip
def test_the_one_that_demands_what_was_decided(moves: str, decided: str, number: list[str]) -> None:
    assert adopted(moves, "Ordföranden ställer proposition på yrkandena.", decided) == number


def test_a_proposal_that_was_put_off_is_not_adopted() -> None:
    moves = "Anna Ek (S) yrkar bifall till föreliggande förslag.\n\nBo Alm (M) yrkar återremiss.\n"
    procedure = "Ordföranden finner bifall till föreliggande förslag. Efter ajournering återremitteras ärendet."
    assert adopted(moves, procedure, "Ärendet återremitteras.") == ["2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cia Dal (V) yrkar bifall till föreliggande förslag.", ["bifall till föreliggande förslag"]),
        ("Cia Dal (V) yrkar att nämnden tillstyrker motionen.", ["att nämnden tillstyrker motionen"]),
        (
            "Cia Dal (V) yrkar i första hand att ärendet återremitteras för utredning av dagvattnet, i andra hand\n"
            "avslag på kontorets förslag.",
            [
                "i första hand att ärendet återremitteras för utredning av dagvattnet",
                "i andra hand avslag på kontorets förslag",
            ],
        ),
        ("Cia Dal (V): Återremiss för att byalaget ska höras.", ["Återremiss för att byalaget ska höras"]),
        ("Cia Dal (V) yrkade, med instämmande av Bo Alm (M), bifall till motionen.", ["bifall till motionen"]),
        ("Cia Dal (V) yrkar\n\natt ärendet bordläggs.", ["att ärendet bordläggs."]),
        ("Cia Dal (V) yrkar att avgiften ändras till 40 kronor.", [None]),  # a point holds it
    ],
)
def test_a_proposal_keeps_its_words(text: str, words: list[str | None]) -> None:
    body = f"§ 5\nMotion om bad\n\nBeslut\nPlanen antas.\n\nYrkanden\n{text}\n"
    proposals = moved(item(body))
    assert [p.words.text if p.words else None for p in proposals] == words
    printed = sorted(line for line in said(body) if re.match(r"proposal/\d kg:text ", line))
    assert [re.search(r'"(.*)"@sv', line)[1] for line in printed] == [w for w in words if w]  # type: ignore[index]


def test_a_motivation_is_not_taken_for_the_words_of_a_proposal() -> None:
    body = "§ 5\nPlan\n\nBeslut\nFörslaget avslås.\n\nYrkanden\nBo Alm (M) yrkade\n\n1. att avslå,\n2. att anföra följande:\n\nKassan är tom.\n"
    assert 'proposal/1 kg:text "Kassan är tom."@sv' in said(body)
