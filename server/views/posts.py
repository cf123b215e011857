"""The posts of a person: memberships of bodies and parties, as documents show them."""

from dataclasses import dataclass

from server.nodes import Nodes


@dataclass(frozen=True, slots=True)
class Post:
    """A membership: where, in which role, the first and last day on which it was seen (ISO 8601, or empty), and the
    span that tells of it."""

    iri: str
    organization: str
    role: str | None
    first: str
    last: str
    span: str | None

    @property
    def party(self) -> bool:
        """Whether it is a membership of a party."""
        return "/id/party/" in self.organization


def posts(nodes: Nodes, person: str) -> list[Post]:
    """The posts that the nodes tell of a person, the latest first, and bodies before parties."""
    found = [
        Post(
            each,
            organization,
            nodes.iri(each, "kg:role"),
            nodes.text(each, "kg:observedFrom") or "",
            nodes.text(each, "kg:observedUntil") or "",
            nodes.iri(each, "kg:evidence"),
        )
        for each in nodes.iris(person, "org:hasMembership")
        if (organization := nodes.iri(each, "org:organization"))
    ]
    found.sort(key=lambda each: (each.party, each.organization))
    return sorted(found, key=lambda each: (each.last, each.first), reverse=True)
