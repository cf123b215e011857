"""Persons of all documents as N-Quads: the graph that is computed anew when the documents change."""

from mapping.iris import identity_iri, membership_iri, party_iri, person_iri, slug
from mapping.nquads import Graph
from mapping.parties import meant
from mapping.resolution import Person, Post, Resolution
from ontology import KG, concept, std


def person_quads(resolution: Resolution, base: str) -> str:
    """Names, memberships with their time, what is open, and why: sorted N-Quads lines of <base>/id/graph/persons."""
    graph = Graph(f"{base}/id/graph/persons")
    for person in resolution.persons:
        _person(graph, base, person)
    for note in resolution.notes:
        iris = [person_iri(base, note.municipality, each) for each in note.persons]
        if note.status == "open":
            graph.link(iris[0], KG.possiblySameAs, iris[1])
            graph.link(iris[1], KG.possiblySameAs, iris[0])
        iri = identity_iri(base, note.municipality, *note.persons)
        graph.typed(iri, KG.IdentityNote)
        for each in iris:
            graph.link(iri, KG.concernsPerson, each)
        for spelling in note.spellings:
            graph.plain(iri, KG.spelling, spelling)
        graph.link(iri, KG.identityStatus, concept("identity-status", note.status))
        graph.prose(iri, KG.reason, note.reason_sv)
        graph.prose(iri, KG.reason, note.reason_en, "en")
    return graph.lines()


def _person(graph: Graph, base: str, person: Person) -> None:
    iri = person_iri(base, person.municipality, person.slug)
    graph.plain(iri, std("foaf:name"), person.name)
    for spelling in person.spellings:
        graph.plain(iri, std("skos:altLabel"), spelling)
    graph.boolean(iri, KG.isOfficial, person.is_official)
    for post in person.posts:
        organization, last = organization_of(base, person.municipality, post.kind, post.organization)
        membership = membership_iri(base, person.municipality, person.slug, last, post.role)
        graph.link(iri, std("org:hasMembership"), membership)
        _time(graph, membership, post)


def _time(graph: Graph, membership: str, post: Post) -> None:
    if post.first and post.last:
        graph.date(membership, KG.observedFrom, post.first)
        graph.date(membership, KG.observedUntil, post.last)


def organization_of(base: str, municipality: str, kind: str, organization: str) -> tuple[str, str]:
    """The IRI of the organisation of a post, and the part of the membership's IRI that stands for it."""
    if kind == "party":
        party = meant(organization, municipality)
        national = party is not None and party.national
        return party_iri(base, municipality, organization, national), slug(organization)
    return f"{base}/id/{kind}/{municipality}/{organization}", organization
