"""What a document itself teaches about the parties and people in it."""

from dataclasses import dataclass
from functools import cached_property

from mapping.records import Actor
from ontology import party_code

# What scanning makes of a code, where it stands in brackets behind a name; I is no party's code.
SCANNED = {"5": "S", "5D": "SD", "5d": "SD", "1": "L", "I": "L", "|": "L"}
_NATIONAL = frozenset({"S", "M", "SD", "C", "V", "KD", "MP", "L", "FP", "FI"})


@dataclass(frozen=True)
class Known:
    """What a document itself teaches: the party codes it prints behind names, who was there,
    whose meeting it was and who chaired it."""

    codes: frozenset[str]
    roll: tuple[Actor, ...] = ()
    body: str | None = None
    chair: Actor | None = None

    def party_of(self, name: str | None) -> str | None:
        """The party of somebody who was at the meeting."""
        actor = self._by_name.get(name or "")
        return actor.party if actor else None

    def surname_first(self, printed: str) -> Actor | None:
        """The only one at the meeting whom a name with the surname first means: "Ek Anna", "Berg Holm, Eva"."""
        return None if printed in self._by_name else self._turned.get(printed.replace(",", ""))

    @cached_property
    def _by_name(self) -> dict[str, Actor]:
        return {actor.name: actor for actor in reversed(self.roll) if actor.name}

    @cached_property
    def _turned(self) -> dict[str, Actor | None]:
        turned: dict[str, Actor | None] = {}
        for actor in self._by_name.values():
            parts = (actor.name or "").split()
            for at in range(1, len(parts)):
                name = " ".join((*parts[at:], *parts[:at]))
                turned[name] = None if name in turned else actor
        return turned

    def own(self, text: str) -> bool:
        """Whether a text opens with the meeting's own body, in full or by the kind of body that it is."""
        if self.body is None:
            return False
        last = self.body.lower().split()[-1]
        kinds = ("fullmäktige", "nämnden", "styrelsen", "utskottet", "direktionen", "beredningen")
        kind = next((kind for kind in kinds if kind[:6] in last), last)
        return text.lower().startswith((self.body.lower(), last, kind))

    def code(self, printed: str) -> str | None:
        """The code that a printed party stands for, or None where it is no party here."""
        if printed.strip("-–") == "":
            return "-"
        found = party_code(printed)
        if found is not None and (len(printed) > 2 or printed in self.codes or printed.upper() in _NATIONAL):
            return found
        return printed if printed in self.codes else None

    def in_brackets(self, printed: str) -> str | None:
        """The code that a party in brackets behind a name or a group stands for, also where it is misread by a
        scanner."""
        return self.code(printed) or SCANNED.get(printed)
