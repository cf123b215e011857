"""What each section of a § gives: the decision, acts, votes, listed documents, and rows that are left."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from mapping import told
from mapping.actors import parse_actors
from mapping.administration_proposals import headed_administration_proposal
from mapping.decisions import read_decision
from mapping.flow import flow
from mapping.known import Known
from mapping.lexicon import BODY, heading_of
from mapping.listed_documents import listed_documents
from mapping.operative import immediate
from mapping.party_groups import parse_parties
from mapping.proposals import read_proposals
from mapping.records import Decision, ListedDocument, Proposal, Reservation, Statement, Vote, Withdrawal
from mapping.reservations import only_named, read_reservations
from mapping.rows import Row
from mapping.sections import Section
from mapping.statements import read_statements
from mapping.text import Span
from mapping.withdrawals import read_withdrawals

_STATEMENTS = ("special_statement", "substitute_statement", "protocol_note")
_EARLIER = re.compile(r"(?:Bordlag[dt]|Återremittera[dt]|Anmäl[dt])\b")
_EARLIER_DECISION = re.compile(
    r"\d{4}-\d\d-\d\d|\b\d{1,2} [a-z]{3,9} \d{4}|§ ?\d|\b(?:har beslutat|beslutade|beslöt)\b"
)
_ANY_BODY = re.compile(rf"{BODY}|(?:Nämnden|Styrelsen|Fullmäktige|Utskottet|Direktionen|Beredningen)s?\b")
_BY_VOTE = re.compile(r"röst|votering|proposition", re.I)
_PROPOSES = re.compile(r"\w(?:s|n) förslag till (?:kommun|region|förbunds)(?:fullmäktige|styrelsen)$")
_FOR_ITS_PART = re.compile(r"\bför (?:egen|sin) del\b|\begen del\b")


@dataclass(slots=True)
class Given:
    """What the sections of one § have given so far."""

    decision: Decision | None = None
    elsewhere: Decision | None = None  # what another body is said to decide
    proposals: list[Proposal] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    printed: list[Proposal] = field(default_factory=list)  # proposals that reservations print
    statements: list[Statement] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    documents: list[ListedDocument] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)  # the rows of sections of proposals
    procedure: list[Row] = field(default_factory=list)
    summary: list[Row] = field(default_factory=list)
    debated: list[Row] = field(default_factory=list)
    immediately: Span | None = None
    told_none: bool = False  # whether the heading of a decision stands over words that decide nothing
    proposes: bool = False  # whether the decision is what the body proposes to a higher one, under a heading of that
    own_part: bool = False  # whether the decision is what the body decides "för egen del"


def read_section(section: Section, read: Given, loose: list[Row], voting: list[Row], known: Known) -> None:
    """Adds what a section gives to `read`, its rows that tell of votes to `voting`, and to `loose` those that it
    leaves for the running text of the §."""
    kind, rows = section.kind, section.rows
    if kind == "decision" and (_of_another(section, known) or _told_of_earlier(section, read)):
        proposes = section.heading and re.search(r"förslag|föreslår|utskott|beredning", section.heading.text, re.I)
        read.elsewhere = read.elsewhere if proposes else read_decision(section)[0]
    elif kind == "decision" and read.decision is not None and _only_told(section):
        assert section.heading
        read.procedure += [section.heading, *rows]
        voting += [section.heading, *rows]
    elif kind == "decision":
        acts_at = next((i for i in range(1, len(rows)) if _begins_act(rows, i, known)), len(rows))
        loose += rows[acts_at:]
        section = replace(section, rows=rows[:acts_at])
        decision, rest = read_decision(section)
        if decision is not None:
            read.decision = _both(read, decision, section)
            whole = flow(row.line for row in section.rows)
            read.immediately = read.immediately or immediate(whole)
        read.told_none = decision is None and bool(section.rows)
        loose += rest
    elif kind in ("summary", "debate"):
        read.summary += rows
        read.debated += rows if kind == "debate" else ()
    elif kind == "documents":
        earlier = [row for row in rows if _EARLIER.match(row.text)]
        loose += earlier
        listed = [row for row in rows if row not in earlier]
        read.documents += listed_documents(listed, section.heading.text if section.heading else "")
    elif kind in ("proposals", "proposed"):
        acts_at = next((i for i in range(1, len(rows)) if rows[i].gap and _begins_act(rows, i, known)), len(rows))
        loose += rows[acts_at:]
        rows = rows[:acts_at]
        read.moved += rows
        # rows of these sections that no act claims stay unread
        found = read_proposals(rows, known)
        if not found and kind == "proposed":
            read.proposals += headed_administration_proposal(section)
        read.proposals += found
        if any("votering" in row.text.lower() or "omröstning" in row.text.lower() for row in rows):
            voting += rows
    elif kind in ("procedure", "vote"):
        read.procedure += rows
        voting += rows
    elif kind == "reservation":
        made, printed = read_reservations(section, known)
        before = [row for row in rows if not made or row.line.end <= made[0].span.start]
        found_there = (*told.reservations(before, known), *made) or only_named(rows, known)
        read.reservations += [made for made in found_there if not _against_another(made, rows, known)]
        read.printed += printed
    elif kind in _STATEMENTS:
        # "A (S) har inte deltagit på grund av jäv" is no statement, whatever heading it stands under
        told_there = tuple(read_withdrawals(flow(row.line for row in rows), known)) if rows else ()
        withdrawn = {withdrawal.span.start for withdrawal in told_there}
        declared = read_statements(section, known)
        read.statements += [statement for statement in declared if statement.span.start not in withdrawn]
        read.withdrawals += [w for w in told_there if w.span.start in {s.span.start for s in declared}]
    elif kind in ("abstention", "recusal"):
        whole = flow(row.line for row in rows)
        read.withdrawals += read_withdrawals(whole, known, kind == "recusal")
    elif kind == "adjusted" and section.heading is not None:
        read.immediately = read.immediately or flow((section.heading.line,)).span()
        loose += rows


_ACT_ROW = re.compile(
    r"Mot beslutet reserver|Till förmån för [^.]{3,80} reserver"
    r"|Reservation\w*\s(?:mot|anmäl|lämna|anför|avge|avg[ae]v|inge|av\b)"
    r"|(?:Protokollsanteckning|Särskilt yttrande"
    r"|Särskilt uttalande|Ersättaryttrande)\s(?:av|från|lämna|anmäl)"
)
_ACTS = re.compile(
    r"[\s,]*(?:reserverar|reserverade|deltar (?:inte|ej)|deltog (?:inte|ej)|avst(?:år|od) från (?!att rösta|omröst)"
    r"|(?:lämnar|lämnade|anmäler|anmälde|avger|avgav|inger|inkommer)\b[^.]{0,60}(?:yttrande|uttalande|reservation|anteckning)"
    r"|(?:låter|lät|får|vill|begär)\b[^.]{0,40}(?:protokollet|anteckna))"
)
_ACT_REACH = 4  # rows that the names of those who act may take


def _begins_act(rows: Sequence[Row], at: int, known: Known) -> bool:
    """Whether a row of a decision, no blank line before it, begins what somebody does about the decision."""
    if not re.search(r"[.:;!?”\"]$", rows[at - 1].text) or not rows[at].text[0].isupper():
        return False
    if _ACT_ROW.match(rows[at].text):
        return True
    stretch = flow(row.line for row in rows[at : at + _ACT_REACH])
    actors, end = parse_actors(stretch, 0, known)
    if not actors:
        actors, end = parse_parties(stretch, 0, known)
    return bool(actors) and _ACTS.match(stretch.text, end) is not None


def joined(found: Sequence[Section], known: Known) -> Iterator[Section]:
    """The sections, a heading that only announces what a higher body is to decide joined with that decision:
    "Kommunstyrelsens förslag till kommunfullmäktige" and on the next line "Kommunfullmäktige beslutar"."""
    waiting: Section | None = None
    for section in found:
        if waiting is not None and waiting.heading and section.kind == "decision" and section.heading is not None:
            yield Section("decision", waiting.heading, (section.heading, *section.rows))
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = None
        announces = section.kind == "decision" and not section.rows and section.heading is not None
        if announces and section.heading and known.own(section.heading.text) and "förslag" in section.heading.text:
            waiting = section
        else:
            yield section
    if waiting is not None:
        yield waiting


_AGAINST = re.compile(rf"\bmot (?P<body>(?i:{BODY})(?:en|et|n)?)s beslut")


def _against_another(reservation: Reservation, rows: Sequence[Row], known: Known) -> bool:
    """Whether a reservation is told to be against what another body decided."""
    span = reservation.span
    told_in = " ".join(row.text for row in rows if row.line.end > span.start and row.line.start < span.end)
    against = _AGAINST.search(told_in)
    return against is not None and known.body is not None and not known.own(against.group("body"))


def less_elsewhere(found: Iterable[Section], known: Known) -> Iterator[Section]:
    """The sections less the reservations, statements and votes that follow at once what another body decided: they
    were made there."""
    elsewhere = False
    for section in found:
        decides = section.kind == "decision" and _of_another(section, known)
        proposes = section.heading is not None and re.search(r"förslag|föreslår", section.heading.text)
        if elsewhere and section.kind in ("reservation", "vote", *_STATEMENTS):
            continue
        elsewhere = decides and not proposes
        yield section


def _of_another(section: Section, known: Known) -> bool:
    """Whether a heading says that another body decides or proposes: "Kommunstyrelsens förslag" in the council."""
    heading = section.heading.text if section.heading else ""
    return known.body is not None and bool(_ANY_BODY.match(heading)) and not known.own(heading)


def _told_of_earlier(section: Section, read: Given) -> bool:
    """Whether a heading below the decision of a § only tells what was decided on another day, or by "nämnden" in
    the past: "Nämnden beslutade 2024-01-11"."""
    heading = section.heading.text if section.heading else ""
    return read.decision is not None and bool(_EARLIER_DECISION.search(heading))


def _only_told(section: Section) -> bool:
    """Whether a sentence of the procedure, and no heading, opens a decision ("… beslutar nämnden / att …")."""
    return (
        section.heading is not None
        and heading_of(section.heading.text) is None
        and not _FOR_ITS_PART.search(section.heading.text)
        and bool(_BY_VOTE.search(section.heading.text))
    )


def _both(read: Given, decision: Decision, section: Section) -> Decision:
    """The decision of a section, with what the body has proposed to a higher one where it decides the rest, in
    either order."""
    before = read.decision
    opening = [row.text for row in (*((section.heading,) if section.heading else ()), *section.rows[:1])]
    own = any(_FOR_ITS_PART.search(text) for text in opening) or read.proposes
    proposes = bool(section.heading and _PROPOSES.search(section.heading.text))
    proposed_first = before is not None and own and before.recommends_to is not None
    decided_first = before is not None and (read.own_part or proposes) and decision.recommends_to is not None
    read.own_part, read.proposes = own, proposes
    if before is None or not (proposed_first or decided_first):
        return decision
    return replace(
        before,
        recommends_to=before.recommends_to or decision.recommends_to,
        points=(*before.points, *decision.points),
        span=Span(before.span.start, max(before.span.end, decision.span.end)),
    )
