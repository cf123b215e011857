"""Who is who: what is joined, what stays open, and that neither depends on order."""

import datetime
import random
from itertools import combinations, product
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.identity import BadDecisions, Mention, Resolution, fingerprint, person_quads, read_decisions, resolve
from mapping.names import near
from mapping.text import Span

BASE = "https://k.example"
GIVEN = ("Anna", "Ana", "Annika", "Annica", "Karin", "Carin", "Ann-Kristin", "Ann Kristin", "Viktor", "Wictor")
SURNAMES = ("Ek", "Eek", "Lindqvist", "Lindkvist", "von Ek", "Ek Lindqvist", "Hansson", "Jansson", "Öhr", "")
NAMES = [f"{first} {last}".strip() for first, last in product(GIVEN, SURNAMES)]
ALIKE_AT_START = {"k": "c", "w": "v", "z": "s"}


def mention(
    name: str,
    party: str | None = None,
    date: str | None = "2024-03-12",
    body: str | None = "socialnamnden",
    document: str | None = None,
    *,
    rosters: tuple[str, ...] = (),
    roles: tuple[str, ...] = (),
    municipality: str = "0180",
    official: bool = False,
    times: int = 1,
) -> Mention:
    day = datetime.date.fromisoformat(date) if date else None
    spans = tuple(Span(i, i + 1) for i in range(times))
    return Mention(
        name,
        party,
        municipality,
        body,
        None,
        day,
        roles,
        official,
        document or f"{name}{party}{date}{body}",
        spans,
        frozenset(rosters),
    )


def slugs(resolution: Resolution) -> list[str]:
    return [person.slug for person in resolution.persons]


LINDQVIST = (
    mention("Petra Lindqvist", "V", "2016-12-13", times=2),
    mention("Petra Lindkvist Sandberg", "V", "2019-05-21"),
    mention("Petra Lindqvist Sandberg", "V", "2020-02-11", times=5),
)


def test_three_spellings_are_one_person() -> None:
    resolution = resolve(LINDQVIST)
    (person,) = resolution.persons
    assert (person.slug, person.name) == ("petra-lindqvist-v", "Petra Lindqvist Sandberg")
    assert person.spellings == ("Petra Lindkvist Sandberg", "Petra Lindqvist")
    (note,) = resolution.notes
    assert note.status == "same" and "en bokstav" in note.reason_sv and len(note.spellings) == 3


def test_an_accent_makes_no_other_person() -> None:
    resolution = resolve((mention("Cornelia Brodin", "M", times=3), mention("Cornélia Brodin", "M", document="d2")))
    (person,) = resolution.persons
    assert (person.slug, person.name, person.spellings) == (
        "cornelia-brodin-m",
        "Cornelia Brodin",
        ("Cornélia Brodin",),
    )
    assert [(note.status, note.spellings) for note in resolution.notes] == [
        ("same", ("Cornelia Brodin", "Cornélia Brodin"))
    ]


@pytest.mark.parametrize("seed", range(20))
def test_order_does_not_matter(seed: int) -> None:
    many = [
        *LINDQVIST,
        mention("Anna Berg", "S"),
        mention("Anna Berg", None, document="Anna BergS2024-03-12socialnamnden"),
        mention("Anna Berg Lind", "S", "2023-01-10", rosters=("attendance",), document="x"),
        mention("Anna Berg Holm", "S", "2023-01-10", rosters=("attendance",), document="x"),
        mention("Per Andersson", "S"),
        mention("Pär Andersson", "S"),
        mention("Greta Norén", "L", None),
        mention("Greta Nohrén", "L", "2025-01-01"),
    ]
    wanted = resolve(many)
    shuffled = many * 2
    random.Random(seed).shuffle(shuffled)
    resolution = resolve(shuffled)
    assert resolution == wanted
    assert person_quads(resolution, BASE) == person_quads(wanted, BASE)


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("another party", mention("Greta Nohrén", "S")),
        ("another body", mention("Greta Nohrén", "L", body="kulturnamnden")),
        ("six years later", mention("Greta Nohrén", "L", "2030-03-13")),
        ("no party", mention("Greta Nohrén", None)),
        ("the same name in another party", mention("Greta Norén", "S")),
        ("the same name in another body without party", mention("Greta Norén", None, body="kulturnamnden")),
    ],
)
def test_what_is_doubtful_stays_open(why: str, other: Mention) -> None:
    resolution = resolve((mention("Greta Norén", "L"), other))
    assert len(resolution.persons) == 2, why
    assert [note.status for note in resolution.notes] == ["open"], why


