"""How names are compared, and what is taken for certain: a file of names as spreadsheets have them."""

from pathlib import Path

import pytest

from server.asking import Rows, Term
from server.processes.evaluation import rows
from server.reconciliation import names
from server.reconciliation.entities import read
from server.reconciliation.index import Index, build, identifier
from server.reconciliation.query import Wanted
from server.reconciliation.scoring import Candidate, candidates
from server.storage import snapshot
from tests.server.reconciliation.reconciliation_data import BASE, IMPORTED, publish

VARIANTS = Path(__file__).with_name("reconciliation_variants.txt")
RECALL = 0.79
"""The share of the names that mean somebody which are taken for certain; the others are proposed."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("reconciliation")
    publish(folder)
    opened = snapshot.open_current(folder)

    def ask(query: str, limit: int) -> Rows:
        told = rows(opened.store.query(query), limit)
        table = tuple(tuple(None if term is None else Term(*term) for term in row) for row in told["rows"])
        return Rows(tuple(told["variables"]), table, told["more"], None, "solutions")

    made = build(read(ask, BASE), BASE)
    opened.close()
    return made


def variants() -> list[tuple[str, str, str, str]]:
    lines = [line for line in VARIANTS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(a, b, c, d) for a, b, c, d in (line.split("|") for line in lines)]


def ask_for(index: Index, text: str, type_: str = "", said: str = "", limit: int = 10) -> list[Candidate]:
    properties = [pair.partition("=") for pair in filter(None, said.split(";"))]
    wanted = tuple((name, (value,)) for name, _, value in properties)
    return candidates(index, Wanted(text, (type_,) if type_ else (), "any", limit, wanted))


@pytest.mark.parametrize(("text", "type_", "said", "meant"), variants())
def test_what_is_taken_for_certain_is_right(index: Index, text: str, type_: str, said: str, meant: str) -> None:
    found = ask_for(index, text, type_, said)
    assert {identifier(each.entity.iri, BASE) for each in found if each.match} <= {meant}
    assert all(each.score == 100 or each.score < 100 and (each.match or each.score <= 90) for each in found)
    assert [each.score for each in found if not each.match] == sorted(
        (each.score for each in found if not each.match), reverse=True
    )


def test_most_of_them_are_taken_for_certain_and_nearly_all_proposed_first(index: Index) -> None:
    known = [each for each in variants() if each[3] not in {"none", "ambiguous"}]
    answers = [(ask_for(index, *each[:3]), each[3]) for each in known]
    certain = [meant for found, meant in answers if found and found[0].match]
    first = [meant for found, meant in answers if found and identifier(found[0].entity.iri, BASE) == meant]
    assert len(variants()) >= 150
    assert len(certain) / len(known) >= RECALL, [m for f, m in answers if not f or not f[0].match]
    assert len(first) / len(known) >= 0.97, [m for f, m in answers if m not in first]


def test_a_party_that_an_import_brings_too_is_one(index: Index) -> None:
    for text in ("Socialdemokraterna", "S", "Arbetarepartiet Socialdemokraterna", f"{IMPORTED}/id/party/S"):
        first, *others = ask_for(index, text, "Party")
        assert (first.entity.iri, first.match) == (f"{BASE}/id/party/S", True), text
        assert not [each for each in others if each.whole]
    (guest,) = [each for each in ask_for(index, "Vera Ankarsund (S)") if each.match]
    assert guest.entity.parties == {f"{BASE}/id/party/S"}


@pytest.mark.parametrize("text", ["SN", "Sorundanet", "KLP"])
def test_a_local_party_whose_municipality_nobody_says_is_proposed(index: Index, text: str) -> None:
    first, *_ = ask_for(index, text)
    assert first.whole and not first.match and first.score == 90


def test_where_several_may_be_meant_they_are_all_proposed(index: Index) -> None:
    for text, type_, said, meant in variants():
        if meant == "ambiguous":
            assert len(ask_for(index, text, type_, said)) > 1, text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SOF 2024/718", ("sof", "2024", "718")),
        ("sof-2024-718", ("sof", "2024", "718")),
        ("Dnr SOF 2024/718", ("sof", "2024", "718")),
        ("Diarienummer: SOF2024/0718", ("sof", "2024", "718")),
        ("KS/2018:298-001", ("ks", "2018", "298", "1")),
        ("Åre kommun", ()),
        ("2024", ()),
    ],
)
def test_registry_numbers_have_one_form(text: str, number: tuple[str, ...]) -> None:
    assert names.number(text) == number


@pytest.mark.parametrize(
    ("asked", "known", "agree"),
    [
        ("ohr", "öhr", True),
        ("andré", "andre", True),
        ("andre", "andrè", True),
        ("öhr", "ohr", False),
        ("hållén", "hällén", False),
        ("ek", "ekh", False),
    ],
)
def test_marks_may_be_lost_but_not_changed(asked: str, known: str, agree: bool) -> None:
    assert names.agree(asked, known) is agree


def test_an_identifier_names_its_entity(index: Index) -> None:
    for text in ("person/9998/andre-sandelin-l", f"{BASE}/id/person/9998/andre-sandelin-l"):
        (first, *_) = ask_for(index, text)
        assert first.match and first.score == 100 and first.features["identifier"] is True


def test_features_say_what_a_score_rests_on(index: Index) -> None:
    (first,) = [each for each in ask_for(index, "Andre Sandelin", "Person", "party=L") if each.match]
    assert first.features == {
        "name_folded": True,
        "name_similarity": 1.0,
        "edit_distance": 0,
        "party_agrees": True,
        "namesakes": 0,
    }
    (near, *_) = ask_for(index, "André Sandellin", "Person")
    assert near.features["edit_distance"] == 1 and not near.match
    (short, *_) = ask_for(index, "A. Sandelin", "Person")
    assert short.features == {"surname_and_initial": True} and not short.match


def test_types_are_any_all_or_only_better(index: Index) -> None:
    def found(types: tuple[str, ...], strictness: str) -> list[Candidate]:
        return candidates(index, Wanted("Socialdemokraterna", types, strictness, 10, ()))

    assert found(("Party", "Person"), "any")[0].match
    assert found(("Party", "Person"), "all") == []
    assert found(("Party",), "all")[0].match
    assert found(("Person",), "any") == []
    assert not found(("Person",), "should")[0].match


def test_a_namesake_of_another_type_is_none_where_the_type_is_said(index: Index) -> None:
    def found(types: tuple[str, ...], strictness: str) -> list[Candidate]:
        return candidates(index, Wanted("Almvikspartiet", types, strictness, 10, (("municipality", ("Almvik",)),)))

    assert [each.match for each in found((), "any")][:3] == [False, False, False]
    for strictness in ("any", "should", "all"):
        first, *others = found(("Party",), strictness)
        assert first.match and first.entity.type == "Party" and not any(each.match for each in others)


def test_without_a_name_those_are_proposed_who_fit_what_is_said(index: Index) -> None:
    found = ask_for(index, "", "Person", "party=MP;municipality=Almvik")
    assert {each.entity.name for each in found} == {"José Vallenborg", "Ylva Öberg Krantz"}
    assert not any(each.match for each in found)
    assert len(ask_for(index, "", "Person", "municipality=Almvik", limit=3)) == 3
    assert ask_for(index, "", "", "period=2020") == ask_for(index, "", "", "colour=red") == []
