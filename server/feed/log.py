"""The change feed is told what was published: DIR/feed, written by who publishes, read by who serves.

    DIR/feed/manifest.json   the version that is told, and the pages there are: what readers go by
    DIR/feed/pages/          a file of TriG for each page; none is ever written to again
    DIR/feed/index.sqlite    records and pages, the truth of which the manifest is a copy (server.feed.index)

Files are on the disk before the index is committed, the manifest is replaced after that, and only then what it names
no longer is removed. So whoever is killed leaves the feed before or after, and the next publication goes on.
"""

import hashlib
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from server.data_folder.files import sync_folder, write
from server.feed import files as feed_files
from server.feed import pages as feed_pages
from server.feed.files import MANIFEST, Broken, folder_of
from server.feed.index import Index, Known, Page, compact, drop, is_damage, writing
from server.feed.pages import Kind
from server.feed.subjects import Subjects
from server.storage import sealed, snapshot
from server.storage.versions import NotRemoved, delete, make_way

MEMBERS: Final = 500
"""Members of a page that is full: some 600 kB as they are, 40 kB as they are sent."""


FAULTS: Final = (
    OSError, sqlite3.Error, RuntimeError, ValueError, NotRemoved, Broken, snapshot.Damaged, snapshot.NothingPublished
)  # fmt: skip

__all__ = ["MANIFEST", "NotTold", "folder_of", "forget", "tell"]


class NotTold(Exception):
    """A version was published, but the feed does not tell of it, or still tells what was erased; the message says, in
    Swedish and English, what to do."""


def tell(
    data_dir: Path, version: str, base: str, since: str | None = None, subjects: Iterable[str] | None = None
) -> int:
    """Append what a published version changed, as one member for each subject; how many.

    `subjects`: the IRIs about which it says something else than the version `since`. Where the feed does not tell of
    that version (one was published and not told), or they are None, all subjects are compared with what was told.
    Where a page or the index is not what was written, the feed begins anew, with an epoch of its own. Raises NotTold.
    """
    with _told(data_dir):
        make_way(folder_of(data_dir))
        make_way(folder_of(data_dir) / "pages")
        try:
            return _tell(data_dir, version, base, since, subjects)
        except (Broken, sqlite3.DatabaseError) as error:
            _begin_anew(folder_of(data_dir), error)
            return _tell(data_dir, version, base, None, None)


def forget(data_dir: Path, base: str) -> int:
    """Drop every member that is not the last about its record, and all that is known of records that are gone but
    their deletion; how many members. Full pages that had some get another path; where a page is not what was written,
    the feed begins anew. Raises NotTold."""
    folder = folder_of(data_dir)
    with _told(data_dir):
        try:
            return _forget(folder, base)
        except (Broken, sqlite3.DatabaseError) as error:
            _begin_anew(folder, error)
            tell(data_dir, snapshot.current_version(data_dir) or "", base)
            return _forget(folder, base)


def _tell(data_dir: Path, version: str, base: str, since: str | None, subjects: Iterable[str] | None) -> int:
    folder = folder_of(data_dir)
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    with writing(folder, base) as index:
        feed_files.check(folder / "pages", index.pages())
        known = index.note("version")
        if snapshot.data_of(known) == snapshot.data_of(version):  # the same, or the same built again
            index.remember("version", version)
            added = 0
        else:
            opened = snapshot.open_version(data_dir, version)
            try:
                new = _Appended(index, folder / "pages", base, _now(index))
                if subjects is not None and known and snapshot.data_of(known) == snapshot.data_of(since or ""):
                    for iri in sorted(subjects):
                        new.subject(iri, _payload(opened.store, iri))
                else:
                    _whole(opened.store, new)
            finally:
                opened.close()
            added = new.finish(version)
        manifest = _manifest(index, folder)
    _show(folder, manifest)
    return added


def _forget(folder: Path, base: str) -> int:
    with writing(folder, base) as index:
        dropped = sum(_clean(index, folder / "pages", base, page) for page in index.pages())
        index.forget_gone()
        manifest = _manifest(index, folder)
    _show(folder, manifest)
    compact(folder)
    return dropped


def _begin_anew(folder: Path, error: Broken | sqlite3.DatabaseError) -> None:
    """Drop an index that is damaged, or that tells of pages that are; else raise the error again."""
    if isinstance(error, sqlite3.DatabaseError) and not is_damage(error):
        raise error
    print(
        f"Ändringsflödet är skadat och börjas om · The change feed is damaged and begins anew: {error}",
        file=sys.stderr,
        flush=True,
    )
    drop(folder)