def test_doubtful_spellings_stay_open() -> None:
    resolution = resolve((mention("Per Andersson", "S"), mention("Pär Andersson", "S")))
    assert slugs(resolution) == ["par-andersson-s", "per-andersson-s"]
    assert resolution.notes[0].status == "open"


@pytest.mark.parametrize(
    "other",
    [
        mention("Valter Ståhl", "SD"),
        mention("Ruben Ståhll", "SD", municipality="1480"),
        mention("Ruben Krona Ståhl", "SD", "2024-03-12", document="d", rosters=("attendance",)),
    ],
)
def test_others_are_not_even_possible(other: Mention) -> None:
    resolution = resolve((mention("Ruben Ståhl", "SD", document="d", rosters=("attendance",)), other))
    assert len(resolution.persons) == 2 and resolution.notes == ()


def test_a_name_near_two_who_sit_side_by_side_is_left_open() -> None:
    resolution = resolve(
        (
            mention("Anna Berg", "S"),
            mention("Anna Berg Lind", "S", document="d", rosters=("attendance",)),
            mention("Anna Berg Holm", "S", document="d", rosters=("attendance",)),
        )
    )
    assert len(resolution.persons) == 3
    assert [(n.status, n.persons) for n in resolution.notes] == [
        ("open", ("anna-berg-holm-s", "anna-berg-s")),
        ("open", ("anna-berg-lind-s", "anna-berg-s")),
    ]


def test_the_earliest_spelling_names_the_person_and_the_undated_comes_last() -> None:
    resolution = resolve((mention("Greta Norén", "L", None), mention("Greta Nohrén", "L", "2025-01-01", times=1)))
    assert slugs(resolution) == ["greta-nohren-l"]


def test_without_a_party_the_same_name_in_the_document_tells() -> None:
    bare = mention("Greta Norén", None, document="d")
    resolution = resolve((mention("Greta Norén", "L", document="d"), bare))
    assert slugs(resolution) == ["greta-noren-l"]
    assert resolution.slug_of("d", "Greta Norén", None) == "greta-noren-l"


def test_an_official_is_nobodys_namesake_by_default() -> None:
    resolution = resolve(
        (mention("Greta Norén", "L"), mention("Greta Norén", None, official=True, roles=("secretary",)))
    )
    assert [(p.slug, p.is_official) for p in resolution.persons] == [("greta-noren", True), ("greta-noren-l", False)]


def test_posts_are_seen_from_when_to_when() -> None:
    (person,) = resolve(
        (
            mention("Greta Norén", "L", "2022-01-18", roles=("member",)),
            mention("Greta Norén", "L", "2024-03-12", roles=("chair", "member")),
            mention("Greta Norén", "L", None, roles=("chair",)),
        )
    ).persons
    assert [(p.kind, p.organization, p.role, p.first, p.last) for p in person.posts] == [
        ("body", "socialnamnden", "chair", "2024-03-12", "2024-03-12"),
        ("body", "socialnamnden", "member", "2022-01-18", "2024-03-12"),
        ("party", "L", "member", "2022-01-18", "2024-03-12"),
    ]


def test_the_fingerprint_follows_the_addresses() -> None:
    first = resolve(LINDQVIST[1:])
    second = resolve(LINDQVIST)
    assert fingerprint(first, LINDQVIST[2:]) != fingerprint(second, LINDQVIST[2:])
    assert fingerprint(second, LINDQVIST[2:]) == fingerprint(
        resolve((*LINDQVIST, mention("Åke Ek", "S"))), LINDQVIST[2:]
    )


DECISIONS = """
[[same]]
municipality = "Stockholm"
names = ["Per Andersson", "Pär Andersson"]
parties = ["S"]
reason = "Protokollet 2023 har fel."

[[same]]
municipality = "0180"
names = ["Greta Norén"]
parties = ["L", "M"]
reason = "Bytte parti 2022."
reason_en = "Changed party in 2022."

[[different]]
municipality = "Stockholm"
names = ["Anna Berg", "Anna Berg Lind"]
reason = "Två personer."
"""


