"""Waist 1: what a document says, as frozen values, before any IRI is made.

Every record carries the `Span` of the canonical text it was read from. `text` fields are cleaned (page
furniture out, hyphenation undone, blanks folded); the span's own characters are the verbatim source.
A document that could not be read as a municipal meeting document yields `Refused`, never half a record.
"""

import datetime
from dataclasses import dataclass, field

from mapping.text import Span


@dataclass(frozen=True, slots=True)
class Quote:
    """A cleaned text and where it stands."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts: a person, or (name None) a whole party group, or the administration.

    `party` is the code as the document's own time prints it, upper-cased for national parties ("S", "FP",
    "VIF"; "-" for none); None where no party is printed and none is known from the same document.
    `title` is the printed role or post before or after the name ("ordföranden", "socialdirektör").
    """

    name: str | None
    party: str | None
    span: Span
    with_others: bool = False
    title: str | None = None
    party_verbatim: str | None = None
    is_administration: bool = False
    is_official: bool = False


@dataclass(frozen=True, slots=True)
class RegistryRef:
    """A registry number where it is printed. `role`: "own", "referrer" or "other"; `normalised` its norm form;
    `classification`: the code of the classification scheme that stands in or behind it ("1.7.1", "003")."""

    verbatim: str
    normalised: str
    role: str
    span: Span
    classification: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A decision point or att-clause; `number` as printed ("1", "3 a"), None for an unnumbered one."""

    text: str
    span: Span
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal for decision.

    `stance`: "approve", "reject", "remit", "table", "amend", "own", "answered", "decide_today".
    `object`: "proposal", "member" (what another moved), "motion", "application", "initiative", "amendment".
    `seconds`: the words in which the movers only agree with what another has moved.
    `words`: what is moved as the document tells it, where no point holds it ("i andra hand avslag på förslaget").
    `part`: the numbers of those points of another proposal that it is about, empty where no number is told; None
    where it is about the whole.
    `text` is the motivation that an own proposal wants entered. The administration's own proposal has
    `by` = one Actor with is_administration and stance "own".
    """

    by: tuple[Actor, ...]
    stance: str
    span: Span
    object: str = "proposal"
    points: tuple[Point, ...] = ()
    text: Quote | None = None
    joins_party: str | None = None
    seconds: str | None = None
    words: Quote | None = None
    part: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    by: tuple[Actor, ...]
    span: Span
    in_favour_of: str | None = None
    text: Quote | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """`kind`: "special_statement", "substitute_statement", "protocol_note"."""

    kind: str
    by: tuple[Actor, ...]
    span: Span
    text: Quote | None = None
    endorses: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """`kind`: "conflict_of_interest" (jäv) or "abstention" (deltar ej i beslutet)."""

    kind: str
    by: tuple[Actor, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Ballot:
    """`value`: a notation of the ballot scheme: yes, no, abstained, absent, recused, not-participating."""

    actor: Actor
    value: str


@dataclass(frozen=True, slots=True)
class Vote:
    span: Span
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    absent: int | None = None
    yes_for: Quote | None = None
    no_for: Quote | None = None
    ballots: tuple[Ballot, ...] = ()
    casting_vote: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The meeting's own decision. `outcome` is a notation of the outcome scheme of the ontology."""

    points: tuple[Point, ...]
    outcome: str
    span: Span
    outcome_verbatim: Quote | None = None
    preamble: Quote | None = None
    recommends_to: Quote | None = None
    follows_administration: Span | None = None


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document listed under an item; `identifier` with its case ("SOF 2024/718-2") where one is printed."""

    title: str
    printed: str
    span: Span
    identifier: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What an item is about.

    `kind`: "motion", "member-letter", "interpellation", "simple-question", "citizen-proposal", "referral",
    "report". `stage`: "raised" (put at this meeting), "answered", or None.
    """

    kind: str
    title: str
    span: Span
    authors: tuple[Actor, ...] = ()
    questions: tuple[Quote, ...] = ()
    stage: str | None = None
    referred_by: Quote | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An agenda item or the § of the minutes. `number` as printed after § without body prefix ("5", "63/20").

    `officials`: all who are named with an office; `presenters`: those of them who are said to inform or present.
    """

    position: int
    span: Span
    title: Quote | None
    number: str | None = None
    number_span: Span | None = None
    subtitle: Quote | None = None
    item_type: str = "other"
    registry_numbers: tuple[RegistryRef, ...] = ()
    matters: tuple[Matter, ...] = ()
    summary: Quote | None = None
    decision: Decision | None = None
    proposals: tuple[Proposal, ...] = ()
    procedure: Quote | None = None
    votes: tuple[Vote, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    statements: tuple[Statement, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    documents: tuple[ListedDocument, ...] = ()
    officials: tuple[Actor, ...] = ()
    presenters: tuple[Actor, ...] = ()
    references: tuple[Quote, ...] = ()
    immediately_adjusted: Span | None = None
    report_date: datetime.date | None = None
    report_date_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """`role` is a notation of the role scheme; `paragraphs` None = the whole meeting."""

    actor: Actor
    role: str
    substitutes_for: Actor | None = None
    paragraphs: tuple[int, ...] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting, as its minutes or agenda tell. `date` None where the document does not say; `adjustment_announced`:
    the document only tells the day set for adjusting the minutes, not that it was done."""

    date: datetime.date | None
    date_span: Span | None
    minutes_number: Quote | None = None
    location: Quote | None = None
    chair: Actor | None = None
    secretary: Actor | None = None
    adjusters: tuple[Actor, ...] = ()
    adjusted_on: datetime.date | None = None
    adjusted_on_span: Span | None = None
    adjustment_announced: bool = False
    attendance: tuple[Attendance, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """`level`: a notation of goal-level; `fulfilment`: "full", "partial", "none" or None, `inferred` where only a
    colour tells it. `key` tells the report's goals apart: the number, with the title where numbers begin anew, the
    title where there is no number; `parent` and the `goal` of what stands under it are keys. `related`: registry
    numbers in its text."""

    level: str
    number: str | None
    title: str
    span: Span
    parent: str | None = None
    fulfilment: str | None = None
    inferred: bool = False
    key: str = ""
    related: tuple[RegistryRef, ...] = ()


@dataclass(frozen=True, slots=True)
class GoalActivity:
    title: str
    span: Span
    goal: str | None
    start_date: datetime.date | None = None
    end_date: datetime.date | None = None
    deviation: bool | None = None
    analysis: Quote | None = None
    related: tuple[RegistryRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator row; `cells` maps a property name of the model ("outcome", "target", …) to its printed form.

    `inferred`: the column of a cell is concluded, not read; a cell that nothing tells the column of is left out."""

    label: str
    span: Span
    goal: str | None
    cells: tuple[tuple[str, Quote], ...] = ()
    unit: str | None = None
    period: str | None = None
    inferred: bool = False
    related: tuple[RegistryRef, ...] = ()


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A row of a table of economy. `cells`: as of an indicator ("budgeted", "outcome", "budgetDeviation",
    "previousOutcome"); `unit`: "tkr", "mnkr" or "kr"; `total`: the position of the line that sums it, from 1."""

    label: str
    span: Span
    cells: tuple[tuple[str, Quote], ...] = ()
    unit: str | None = None
    total: int | None = None
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class AnnualReport:
    year: int
    year_span: Span
    goals: tuple[Goal, ...] = ()
    activities: tuple[GoalActivity, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    budget: tuple[BudgetLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A line the reader could not account for, or a doubt: `reason` is a key of the lexicon's account rules."""

    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers `first` to `last` that are missing in the series of §, between the § of number `after` and the § of
    number `before` (None where the series begins or ends with the gap, as the cover page or a list of contents
    tells). `span` is where a reader should look; `candidates` are lines there that look like a head of such a §."""

    first: int
    last: int
    after: str | None
    before: str | None
    span: Span
    candidates: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the lines: counts, the ignored by rule, and the unread lines themselves; and the `gaps` in the
    series of §."""

    claimed: int
    ignored: tuple[tuple[str, int], ...]
    unread: tuple[Unread, ...]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """Everything read from one document.

    `kind`: a notation of document-type: minutes, minutes-extract, agenda, official-report, motion,
    annual-report. `municipality`: SCB code where known, else the printed name, else None.
    `body`: the name as printed ("Socialnämnden"). `own_registry_numbers`: the document's, never an item's.
    `mentioned_registry_numbers`: of cases that a report without items tells of.
    """

    kind: str
    title: Quote | None
    municipality: str | None
    municipality_span: Span | None
    body: str | None
    body_span: Span | None
    date: datetime.date | None = None
    date_span: Span | None = None
    own_registry_numbers: tuple[RegistryRef, ...] = ()
    mentioned_registry_numbers: tuple[RegistryRef, ...] = ()
    meeting: Meeting | None = None
    items: tuple[Item, ...] = ()
    annual_report: AnnualReport | None = None
    persons: tuple[Actor, ...] = ()
    account: Account = field(default_factory=lambda: Account(0, (), ()))


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a document was not read. `reason`: a key (not-a-meeting-document, two-minutes, empty, encrypted, corrupt,
    images-only, scanned-pages, unknown-format, too-large, too-deep, too-slow, unreadable, crash);
    `sv` and `en` tell a clerk what is wrong and what to do."""

    reason: str
    sv: str
    en: str