@dataclass(slots=True)
class _Appended:
    """Members on their way into pages."""

    index: Index
    folder: Path
    base: str
    created: str
    added: int = 0
    _page: Page | None = field(init=False)
    _texts: list[bytes] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        pages = self.index.pages()
        self._page = pages[-1] if pages and not pages[-1].closed else None
        if self._page:
            self._texts = [each.text for each in feed_pages.members(feed_files.read(self.folder, self._page))]

    def subject(self, iri: str, triples: bytes) -> int:
        """Tell what a subject is now, in N-Triples, where that is something else than before; its record."""
        digest = hashlib.blake2b(triples, digest_size=16).digest() if triples else None
        known = self.index.known(iri)
        if known is None and digest is None:
            return 0
        if known is not None and known.digest == digest:
            return known.number
        number = known.number if known else self.index.next("record")
        there = known is not None and known.digest is not None
        kind: Kind = "Delete" if digest is None else "Update" if there else "Create"
        self.index.keep(iri, Known(number, digest, self._append(kind, number, iri, triples)))
        return number

    def finish(self, version: str) -> int:
        """See the last page to the disk and note the version that is told now; how many members were added."""
        if self.added:
            self._write(closed=False)
        self.index.remember("version", version)
        return self.added

    def _append(self, kind: Kind, record: int, iri: str, triples: bytes) -> int:
        if self._page and self._page.members >= MEMBERS:
            self._write(closed=True)
            self._page, self._texts = None, []
        number = self.index.next("member")
        if self._page is None:
            pages = self.index.next("page")
            self._page = Page(pages, 1, "", 0, number, number, self.created, self.created, False)
        self._texts.append(feed_pages.member(number, kind, record, self.created, iri, triples))
        self._page = self._page._replace(members=self._page.members + 1, last=number, upper=self.created)
        self.added += 1
        return number

    def _write(self, closed: bool) -> None:
        assert self._page is not None
        closed = closed or self._page.members >= MEMBERS
        self._page = _written(self.index, self.folder, self.base, self._page._replace(closed=closed), self._texts)


def _written(index: Index, folder: Path, base: str, page: Page, texts: list[bytes]) -> Page:
    """Write a page to a file of its own and note it."""
    epoch = index.note("epoch")
    page = page._replace(file=f"{epoch}-{page.number}-{index.next('file')}.trig")
    page = feed_files.written(folder, page, feed_pages.page(base, epoch, page.name(epoch), texts))
    index.put(page)
    return page


def _clean(index: Index, folder: Path, base: str, page: Page) -> int:
    """Drop what is superseded from a page; how many members."""
    if not page.members:
        return 0
    there = list(feed_pages.members(feed_files.read(folder, page)))
    left = [each.text for each in there if _is_last(each, index.latest(each.record))]
    if len(left) == len(there):
        return 0
    after = page._replace(members=len(left), generation=page.generation + page.closed)
    if left or not page.closed:
        _written(index, folder, base, after, left)
    else:
        index.put(after._replace(file=""))
    return len(there) - len(left)


def _is_last(member: feed_pages.Member, latest: int | None) -> bool:
    return member.kind == "Delete" if latest is None else member.number == latest


def _whole(store: ox.Store, new: _Appended) -> None:
    """Compare all that a store's default graph says with what was told: its subjects come one after the other."""
    index = new.index
    lines = Subjects(lambda iri, triples: index.saw(new.subject(iri, triples)))
    store.dump(lines, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())  # type: ignore[arg-type]
    lines.close()
    for iri, _ in index.unseen():
        new.subject(iri, b"")


def _payload(store: ox.Store, iri: str) -> bytes:
    quads = store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())
    written = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    return b"".join(sorted(written.splitlines(keepends=True)))


def _now(index: Index) -> str:
    """The time of this publication, after that of the one before (xsd:dateTime with milliseconds, UTC)."""
    now, before = datetime.now(UTC), index.note("told")
    if before:
        try:
            now = max(now, datetime.fromisoformat(before) + timedelta(milliseconds=1))
        except (ValueError, TypeError, OverflowError) as error:
            raise sqlite3.DatabaseError(f"told: {before}") from error
    told = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    index.remember("told", told)
    return told


def _manifest(index: Index, folder: Path) -> dict[str, Any]:
    """What readers are to see when the index is committed; the names of new files are on the disk before that."""
    sync_folder(folder / "pages")
    notes = {key: index.note(key) for key in ("epoch", "base", "version", "told")}
    return {**notes, "pages": [page._asdict() for page in index.pages()]}


def _show(folder: Path, manifest: dict[str, Any]) -> None:
    """Let readers see what is in the index, and remove the files that it does not name."""
    make_way(folder / MANIFEST, is_folder=False)
    write(folder / MANIFEST, sealed.written(manifest))
    named = {page["file"] for page in manifest["pages"]}
    for path in (folder / "pages").iterdir():
        if path.name not in named:
            delete(path, is_folder=False)


@contextmanager
def _told(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except FAULTS as error:
        raise NotTold(
            f"Den nya versionen är publicerad, men inte ändringsflödet {folder_of(data_dir)} ({error}): åtgärda "
            "felet och kör samma kommando igen.\n"
            f"The new version is published, but the change feed {folder_of(data_dir)} is not ({error}): mend the "
            "fault and run the same command again."
        ) from error
