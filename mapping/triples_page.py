"""The page that a document's graph is written on: nodes with their evidence, persons, parties, bodies."""

import re
from dataclasses import dataclass, field

from mapping.identity_quads import organization_of
from mapping.iris import Namer, administration_slug, membership_iri, party_iri, person_iri, slug
from mapping.mentions import identified
from mapping.nquads import Graph
from mapping.parties import meant
from mapping.personal_numbers import mask
from mapping.records import Actor, DocumentRecord, Quote
from mapping.resolution import Resolution
from mapping.text import Span, Text
from ontology import KG, concept, std

_BODY_TYPES = (
    ("council", re.compile(r"fullmäktige")),
    ("subcommittee", re.compile(r"utskott|beredning")),
    ("district-committee", re.compile(r"(?:stadsdels|distrikts|områdes|kommundels)nämnd")),
    ("executive", re.compile(r"(?:kommun|region|stads|landstings|förbunds)styrelse")),
    ("committee", re.compile(r"nämnd")),
    ("board", re.compile(r"styrelse|direktion")),
)
_BODY_NAME = re.compile(r"[\wåäöÅÄÖ, -]*(?:nämnd|styrelse|fullmäktige|utskott|beredning|direktion)\w*", re.IGNORECASE)

_DIGITS = re.compile(r"\d\d[\d\s+\-\u2010\u2011–−]{8}")


def _public(text: str) -> str:
    """A text without personal numbers; most have no row of digits that could be one."""
    return mask(text) if _DIGITS.search(text) else text


