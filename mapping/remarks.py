"""What a clerk must look at although the graph breaks no rule: holes in the series of §, masked personal numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from mapping.personal_numbers import masked
from mapping.records import DocumentRecord, Gap
from mapping.text import Span, Text

_MOST = 20  # places of personal numbers told one by one
_SHAPES = "https://w3id.org/kommungraf/shapes#"
SERIES = _SHAPES + "paragraph-series-whole"
PERSONAL_NUMBER = _SHAPES + "no-personal-number"


@dataclass(frozen=True, slots=True)
class Remark:
    """`shape`: the rule it is about; `severity`: "violation" (blocks) or "warning"."""

    severity: str
    shape: str
    span: Span
    sv: str
    en: str


def remarks(record: DocumentRecord, text: Text, *, hold: bool = False) -> tuple[Remark, ...]:
    """The remarks on a document in their order. `hold`: a personal number holds the document back."""
    return (*_personal_numbers(text, hold), *(_gap(gap, text) for gap in record.account.gaps))


def _personal_numbers(text: Text, hold: bool) -> Iterator[Remark]:
    """One remark on all of them, at the first."""
    numbers = masked(text.canonical)
    if not numbers:
        return
    if len(numbers) > 1:
        places = _where(text, [start for start, _ in numbers])
        sv = f"{len(numbers)} personnummer, samordningsnummer eller liknande står i handlingen: {places}."
        en = f"{len(numbers)} personal numbers, coordination numbers or the like stand in the document: {places}."
    else:
        sv = "Här står ett personnummer, samordningsnummer eller liknande."
        en = "A personal number, a coordination number or the like stands here."
    if hold:
        sv += " Handlingen hålls inne: ta bort det och läs in igen, eller läs in med --personal-numbers mask."
        en += " The document is held back: remove it and ingest again, or ingest with --personal-numbers mask."
    else:
        sv += " Allt sådant är maskerat i allt som publiceras. Ta bort det ur handlingen om den är publicerad."
        en += " All such is masked in what is published. Remove it from the document if that is published."
    yield Remark("violation" if hold else "warning", PERSONAL_NUMBER, Span(*numbers[0]), sv, en)


def _where(text: Text, starts: list[int]) -> str:
    """The pages, or where there are none the lines, on which offsets stand, in order and each once."""
    if text.page_starts:
        word, found = "sida/page", [text.page_of(start) or 1 for start in starts]
    else:
        word, found, line, before = "rad/line", [], 1, 0
        for start in starts:
            line += text.canonical.count("\n", before, start)
            before = start
            found.append(line)
    places = list(dict.fromkeys(found))
    more = f" … (+{len(places) - _MOST})" if len(places) > _MOST else ""
    return f"{word} {', '.join(map(str, places[:_MOST]))}{more}"


def missing(gap: Gap, word: str = "–") -> str:
    """The numbers of a gap: "5", "3–8"."""
    return str(gap.first) if gap.first == gap.last else f"{gap.first}{word}{gap.last}"


def _gap(gap: Gap, text: Text) -> Remark:
    if gap.after and gap.before:
        sv, en = f"mellan § {gap.after} och § {gap.before}", f"between § {gap.after} and § {gap.before}"
    elif gap.after:
        sv, en = f"efter § {gap.after}, den sista som lästes", f"behind § {gap.after}, the last that was read"
    elif gap.before is None:
        sv, en = "som ingen paragraf lästes ur", "of which no section was read"
    else:
        sv, en = f"före § {gap.before}, den första som lästes", f"before § {gap.before}, the first that was read"
    sv, en = f"§ {missing(gap)} saknas i serien {sv}.", f"§ {missing(gap)} is missing from the series {en}."
    if gap.candidates:
        lines = [canonical_line(text, span) for span in gap.candidates]
        sv += f" Rader där som liknar paragrafrubriker: {'; '.join(lines)}."
        en += f" Lines there that look like heads: {'; '.join(lines)}."
    return Remark(
        "warning",
        SERIES,
        gap.span,
        f"{sv} Paragrafen kan vara sekretessbelagd eller stå i ett annat protokoll; annars har den inte lästs: "
        "jämför med handlingen.",
        f"{en} It may be classified or stand in other minutes; else it was not read: compare with the document.",
    )


def canonical_line(text: Text, span: Span) -> str:
    """A stretch as “quote” with its page, where there are pages, and its line."""
    page = text.page_of(span.start)
    line = text.canonical.count("\n", 0, span.start) + 1
    where = f"{f'sida/page {page}, ' if page else ''}rad/line {line}"
    return f"”{' '.join(text.canonical[span.start : span.end].split())[:80]}” ({where})"
