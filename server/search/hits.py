"""What was found, as it is shown: with the words that were sought marked in its title and in a piece of its text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import tantivy
from tantivy import Occur, Query

from server import printed
from server.search.schema import schema

SHOWN: Final = 260  # characters of a text around what was found
MATTERS: Final = ("motion", "matter")  # documents tell their titles within sentences
LONGEST_TITLE: Final = 100_000  # more than any has: it is shown whole

Part = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found; `sort` is the name of its class. `title` and `snippet` are pieces of text, each with
    whether it is what was sought; `day` is ISO 8601, a whole date or a year, or empty."""

    iri: str
    kind: str
    sort: str
    mark: str
    title: Sequence[Part]
    snippet: Sequence[Part]
    page: str
    body: str
    near: Sequence[str]
    cases: Sequence[str]
    day: str


def shown(
    searcher: tantivy.Searcher, addresses: Iterable[tantivy.DocAddress], marked: Mapping[str, Iterable[str]]
) -> list[Hit]:
    """Documents of the index as hits; `marked`: for a field, the words in it that were sought."""
    makers = {name: _marking(searcher, name, words) for name, words in marked.items()}
    makers["title"].set_max_num_chars(LONGEST_TITLE)
    makers["text"].set_max_num_chars(SHOWN)
    return [_hit(searcher.doc(address), makers) for address in addresses]


def dated(parts: Sequence[Part], language: str) -> list[Part]:
    """The pieces of a title with each ISO 8601 date as the language has it, marked where a part of it was sought."""
    text, found, at = "".join(part for part, _ in parts), list[Part](), 0
    for date in printed.ISO_DATE.finditer(text):
        sought = any(marked for _, marked in _between(parts, date.start(), date.end()))
        found += [*_between(parts, at, date.start()), (printed.date(date[0], language), sought)]
        at = date.end()
    return [*found, *_between(parts, at, len(text))]


def _between(parts: Sequence[Part], start: int, end: int) -> list[Part]:
    """The pieces of what stands between two places of the whole text."""
    found, at = [], 0
    for part, marked in parts:
        if piece := part[max(start - at, 0) : max(end - at, 0)]:
            found.append((piece, marked))
        at += len(part)
    return found


def _marking(searcher: tantivy.Searcher, field: str, words: Iterable[str]) -> tantivy.SnippetGenerator:
    query = Query.boolean_query([(Occur.Should, Query.term_query(schema(), field, each)) for each in sorted(words)])
    return tantivy.SnippetGenerator.create(searcher, query, schema(), field)


def _hit(doc: tantivy.Document, makers: Mapping[str, tantivy.SnippetGenerator]) -> Hit:
    def one(name: str) -> str:
        return str(doc.get_first(name) or "")

    title = _whole(one("title"), _parts(makers["title"].snippet_from_doc(doc)))
    if one("kind") in MATTERS:
        title = [(printed.heading(part) if not at else part, sought) for at, (part, sought) in enumerate(title)]
    text, found = one("text"), _parts(makers["text"].snippet_from_doc(doc))
    snippet = _whole(text, found) if len(text) <= SHOWN else _around(text, found)
    return Hit(
        iri=one("id"),
        kind=one("kind"),
        sort=one("sort"),
        mark=one("mark"),
        title=title,
        snippet=snippet,
        page=one("page"),
        body=one("body"),
        near=[str(each) for each in doc.get_all("near")],
        cases=[str(each) for each in doc.get_all("cases")],
        day=_day(int(one("day") or 0)),
    )


def _parts(snippet: tantivy.Snippet) -> list[Part]:
    """A snippet in pieces; its places are counted in bytes."""
    text = snippet.fragment().encode()
    parts: list[tuple[bytes, bool]] = []
    at = 0
    for each in sorted(snippet.highlighted(), key=lambda found: found.start):
        if each.start >= at:
            parts += [(text[at : each.start], False), (text[each.start : each.end], True)]
            at = each.end
    parts.append((text[at:], False))
    return [(part.decode(errors="replace"), sought) for part, sought in parts if part]


def _whole(text: str, parts: list[Part]) -> list[Part]:
    """The pieces of a text that a snippet has cut at its ends."""
    fragment = "".join(part for part, _ in parts)
    at = text.find(fragment) if fragment else -1
    if at < 0:
        return [(text, False)] if text else []
    return [each for each in ((text[:at], False), *parts, (text[at + len(fragment) :], False)) if each[0]]


def _around(text: str, parts: list[Part]) -> list[Part]:
    """The pieces of a long text around what was found, or its beginning."""
    fragment = "".join(part for part, _ in parts)
    at = text.find(fragment) if fragment else -1
    if at < 0:
        return [(text[:SHOWN].rsplit(" ", 1)[0] + " …", False)]
    rest = text[at + len(fragment) :]
    return [*([("… ", False)] if at else []), *parts, (" …" if rest[1:] else rest, False)]


def _day(day: int) -> str:
    year, rest = divmod(day, 10_000)
    month, date = divmod(rest, 100)
    return "" if not year else f"{year:04}-{month:02}-{date:02}" if rest else f"{year:04}"
