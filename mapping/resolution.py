"""The outcome of identity: persons, their addresses, and notes on what was joined or left open."""

from collections.abc import Mapping
from dataclasses import dataclass

from mapping.iris import slug


@dataclass(frozen=True, slots=True)
class Post:
    """A post held: `kind` "party" or "body", `organization` a party code or a body slug, `role` a notation,
    and the first and last meeting (ISO dates) at which it was seen."""

    kind: str
    organization: str
    role: str
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A person: `slug` ends the IRI, `name` the best spelling, `spellings` the others."""

    municipality: str
    slug: str
    name: str
    spellings: tuple[str, ...]
    is_official: bool
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Why persons are one ("same"), are not ("different") or may be ("open")."""

    status: str
    municipality: str
    persons: tuple[str, ...]
    spellings: tuple[str, ...]
    reason_sv: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """`addresses`: (document, name, party) of each mention to the slug of its person."""

    persons: tuple[Person, ...]
    addresses: Mapping[tuple[str, str, str | None], str]
    notes: tuple[Note, ...]

    def slug_of(self, document: str, name: str, party: str | None) -> str:
        """The slug of a mention's person; its natural key where the mention was not among those resolved."""
        return self.addresses.get((document, name, party)) or natural_slug(name, party)


def natural_slug(name: str, party: str | None) -> str:
    """ "Åsa Öhr" (V) gives "asa-ohr-v"; without a party "asa-ohr"."""
    return f"{slug(name)}-{slug(party)}" if party else slug(name)
