"""Minutes with invented paragraphs, as the tests of the reader give them."""

import re

from mapping.document import Reading, judge_alone
from mapping.document import read as read_bytes
from mapping.reader import read_document
from mapping.records import DocumentRecord, Item, Proposal
from mapping.text import Text

TOP = "Almviks kommun\nSocialnämnden\nSammanträdesprotokoll\n2024-03-12\nSida 1 (3)\n\n"


def read(body: str) -> DocumentRecord:
    record = read_document(Text(TOP + body))
    assert isinstance(record, DocumentRecord), record
    return record


def item(body: str) -> Item:
    return read(body).items[0]


def moved(found: Item) -> list[Proposal]:
    """The proposals of members; the administration's stands beside them where they name it."""
    return [p for p in found.proposals if not p.by[0].is_administration]


def said(body: str) -> set[str]:
    """What the graph says of a § of invented minutes, each statement on a line, addresses within the § shortened."""
    reading = read_bytes((TOP + body).encode())
    assert isinstance(reading, Reading), reading
    judged = judge_alone(reading)
    assert [c.problem for c in judged.complaints if c.problem.severity == "violation"] == []
    lines = (line.rsplit(" <", 1)[0] for line in judged.quads.splitlines())
    short = (re.sub(r"<https://w3id.org/kommungraf/ns#(\w+)>", r"kg:\1", line) for line in lines)
    within = re.compile(r"<[^<>]*/treatment/[^<>/]*/[^<>/]*/[^<>/]*/[^<>/]*/([^<>]*)>")
    return {within.sub(r"\1", line) for line in short if within.match(line)}