def test_curated_decisions_overrule(tmp_path: Path) -> None:
    path = tmp_path / "persons.toml"
    path.write_text(DECISIONS, encoding="utf-8")
    resolution = resolve(
        (
            mention("Per Andersson", "S", "2022-01-01"),
            mention("Pär Andersson", "S"),
            mention("Greta Norén", "M", "2020-01-01"),
            mention("Greta Norén", "L"),
            mention("Anna Berg", "S"),
            mention("Anna Berg Lind", "S"),
        ),
        read_decisions(path),
    )
    assert slugs(resolution) == ["anna-berg-lind-s", "anna-berg-s", "greta-noren-m", "per-andersson-s"]
    assert [(n.status, n.persons) for n in resolution.notes] == [
        ("different", ("anna-berg-lind-s", "anna-berg-s")),
        ("same", ("greta-noren-m",)),
        ("same", ("per-andersson-s",)),
    ]
    assert "Changed party in 2022." in resolution.notes[1].reason_en


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[same", "cannot be read as TOML"),
        ("[[alike]]", "only [[same]] and [[different]]"),
        ("[same]\nnames = []", "double brackets"),
        ('[[same]]\nmunicipality = "Lund"\nnames = ["A B", "C D"]', "a reason is missing"),
        ('[[same]]\nnames = ["A B", "C D"]\nreason = "x"', "municipality is missing"),
        ('[[same]]\nmunicipality = "Lund"\nnames = ["A B"]\nreason = "x"', "at least two names"),
        ('[[same]]\nmunicipality = "Lund"\nnames = "A B"\nreason = "x"', "names must be a list"),
        ('[[same]]\nmunicipality = "Lund"\nname = ["A B"]\nreason = "x"', "'name' is no known field"),
    ],
)
def test_a_bad_file_is_told_in_one_sentence(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "persons.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDecisions, match=told.replace("[", r"\[")) as error:
        read_decisions(path)
    assert "persons.toml" in str(error.value) and "\n" not in str(error.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadDecisions, match=r"none\.toml cannot be read"):
        read_decisions(tmp_path / "none.toml")


def test_what_graph_persons_says() -> None:
    quads = person_quads(resolve((*LINDQVIST, mention("Petra Lindqvist", "S"))), BASE)
    lines = quads.splitlines()
    assert lines == sorted(set(lines)) and quads.endswith("\n")
    assert len(list(ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS))) == len(lines)
    person = f"<{BASE}/id/person/0180/petra-lindqvist-v>"
    other = f"<{BASE}/id/person/0180/petra-lindqvist-s>"
    graph = f"<{BASE}/id/graph/persons> ."
    kg = "https://w3id.org/kommungraf/ns#"
    for wanted in (
        f'{person} <http://xmlns.com/foaf/0.1/name> "Petra Lindqvist Sandberg" {graph}',
        f'{person} <http://www.w3.org/2004/02/skos/core#altLabel> "Petra Lindqvist" {graph}',
        f'{person} <{kg}isOfficial> "false"^^<http://www.w3.org/2001/XMLSchema#boolean> {graph}',
        f"{person} <{kg}possiblySameAs> {other} {graph}",
        f"{other} <{kg}possiblySameAs> {person} {graph}",
        f"{person} <http://www.w3.org/ns/org#hasMembership> "
        f"<{BASE}/id/membership/0180/petra-lindqvist-v/v/member> {graph}",
        f"<{BASE}/id/membership/0180/petra-lindqvist-v/v/member> <{kg}observedFrom> "
        f'"2016-12-13"^^<http://www.w3.org/2001/XMLSchema#date> {graph}',
        f"<{BASE}/id/identity/0180/petra-lindqvist-s/petra-lindqvist-v> <{kg}identityStatus> "
        f"<https://w3id.org/kommungraf/concept/identity-status/open> {graph}",
    ):
        assert wanted in lines


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=25, unique=True))
def test_no_near_spelling_is_passed_over(names: list[str]) -> None:
    resolution = resolve(mention(name, "S", document=name) for name in names)
    told = {frozenset(note.spellings) for note in resolution.notes if note.status == "open"}
    one = {spelling: person.slug for person in resolution.persons for spelling in (person.name, *person.spellings)}
    for a, b in combinations(names, 2):
        if near(a, b) and ALIKE_AT_START.get(a[0].lower(), a[0].lower()) == ALIKE_AT_START.get(
            b[0].lower(), b[0].lower()
        ):
            assert one[a] == one[b] or any({a, b} <= spellings for spellings in told), (a, b)
