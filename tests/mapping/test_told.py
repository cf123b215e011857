"""Acts told in the running text of a § that has no heading for them, by the meeting's own members."""

import pytest

from mapping.records import Actor, Item
from tests.mapping.paragraph import item, moved

DECIDED = "\n\nSocialnämnden beslutar att anta planen.\n"
COVER = "Beslutande\nAnna Ek (S)\nBo Alm (M)\nPelle Dal (V)\n\n"


def told(text: str, cover: str = "") -> Item:
    """The § that tells a text and then decides, another § behind it."""
    return item(f"{cover}§ 5\nPlan\n\n{text}{DECIDED}\n§ 6\nVal\n\nBeslut\nAnna Ek (S) väljs.\n")


def names(actors: tuple[Actor, ...]) -> list[str]:
    return [actor.name or actor.party or "" for actor in actors]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Ek (S) yrkar bifall till förslaget. Bo Alm (M) yrkar avslag på förslaget.", [("approve", ["Anna Ek"]), ("reject", ["Bo Alm"])]),
        ("Bo Alm (M) tackar för dragningen och yrkar avslag på förslaget.", [("reject", ["Bo Alm"])]),
        ("Bo Alm (M) hemställer att ärendet bordläggs.", [("table", ["Bo Alm"])]),
        ("Bo Alm (M) yrkar avslag på förslaget. Anna Ek (S) instämmer i yrkandet.", [("reject", ["Bo Alm", "Anna Ek"])]),
        ("Bo Alm (M) yrkar avslag på förslaget. Cia Dal (V) yrkar bifall till förslaget. Anna Ek (S) biträder Bo Alms yrkande.", [("reject", ["Bo Alm", "Anna Ek"]), ("approve", ["Cia Dal"])]),
        ("Anna Ek (S) instämmer i Cia Dals yrkande.", [("approve", ["Anna Ek"])]),
        ("Bo Alm (M) yrkar i första hand återremiss och i andra hand avslag på förslaget.", [("remit", ["Bo Alm"]), ("reject", ["Bo Alm"])]),
        ("Bo Alm (M) yrkar bifall till Moderaternas förslag.", [("own", ["Bo Alm"])]),
        ("Bo Alm (M) yrkar bifall till Vänsterpartiets förslag.", [("approve", ["Bo Alm"])]),
        # what is asked for in writing before the meeting, by whoever has no party, in another body: nothing is moved
        ("Anna Ek (S) föreslår i en motion att badet byggs.", []),
        ("Karin Sand begär bygglov för ett garage.", []),
        ("Vid arbetsutskottets behandling yrkade Bo Alm (M) avslag på förslaget.", []),
        ("Bo Alm (M) yrkade vid kommunstyrelsens behandling avslag på förslaget.", []),
        ("Bo Alm (M) yrkade vid nämndens sammanträde avslag på förslaget.", [("reject", ["Bo Alm"])]),
        ("Bo Alm (M) undrar när badet byggs.", []),
    ],
)  # fmt: skip
def test_proposals(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert [(p.stance, names(p.by)) for p in moved(told(text))] == expected


@pytest.mark.parametrize(("cover", "expected"), [(COVER, ["Pelle Dal"]), ("", [])])
def test_who_was_there_needs_no_party_to_move(cover: str, expected: list[str]) -> None:
    found = moved(told("Pelle Dal föreslår att badet målas.", cover))
    assert [name for p in found for name in names(p.by)] == expected


@pytest.mark.parametrize(("cover", "expected"), [(COVER, "own"), ("", "approve")])
def test_the_own_party_of_a_mover_is_known_from_the_cover(cover: str, expected: str) -> None:
    found = moved(told("Pelle Dal yrkar bifall till Vänsterpartiets förslag.", cover))
    assert [p.stance for p in found] == [expected]


def test_an_author_who_only_asks_for_what_the_motion_asks_moves_nothing() -> None:
    head = "§ 5\nMotion av Bo Alm (M) om bad\n\n"
    tail = "\n\nSocialnämnden beslutar att avslå motionen.\n\n§ 6\nVal\n\nBeslut\nAnna Ek (S) väljs.\n"
    asks = item(f"{head}Bo Alm (M) yrkar att nämnden bygger ett bad.{tail}")
    assert moved(asks) == []
    moves = item(f"{head}Bo Alm (M) yrkar bifall till motionen.{tail}")
    assert [(p.stance, names(p.by)) for p in moved(moves)] == [("approve", ["Bo Alm"])]


def test_a_section_of_proposals_goes_before_what_the_text_tells() -> None:
    found = item(
        "§ 5\nPlan\n\nBo Alm (M) yrkar avslag på förslaget.\n\nYrkanden\nAnna Ek (S) yrkar bifall till förslaget.\n\n"
        "Beslut\nPlanen antas.\n"
    )
    assert [names(p.by) for p in moved(found)] == [["Anna Ek"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mot beslutet reserverar sig Bo Alm (M).", [(["Bo Alm"], None)]),
        ("Mot beslutet reserverar sig Bo Alm (M) och Cia Dal (V).", [(["Bo Alm", "Cia Dal"], None)]),
        ("Mot beslutet reserverar sig Moderaterna och Vänsterpartiet.", [(["M", "V"], None)]),
        ("Reservation anmäls av Bo Alm (M).", [(["Bo Alm"], None)]),
        ("Reservation mot beslutet har lämnats av Bo Alm (M).", [(["Bo Alm"], None)]),
        ("Bo Alm (M) reserverar sig skriftligt mot beslutet till förmån för eget yrkande.", [(["Bo Alm"], "eget yrkande")]),
        ("Bo Alm (M) reserverar sig mot socialnämndens beslut.", [(["Bo Alm"], None)]),
        ("Bo Alm (M) reserverar sig mot nämndens beslut.", [(["Bo Alm"], None)]),
        # against what another body has decided, or in that body
        ("Bo Alm (M) reserverade sig mot kommunstyrelsens beslut.", []),
        ("Bo Alm (M) reserverade sig mot arbetsutskottets förslag till beslut.", []),
        ("Vid kommunstyrelsens behandling reserverade sig Bo Alm (M).", []),
        ("I kommunstyrelsen reserverade sig Bo Alm (M) mot beslutet.", []),
        ("Reservationer lämnas skriftligen.", []),
    ],
)  # fmt: skip
def test_reservations(text: str, expected: list[tuple[list[str], str | None]]) -> None:
    assert [(names(r.by), r.in_favour_of) for r in told(text).reservations] == expected


def test_what_was_reserved_against_before_is_background() -> None:
    found = item("§ 5\nPlan\n\nBakgrund\nBo Alm (M) reserverade sig mot beslutet 2019.\n\nBeslut\nPlanen antas.\n")
    assert found.reservations == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cia Dal (V) lämnar ett särskilt yttrande.", [("special_statement", ["Cia Dal"], None)]),
        ("Cia Dal (V) lämnar ett särskilt yttrande: Vi vill mer.", [("special_statement", ["Cia Dal"], "Vi vill mer.")]),
        ("Ersättaren Gun Hed (KD) lämnar ett ersättaryttrande: Vi vill mer.", [("substitute_statement", ["Gun Hed"], "Vi vill mer.")]),
        ("Till protokollet låter Bo Alm (M) anteckna, att badet saknas.", [("protocol_note", ["Bo Alm"], None)]),
        ("Cia Dal (V) lämnar en protokollsanteckning.", [("protocol_note", ["Cia Dal"], None)]),
        ("Cia Dal (V) lämnar salen.", []),
        ("Det finns särskilda yttranden.", []),
    ],
)  # fmt: skip
def test_statements(text: str, expected: list[tuple[str, list[str], str | None]]) -> None:
    assert [(s.kind, names(s.by), s.text.text if s.text else None) for s in told(text).statements] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Votering begärs. Ja-röst för bifall, nej-röst för avslag. Med 3 ja-röster mot 2 nej-röster antas planen.", [(3, 2)]),
        ("Chefen berättar.\n\nOmröstning begärs.\n\nMed 3 ja-röster mot 2 nej-röster antas planen.", [(3, 2)]),
        ("Efter omröstning med 3 ja-röster mot 2 nej-röster beslutar nämnden att avslå yrkandet.", [(3, 2)]),
        ("Kommunstyrelsen beslutade efter omröstning med 8 ja-röster mot 5 nej-röster att föreslå planen.", []),
        ("Kommunstyrelsen beslutade efter omröstning med 8 ja-röster mot 5 nej-röster att föreslå planen.\n\nVotering begärs.\n\nMed 3 ja-röster mot 2 nej-röster antas planen.", [(3, 2)]),
    ],
)  # fmt: skip
def test_votes(text: str, expected: list[tuple[int, int]]) -> None:
    assert [(vote.yes, vote.no) for vote in told(text).votes] == expected


def test_acts_stay_in_their_paragraph() -> None:
    first = told("Bo Alm (M) yrkar avslag på förslaget.\n\nMot beslutet reserverar sig Bo Alm (M).")
    assert (len(moved(first)), len(first.reservations)) == (1, 1)
    for span in (*(p.span for p in moved(first)), *(r.span for r in first.reservations)):
        assert first.span.start < span.start and span.end <= first.span.end