@dataclass(frozen=True, slots=True)
class Page:
    """Where one document's statements are written. `exact`: the canonical text, personal numbers masked."""

    graph: Graph
    name: Namer
    record: DocumentRecord
    text: Text
    exact: str
    run: str
    persons: Resolution
    fallback: tuple[Span, ...]
    spans: set[Span] = field(default_factory=set)

    def node(self, iri: str, own: str, *spans: Span | None) -> str:
        """A node of our class with its evidence and the run that made it."""
        self.graph.typed(iri, own)
        self.evidence(iri, *spans)
        if self.graph.first(iri, "run"):
            self.graph.link(iri, std("prov:wasGeneratedBy"), self.run)
        return iri

    def evidence(self, iri: str, *spans: Span | None) -> None:
        for span in [span for span in spans if span is not None] or self.fallback:
            self.graph.link(iri, KG.evidence, self.span(span))

    def span(self, span: Span) -> str:
        """The IRI of a source span, which is described once."""
        iri = self.name.id("span", self.name.sha16, f"{span.start}-{span.end}")
        if span not in self.spans:
            self.spans.add(span)
            graph = self.graph
            graph.typed(iri, KG.SourceSpan)
            graph.link(iri, std("oa:hasSource"), self.name.document)
            graph.integer(iri, std("oa:start"), span.start, "nonNegativeInteger")
            graph.integer(iri, std("oa:end"), span.end, "nonNegativeInteger")
            graph.plain(iri, std("oa:exact"), self.exact[span.start : span.end])
            page = self.text.page_of(span.start)
            if page is not None:
                graph.integer(iri, KG.page, page)
        return iri

    def prose(self, subject: str, predicate: str, text: Quote | str | None) -> None:
        """Swedish text, without personal numbers; nothing where there is none."""
        words = text.text if isinstance(text, Quote) else text
        if words and words.strip():
            self.graph.prose(subject, predicate, _public(words))

    def plain(self, subject: str, predicate: str, text: Quote | str | None) -> None:
        words = text.text if isinstance(text, Quote) else text
        if words and words.strip():
            self.graph.plain(subject, predicate, _public(words))

    def single(self, subject: str, predicate: str, text: str | None) -> None:
        """A plain text that a subject may have only once, though the document may tell it in several places."""
        if text and self.graph.first(subject, predicate):
            self.plain(subject, predicate, text)

    def verbatim(self, span: Span) -> str:
        return " ".join(self.exact[span.start : span.end].split())

    def body(self, label: str, *spans: Span | None) -> str:
        """A body of this municipality."""
        iri = self.name.body_of(label)
        self.node(iri, KG.Body, *spans)
        if self.graph.first(iri, "body"):
            self.prose(iri, std("rdfs:label"), label[:1].upper() + label[1:])
            kind = next((kind for kind, pattern in _BODY_TYPES if pattern.search(label.lower())), None)
            if kind:
                self.graph.link(iri, KG.bodyType, concept("body-type", kind))
            if self.record.municipality:
                self.graph.link(iri, KG.partOfAuthority, self.name.authority())
                if self.name.municipality.isdigit():
                    self.graph.link(iri, KG.partOfMunicipality, self.name.authority())
        return iri

    def named_body(self, quote: Quote | None) -> str | None:
        """The body that a text names ("kommunstyrelsen"), None where it names none of the municipality's."""
        if quote is None:
            return None
        match = _BODY_NAME.fullmatch(quote.text.strip(" .,:"))
        if match is None:
            return None
        return self.body(re.sub(r"(?<=[en])s$", "", match.group().strip()), quote.span)

    def administration(self, actor: Actor) -> str:
        printed = actor.name or self.verbatim(actor.span)
        own = administration_slug(printed, self.name.body)
        generic = own != slug(printed)
        iri = self.node(self.name.administration(printed), KG.Administration, actor.span)
        if self.graph.first(iri, "label"):
            self.prose(iri, std("rdfs:label"), printed if generic else printed[:1].upper() + printed[1:])
        return iri

    def party(self, actor: Actor) -> str | None:
        """The party an actor stands for; a local one is described here, a national one by the authority data."""
        key = meant(actor.party, self.name.municipality)
        if key is None:
            return None
        iri = party_iri(self.name.base, self.name.municipality, key.code, key.national)
        if not key.national:
            self.node(iri, KG.Party, actor.span)
            if self.graph.first(iri, "party"):
                self.plain(iri, std("skos:notation"), key.code)
                self.prose(iri, std("rdfs:label"), actor.party_verbatim or actor.party)
        return iri

    def person_slug(self, actor: Actor) -> str:
        name, party = identified(actor, self.name.municipality)
        return self.persons.slug_of(self.name.sha16, name, party)

    def person(self, actor: Actor) -> str:
        """The person an actor is; only for actors with a name."""
        iri = person_iri(self.name.base, self.name.municipality, self.person_slug(actor))
        return self.node(iri, KG.Person, actor.span)

    def actor(self, actor: Actor) -> str | None:
        """Whoever acts: an administration, a person, or the party of a whole group; None where neither is told."""
        if actor.is_administration:
            return self.administration(actor)
        return self.person(actor) if actor.name else self.party(actor)

    def membership(self, actor: Actor, kind: str, organization: str, role: str) -> None:
        """A post of a person as this document shows it."""
        person = self.person_slug(actor)
        target, last = organization_of(self.name.base, self.name.municipality, kind, organization)
        iri = membership_iri(self.name.base, self.name.municipality, person, last, role)
        self.node(iri, KG.Membership, actor.span)
        self.graph.link(iri, std("org:member"), person_iri(self.name.base, self.name.municipality, person))
        self.graph.link(iri, std("org:organization"), target)
        self.graph.link(iri, KG.role, concept("role", role))

    def signed(self, act: str, predicate: str, actors: tuple[Actor, ...]) -> None:
        """Who stands behind an act: each as a link; persons and groups also as signatories, with what is printed."""
        for position, actor in enumerate(actors, 1):
            who, party = self.actor(actor), self.party(actor)
            if who:
                self.graph.link(act, predicate, who)
            if party and predicate != KG.person:
                self.graph.link(act, KG.onBehalfOf, party)
            if actor.is_administration or not who:
                continue
            part = self.node(f"{act}/signatory/{position}", KG.Signatory, actor.span)
            self.graph.link(act, KG.signatory, part)
            self.graph.integer(part, KG.position, position)
            if actor.name:
                self.graph.link(part, KG.person, who)
            self.as_printed(part, actor, party)
            if actor.with_others:
                self.graph.boolean(part, KG.withOthers, True)
        if any(actor.with_others for actor in actors) and predicate != KG.person:
            self.graph.boolean(act, KG.withOthers, True)

    def as_printed(self, part: str, actor: Actor, party: str | None) -> None:
        """The party a person stands for in one place, and the party and role in the words printed there."""
        if party:
            self.graph.link(part, KG.representsParty, party)
            if actor.party_verbatim is None:  # known from elsewhere in the document
                self.graph.link(part, KG.confidence, concept("confidence", "inferred"))
        self.plain(part, KG.partyVerbatim, actor.party_verbatim)
        self.plain(part, KG.roleVerbatim, actor.title)
