"""What each section of a § gives: the decision, acts, votes, listed documents, and rows that are left."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mapping import told
from mapping.administration_proposals import headed_administration_proposal
from mapping.decisions import read_decision
from mapping.flow import flow
from mapping.known import Known
from mapping.lexicon import BODY
from mapping.listed_documents import listed_documents
from mapping.operative import immediate
from mapping.proposals import read_proposals
from mapping.records import Decision, ListedDocument, Proposal, Reservation, Statement, Vote, Withdrawal
from mapping.reservations import read_reservations
from mapping.rows import Row
from mapping.sections import Section
from mapping.statements import read_statements
from mapping.text import Span
from mapping.withdrawals import read_withdrawals

_STATEMENTS = ("special_statement", "substitute_statement", "protocol_note")
_EARLIER = re.compile(r"(?:Bordlag[dt]|Återremittera[dt]|Anmäl[dt])\b")
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


def read_section(section: Section, read: Given, loose: list[Row], voting: list[Row], known: Known) -> None:
    """Adds what a section gives to `read`, its rows that tell of votes to `voting`, and to `loose` those that it
    leaves for the running text of the §."""
    kind, rows = section.kind, section.rows
    if kind == "decision" and _of_another(section, known):
        proposes = section.heading and re.search(r"förslag|föreslår", section.heading.text)
        read.elsewhere = read.elsewhere if proposes else read_decision(section)[0]
    elif kind == "decision":
        decision, rest = read_decision(section)
        if decision is not None:
            read.decision = _both(read.decision, decision, section)
            whole = flow(row.line for row in rows)
            read.immediately = read.immediately or immediate(whole)
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
        read.reservations += made or told.reservations(rows, known)
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


def _of_another(section: Section, known: Known) -> bool:
    """Whether a heading says that another body decides or proposes: "Kommunstyrelsens förslag" in the council."""
    heading = section.heading.text if section.heading else ""
    return known.body is not None and bool(re.match(BODY, heading)) and not known.own(heading)


def _both(before: Decision | None, decision: Decision, section: Section) -> Decision:
    """The decision of a section, with what the body has proposed to a higher one where it decides the rest."""
    own = section.heading is not None and _FOR_ITS_PART.search(section.heading.text)
    if before is None or not own or before.recommends_to is None:
        return decision
    return replace(
        before,
        points=(*before.points, *decision.points),
        span=Span(before.span.start, max(before.span.end, decision.span.end)),
    )
