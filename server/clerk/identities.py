"""Open identities: the persons who may be one, side by side, and the decision on them, ready to be filled in."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ontology import municipalities
from server.clerk.kept import place_in
from server.naming import Names
from server.nodes import Nodes, ask
from server.site import Site, iri_ref
from server.views.posts import Post, posts
from server.views.view import names

NO_PARTY: Final = "-"  # as a file of decisions calls it


@dataclass(frozen=True, slots=True)
class Person:
    iri: str
    name: str
    spellings: Sequence[str]
    posts: Sequence[Post]

    @property
    def parties(self) -> list[Post]:
        return [each for each in self.posts if each.party]

    @property
    def bodies(self) -> list[Post]:
        return [each for each in self.posts if not each.party]

    @property
    def first(self) -> str:
        return min((each.first for each in self.posts if each.first), default="")

    @property
    def last(self) -> str:
        return max((each.last for each in self.posts if each.last), default="")


@dataclass(frozen=True, slots=True)
class Open:
    """A note on persons who may be one. `reason`: in the reader's language where it is told in that. `decision`: TOML
    for a file of decisions; empty where such a file cannot tell them apart."""

    iri: str
    place: str
    reason: str
    persons: Sequence[Person]
    decision: str


def identities(site: Site, notes: Sequence[str], language: str) -> tuple[list[Open], Names]:
    """What the graph says of notes on identity, in their order, and the names of what they mention. Raises
    QueryFailed."""
    if not notes:
        return [], names(site, language)
    chosen = f"VALUES ?n {{ {' '.join(map(iri_ref, notes))} }}"
    nodes = ask(
        site,
        f"{{ {chosen} BIND(?n AS ?s) }} UNION {{ {chosen} ?n kg:concernsPerson ?s }} "
        f"UNION {{ {chosen} ?n kg:concernsPerson ?p . ?p org:hasMembership ?s }} "
        f"UNION {{ {chosen} ?n kg:concernsPerson ?p . ?p org:hasMembership ?m . ?m org:organization ?s . "
        "?s a kg:Party }",
    )
    places = {each: f"{site.base}/id/municipality/{place_in(each)}" for each in notes}
    named, known = names(site, language, nodes, more=places.values()), municipalities()
    called = {each: known.get(place_in(each)) or named.of(places[each]) for each in notes}
    return [_open(site, nodes, each, called[each], language) for each in notes], named


def _open(site: Site, nodes: Nodes, note: str, place: str, language: str) -> Open:
    persons = [_person(nodes, each) for each in nodes.iris(note, "kg:concernsPerson")]
    reasons = nodes.terms(note, "kg:reason")
    return Open(
        note,
        place,
        next((each.value for each in reasons if each.language == language), reasons[0].value if reasons else ""),
        persons,
        decision(place, persons, lambda party: _code(site, nodes, party)),
    )


def _person(nodes: Nodes, iri: str) -> Person:
    return Person(iri, nodes.text(iri, "foaf:name") or "", nodes.texts(iri, "skos:altLabel"), posts(nodes, iri))


def decision(place: str, persons: Sequence[Person], code: Callable[[str], str]) -> str:
    """The entry that says that persons are the same, without its reason; empty where neither names nor parties
    differ. `code`: of a party, by its IRI."""
    spelt = list(dict.fromkeys(each.name for each in persons))
    parties = list(dict.fromkeys(each for one in persons for each in _codes(one, code)))
    if len(spelt) < 2 and len(parties) < 2:
        return ""
    lines = [
        "[[same]]",
        f"municipality = {_quoted(place)}",
        f"names = [{', '.join(map(_quoted, spelt))}]",
        f"parties = [{', '.join(map(_quoted, parties))}]",
        'reason = ""',
    ]
    return "\n".join(lines)


def _codes(person: Person, code: Callable[[str], str]) -> list[str]:
    return [code(each.organization) for each in person.parties] or [NO_PARTY]


def _code(site: Site, nodes: Nodes, party: str) -> str:
    """A party as a document writes it; where the graph does not tell, as its IRI does."""
    return nodes.text(party, "skos:notation") or site.short(party).rpartition("/")[2]


def _quoted(text: str) -> str:
    """A text as TOML 1.0 writes a basic string, which JSON does too but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
