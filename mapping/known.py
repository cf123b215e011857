"""What a document itself teaches about the parties and people in it."""

from dataclasses import dataclass

from mapping.records import Actor
from ontology import party_code

# What scanning makes of a code, where it stands in brackets behind a name; I is no party's code.
SCANNED = {"5": "S", "5D": "SD", "5d": "SD", "1": "L", "I": "L", "|": "L"}
_NATIONAL = frozenset({"S", "M", "SD", "C", "V", "KD", "MP", "L", "FP", "FI"})


@dataclass(frozen=True, slots=True)
class Known:
    """What a document itself teaches: the party codes it prints behind names, who was there,
    whose meeting it was and who chaired it."""

    codes: frozenset[str]
    roll: tuple[Actor, ...] = ()
    body: str | None = None
    chair: Actor | None = None

    def party_of(self, name: str | None) -> str | None:
        """The party of somebody who was at the meeting."""
        return next((actor.party for actor in self.roll if name is not None and actor.name == name), None)

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
