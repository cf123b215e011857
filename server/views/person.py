"""A person who acts in public: posts over time, motions, proposals, reservations, and the spellings of the name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.naming import Names
from server.nodes import Nodes, ask, in_order
from server.site import Site, iri_ref
from server.views import deeds, stretches
from server.views.posts import Post, posts
from server.views.told_deeds import ended
from server.views.view import View, names, within
from server.wording import words

MOST_DAYS: Final = 5000  # days on which one person was seen, over all posts


@dataclass(frozen=True, slots=True)
class Alike:
    """Another person who may be the same; `reasons` are what speaks for and against, in any language."""

    person: str
    status: str | None
    reasons: list[str]


def show(site: Site, iri: str, language: str) -> View | None:
    """The page of a person. Raises QueryFailed."""
    ref = iri_ref(iri)
    nodes = ask(
        site,
        f"{{ BIND({ref} AS ?s) }} UNION {{ {ref} org:hasMembership ?s }} UNION {{ {ref} kg:possiblySameAs ?s }} "
        f"UNION {{ ?s kg:submittedBy {ref} }} UNION {{ ?s a kg:IdentityNote ; kg:concernsPerson {ref} }}",
    )
    name = nodes.text(iri, "foaf:name")
    if not name:
        return None
    matters = sorted(each for each in nodes if iri in nodes.iris(each, "kg:submittedBy"))
    ends = ended(site, matters)
    done = deeds.deeds(
        site,
        {
            "proposals": f"?act kg:proposedBy {ref}",
            "reservations": f"?act kg:reservedBy {ref}",
            "statements": f"?act kg:statedBy {ref}",
            "votes": f"?act kg:castBy {ref}",
            "recusals": f"?act kg:person {ref}",
        },
    )
    present, days, more = _seen(site, ref)
    named, told = names(site, language, nodes, more=deeds.mentioned(done, ends)), words(language)
    place, known = within(site, iri, named), posts(nodes, iri)
    held = [each for each in known if not each.party]
    sides = [each for each in known if each.party]  # printed "(V)", which is no post in the party
    parties = [each.organization for each in sides]
    official = nodes.holds(iri, "kg:isOfficial")
    shorts = ", ".join(site.short(each).rpartition("/")[2] for each in dict.fromkeys(parties))
    values: dict[str, Any] = {
        "names": named,
        "parties": sides,
        "official": official,
        "spellings": nodes.texts(iri, "skos:altLabel"),
        "posts": held,
        "picture": None if more else _picture(site, held, days, named),
        "alike": _alike(nodes, iri, language),
        "matters": in_order(nodes, matters, "dcterms:title"),
        "motions": {each for each in matters if nodes.is_a(each, "kg:Motion")},
        "ended": ends,
        "deeds": done,
        "present": present,
    }
    return View(
        template="person.html",
        kind=told["person_official"] if official else told["person"],
        title=f"{name} ({shorts})" if shorts else name,
        values=values,
        summary=told["person_summary"].format(name=name),
        trail=[*place, (site.address("/browse/persons"), told["persons"])],
        place=place[0][1] if place else "",
        sources=nodes.iris(iri, "kg:evidence")[:5],
        query=QUERY.format(person=ref),
        json_ld=_json_ld(iri, name, known, nodes, named),
        cut=nodes.cut,
    )


QUERY: Final = """PREFIX kg: <https://w3id.org/kommungraf/ns#>
SELECT ?date ?did ?treatment WHERE {{
  {{ ?act kg:proposedBy {person} . ?treatment kg:hasProposal ?act BIND("proposed" AS ?did) }}
  UNION {{ ?act kg:reservedBy {person} . ?treatment kg:hasReservation ?act BIND("reserved" AS ?did) }}
  UNION {{ ?act kg:statedBy {person} . ?treatment kg:hasStatement ?act BIND("stated" AS ?did) }}
  ?treatment kg:treatedAt ?meeting . ?meeting kg:date ?date .
}}
ORDER BY DESC(?date)"""


def _seen(site: Site, ref: str) -> tuple[dict[str, int], dict[str, set[str]], bool]:
    """At how many meetings a person was present, was chair, and adjusted the minutes; and the days of the meetings
    or documents in which each post is seen; and whether there are more days than were asked for."""
    patterns = {
        "present": f"?attendance kg:attendee {ref} . ?m kg:hasAttendance ?attendance",
        "chair": f"?m kg:chair {ref}",
        "adjusted": f"?m kg:adjustedBy {ref}",
    }
    parts = " UNION ".join(
        f'{{ SELECT ("{kind}" AS ?of) (COUNT(DISTINCT ?m) AS ?told) WHERE {{ {pattern} }} }}'
        for kind, pattern in patterns.items()
    )
    where = "kg:evidence/oa:hasSource/((kg:documents/kg:date)|dcterms:issued)"
    days = f"SELECT DISTINCT ?of ?told WHERE {{ {ref} org:hasMembership ?of . ?of {where} ?told }}"
    rows = site.pool.rows(
        f"{site.prologue}SELECT ?of ?told WHERE {{ {parts} UNION {{ {days} }} }}",
        MOST_DAYS,
    )
    found: dict[str, set[str]] = {}
    for of, told in rows.rows:
        if of and told:
            found.setdefault(of.value, set()).add(told.value)
    counted = {kind: int(number) for kind in patterns for number in found.pop(kind, ())}
    return {kind: number for kind, number in counted.items() if number}, found, rows.more


def _picture(
    site: Site, posts: Sequence[Post], days: Mapping[str, set[str]], named: Names
) -> stretches.Picture | None:
    """The posts in time; bodies are called by their municipality too where there are several."""
    places = {site.place_of(each.organization) for each in posts} - {None}
    name = named.of_body if len(places) > 1 else named.of
    return stretches.picture(
        [
            (
                name(each.organization),
                named.of(each.role) if each.role else "",
                {each.first, each.last, *days.get(each.iri, ())} - {""},
            )
            for each in posts
        ]
    )


def _alike(nodes: Nodes, iri: str, language: str) -> list[Alike]:
    found = []
    for other in nodes.iris(iri, "kg:possiblySameAs"):
        notes = [each for each in nodes if {iri, other} <= set(nodes.iris(each, "kg:concernsPerson"))]
        reasons = [term for note in notes for term in nodes.terms(note, "kg:reason")]
        own = [each.value for each in reasons if each.language == language]
        status = next((each for note in notes if (each := nodes.iri(note, "kg:identityStatus"))), None)
        found.append(Alike(other, status, own or [each.value for each in reasons]))
    return found


def _json_ld(iri: str, name: str, held: list[Post], nodes: Nodes, named: Names) -> dict[str, Any]:
    spellings = nodes.texts(iri, "skos:altLabel")
    member = [
        {"@type": "Organization", "@id": each, "name": named.of(each)}
        for each in dict.fromkeys(post.organization for post in held)
    ]
    return {
        "@context": "https://schema.org",
        "@type": "Person",
        "@id": iri,
        "name": name,
        **({"alternateName": spellings} if spellings else {}),
        **({"memberOf": member} if member else {}),
    }
