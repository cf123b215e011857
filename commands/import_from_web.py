"""The order of an import from the web: a dump is fetched to a file, a change feed is followed from where it was left.

What was taken of a feed stands in followed/{id}.json: its pages with their ETags, and the last member of each record.
A page that is immutable is fetched once. What the source tells no more is erased here as `forget` erases it.
"""

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from commands import erased_names
from commands import import_order as order
from commands.confinement import confinement
from commands.fetch import MOST, Fetched, Fetcher, NotFetched
from mapping import program
from mapping.imports import feed, reading, sources
from mapping.imports.forgotten import without
from mapping.records import Refused
from ontology import std
from server.corrections.correction import UNCORRECTED
from server.data_folder.folder import Entry, Ledger, digest
from server.data_folder.ledger import ERASING

TRIG: Final = "application/trig"
ACCEPT: Final = f"{TRIG}, application/n-quads;q=0.9, text/turtle;q=0.8, application/ld+json;q=0.8, */*;q=0.1"
TYPES: Final = {
    "application/n-quads": ".nq",
    "application/n-triples": ".nt",
    "application/trig": ".trig",
    "application/ld+json": ".jsonld",
    "application/json": ".json",
    "text/turtle": ".ttl",
}
BY_NAME: Final = ("application/gzip", "application/x-gzip", "application/octet-stream", "text/plain")
"""Media types that tell nothing: there the address does."""
DEEPEST: Final = 20
"""How many pages of a feed may lead on to each other; the root of a Kommungraf's feed leads to all of its pages."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a feed that was taken; `members`: their numbers."""

    etag: str
    sha256: str
    immutable: bool
    leads_to: tuple[str, ...] = ()
    members: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """What was taken of a feed."""

    epoch: str
    records: feed.Records
    pages: dict[str, Page]


def run(
    ledger: Ledger,
    address: str,
    form: str | None,
    base: str,
    again: bool = False,
    most: int = 0,
    licence: str = "",
) -> Entry:
    """Fetch, map and judge what an address gives, and keep what became of it. Nothing is published yet.
    `most`: bytes that it may have, as sent and unpacked; 0: as usual.

    Raises NotFetched where it gives nothing that can be imported; then nothing is changed."""
    with tempfile.TemporaryDirectory(prefix="kommungraf-") as folder:
        fetcher, scratch = Fetcher(most or MOST), Path(folder)
        first = fetcher.get(address, ACCEPT, scratch / "0")
        if first.media_type == TRIG and form in (None, "kommungraf"):
            return _follow(ledger, address, first, fetcher, scratch, base, again, most, licence)
        path = _named(scratch, first)
        told = form or sources.form_of(path)
        if told is None:
            raise _of_wrong_type(first)
        return order.run(ledger, path, told, address, base, again, most, licence)


def _named(scratch: Path, first: Fetched) -> Path:
    """Give what was fetched the name that its type, or else its address, tells."""
    last = re.sub(r"[^\w.-]", "_", urlsplit(first.address).path.rpartition("/")[2])[-80:] or "source"
    suffix = TYPES.get(first.media_type, "")
    if not suffix and first.media_type not in BY_NAME:
        raise _of_wrong_type(first)
    with open(scratch / "0", "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    stem = last.lower().removesuffix(".gz")
    name = (last[: len(stem)] if stem.endswith(suffix) else f"{last[: len(stem)]}{suffix}") + ".gz" * packed
    return (scratch / "0").rename(scratch / name)


def _of_wrong_type(first: Fetched) -> NotFetched:
    return NotFetched(
        f"{first.address} ger {first.media_type}, som inte importeras: ange adressen till ett ändringsflöde, en dump "
        "(.nq, .nq.gz) eller en fil i ett annat känt format.",
        f"{first.address} gives {first.media_type}, which is not imported: give the address of a change feed, a dump "
        "(.nq, .nq.gz) or a file of another known format.",
    )


def _follow(
    ledger: Ledger,
    address: str,
    first: Fetched,
    fetcher: Fetcher,
    scratch: Path,
    base: str,
    again: bool,
    most: int,
    licence: str,
) -> Entry:
    earlier, state = _earlier(ledger, address)
    with confinement(sources.times("kommungraf", most)) as confine:
        pages, fresh = _pages(first, fetcher, scratch, state, confine)
        total = sha256("".join(f"{page.sha256}  {url}\n" for url, page in sorted(pages.items())).encode()).hexdigest()
        is_same = earlier and state and (earlier.sha256, earlier.program) == (total, program.fingerprint())
        if earlier and is_same and _licence(ledger, earlier) == licence:
            return earlier
        order.not_buried(ledger, total, address, again)
        task = reading.Task(scratch, (), "kommungraf", address, total, base, program.version(), most, (), licence)
        asked = feed.Followed(task, tuple(fresh))
        if earlier and state and state.pages.keys() & pages.keys():
            files = _read_before(ledger, earlier)
            seen = {url: page.members for url, page in state.pages.items() if not page.immutable}
            asked = replace(asked, files=files, epoch=state.epoch, records=state.records, seen=seen)
        told = feed.read(asked, confine)
    head = order.head(ledger, task)
    if isinstance(told, Refused):
        return order.refused(ledger, head, told)
    if earlier and (told.gone or state is None or state.pages.keys() - pages.keys()):
        ledger.remember(ERASING, ledger.note(ERASING) or f"{head.ended_at} {_ground(earlier.file_name)}")
    members = {url: replace(page, members=told.seen.get(url, page.members)) for url, page in pages.items()}
    return _kept(ledger, head, told, State(told.epoch, told.records, members), base)


def _ground(source: str) -> str:
    """Why corrections go with what a source tells no more; it is published."""
    return f"Källan {source} berättar inte längre det som rättades · The source tells no more what was corrected"


def _earlier(ledger: Ledger, address: str) -> tuple[Entry | None, State | None]:
    """What was last accepted of a feed, and what is known of its pages: None where a name was masked in it."""
    name = erased_names.masked_name(address, erased_names.rules_of(ledger))
    form = f"{erased_names.IMPORT}kommungraf"
    found = [e for e in ledger.entries() if (e.file_name, e.format, e.status) == (name, form, "accepted")]
    entry = max(found, key=lambda each: each.ended_at, default=None)
    if entry is None or _place(entry) not in entry.digests:
        return entry, None
    told = json.loads((ledger.folder / _place(entry)).read_bytes())
    records = {int(number): (iri, member) for number, (iri, member) in told["records"].items()}
    pages = {
        url: Page(**page | {key: tuple(page[key]) for key in ("leads_to", "members")})
        for url, page in told["pages"].items()
    }
    return entry, State(told["epoch"], records, pages)


def _read_before(ledger: Ledger, entry: Entry) -> tuple[Path, ...]:
    """The files with what a feed told: what is published, before it was corrected here, and what is held back."""
    published = f"{UNCORRECTED}/{entry.id}.nq"
    published = published if published in entry.digests else f"documents/{entry.id}.nq"
    names = (published, f"quarantine/{entry.id}.nq")
    return tuple(ledger.folder / name for name in names if name in entry.digests)


def _licence(ledger: Ledger, entry: Entry) -> str:
    """The licence that an import was told to be published under."""
    said = re.compile(rf"<[^>]*/id/document/{entry.id}> <{re.escape(std('dcterms:license'))}> <([^>]*)> ")
    with open(ledger.folder / "documents" / f"{entry.id}.nq", encoding="utf-8") as lines:
        return next((found[1] for line in lines if (found := said.match(line))), "")


def _place(entry: Entry) -> str:
    return f"followed/{entry.id}.json"


def _pages(
    first: Fetched, fetcher: Fetcher, scratch: Path, state: State | None, confine: Callable[[], None]
) -> tuple[dict[str, Page], list[tuple[str, Path]]]:
    """All pages that the root leads to, and the files of those that are new or changed."""
    root = _nodes([(first.address, scratch / "0")], confine)[first.address]
    if not root.is_stream:
        raise NotFetched(
            f"{first.address} är TriG men inget ändringsflöde (ldes:EventStream): är det flamländska beslut, ange "
            "--as lblod.",
            f"{first.address} is TriG but no change feed (ldes:EventStream): if it holds decisions of Flanders, give "
            "--as lblod.",
        )
    pages: dict[str, Page] = {}
    fresh: list[tuple[str, Path]] = []
    waiting = list(root.leads_to)
    rounds = 0
    while waiting:
        rounds += 1
        if rounds > DEEPEST:
            raise _for_ever(first.address)
        new: list[tuple[str, Path]] = []
        for url in waiting:
            _check(url, first.address, len(pages))
            was = state.pages.get(url) if state else None
            if was and was.immutable:
                pages[url] = was
                continue
            path = scratch / f"{len(pages) + 1}"
            got = fetcher.get(url, TRIG, path, was.etag if was else "")
            if was and got.is_same:
                pages[url] = was
                continue
            if got.media_type != TRIG:
                raise _of_wrong_type(got)
            pages[url] = Page(got.etag, digest(path), got.immutable)
            new.append((url, path))
        for url, found in _nodes(new, confine).items():
            pages[url] = replace(pages[url], leads_to=found.leads_to)
        fresh += new
        following = dict.fromkeys(each for url in waiting for each in pages[url].leads_to)
        waiting = [each for each in following if each not in pages and each != first.address]
    return pages, fresh


def _for_ever(root: str) -> NotFetched:
    return NotFetched(
        f"Flödet {root} leder vidare från sida till sida mer än {DEEPEST} gånger, kanske utan slut: det importeras "
        "inte. Importera dumpen i stället.",
        f"The feed {root} leads on from page to page more than {DEEPEST} times, perhaps without end: it is not "
        "imported. Import the dump instead.",
    )


def _nodes(pages: list[tuple[str, Path]], confine: Callable[[], None]) -> dict[str, feed.Node]:
    found: dict[str, feed.Node] = {}
    for url, told in feed.nodes(pages, confine).items():
        if isinstance(told, Refused):
            raise NotFetched(told.sv, told.en)
        found[url] = told
    return found


def _check(url: str, root: str, number: int) -> None:
    """A feed leads to pages of its own server alone: else it could have us ask any machine that we reach."""
    if urlsplit(url)[:2] != urlsplit(root)[:2] or not sources.is_address(url) or number >= sources.MOST_FILES:
        raise NotFetched(
            f"Flödet {root} leder till {url}, på en annan server, eller till fler än {sources.MOST_FILES} sidor: det "
            "importeras inte.",
            f"The feed {root} leads to {url}, on another server, or to more than {sources.MOST_FILES} pages: it is "
            "not imported.",
        )


def _kept(ledger: Ledger, head: Entry, told: feed.Told, state: State, base: str) -> Entry:
    """Keep what a feed tells, what of it is held back, and, unless a name was masked in it, what was taken of it."""
    entry, files = order.files_of(ledger, head, told.found, base)
    rules = erased_names.rules_of(ledger)
    held = without(told.held.quads, rules)
    is_masked = held != told.held.quads or told.found.judged.quads not in files.values()
    if held and entry.status == "accepted":
        files[f"quarantine/{entry.id}.nq"] = held
        files[f"quarantine/{entry.id}.txt"] = order.complaints_of(told.held, held, rules)
    if not is_masked:
        files[_place(entry)] = json.dumps(asdict(state), ensure_ascii=False)
    return order.put(ledger, entry, files)
