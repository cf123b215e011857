"""The files that the store is made of, and DIR/store/sources, which keeps each as it was published.

What is kept is a hard link named by the SHA-256 of its content: files are replaced and never written to, so the old
content stays there until the store no longer holds it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import ontology
from server.data_folder.files import content as read
from server.data_folder.files import opened, write
from server.gone import renamed
from server.storage import authority
from server.storage.increment import FileChange
from server.storage.record import SHA256, Source
from server.storage.snapshot import Damaged
from server.storage.versions import delete, make_way

PROGRAM: Final = "store/authority.nq"
"""The quads that come with the program, as a file of the data folder."""

Seen = tuple[int, int, int]
"""What tells that a file was replaced: bytes, time of its last change in nanoseconds, inode."""

Found = Mapping[str, Seen]
"""Files by their path in the data folder."""


def found(data_dir: Path, base: str, documents: Iterable[Path] | None = None) -> dict[str, Seen]:
    """Every file to publish, the quads that come with the program among them. `documents` None: all there are."""
    for name in (PROGRAM, renamed.QUADS):
        make_way(data_dir / name, is_folder=False)
    _write_program(data_dir / PROGRAM, base)
    renamed.write_quads(data_dir, base)
    return there(data_dir, documents)


def there(data_dir: Path, documents: Iterable[Path] | None = None) -> dict[str, Seen]:
    """The files to publish that there are now."""
    files: dict[str, Seen] = {}
    for name in (PROGRAM, renamed.QUADS, "persons.nq", "ledger.nq", "corrections.nq"):
        path = data_dir / name
        if path.exists():
            files[name] = _seen(path)
    files.update(_in(data_dir, "reports"))
    if documents is None:
        files.update(_in(data_dir, "documents"))
    else:
        files.update((os.path.relpath(path, data_dir), _seen(path)) for path in documents)
    return files


def _write_program(path: Path, base: str) -> None:
    """Write the quads that come with the program, below a line that says what they are made from and what they are.

    They are made anew where either is not so: to make them takes longer than to read them.
    """
    made_from = hashlib.sha256(base.encode())
    for file in (Path(authority.__file__), *ontology.files(), *(each.path for each in ontology.alignment_sets())):
        made_from.update(file.read_bytes())
    try:
        line, _, quads = path.read_bytes().partition(b"\n")
        if line + b"\n" == _heading(made_from.hexdigest(), quads):
            return
    except FileNotFoundError:
        pass
    quads = authority.nquads(base)
    write(path, _heading(made_from.hexdigest(), quads) + quads)


def _heading(made_from: str, quads: bytes) -> bytes:
    return f"# {made_from} {hashlib.sha256(quads).hexdigest()}\n".encode()


def _in(data_dir: Path, subfolder: str) -> Iterator[tuple[str, Seen]]:
    folder = str(data_dir / subfolder)
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        if name.endswith(".nq") and not name.startswith("."):
            yield f"{subfolder}/{name}", _seen(f"{folder}/{name}")


def _seen(path: Path | str) -> Seen:
    stat = os.stat(path)
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def kept(root: Path, sha256: str) -> Path:
    """Where a store's folder keeps a content."""
    return root / "sources" / f"{sha256}.nq"


def keep(data_dir: Path, name: str) -> tuple[Source, bytes]:
    """Link a file to where contents are kept; its description and content, both of what was linked."""
    root, file = data_dir / "store", data_dir / name
    linked = kept(root, f".{os.getpid()}")
    try:
        _link(file, linked)
    except FileExistsError:  # of a process with this number that was killed
        linked.unlink()
        _link(file, linked)
    content = read(linked)
    source = Source(*_seen(file), hashlib.sha256(content).hexdigest())
    linked.replace(kept(root, source.sha256))
    linked.unlink(missing_ok=True)  # a link replaced by another link to the same file stays (POSIX rename)
    return source, content


def changes(
    data_dir: Path, files: Found, before: Mapping[str, Source]
) -> tuple[dict[str, Source | None], list[FileChange]]:
    """The files that may have changed since (None: gone), and those that did. Raises Damaged."""
    now: dict[str, Source | None] = dict.fromkeys(before.keys() - files.keys())
    changed = [FileChange(file, content(data_dir, before[file]), b"") for file in now]
    for file, seen in files.items():
        was = before.get(file)
        if was is None or was[:3] != seen:
            source, new = keep(data_dir, file)
            now[file] = source
            if was is None or was.sha256 != source.sha256:
                old = content(data_dir, was, source.inode) if was else b""
                changed.append(FileChange(file, old, new))
    return now, changed


def content(data_dir: Path, source: Source, inode: int | None = None) -> bytes:
    """The content of a file as it was published. Raises Damaged where it was lost, or where the file, of some inode,
    was written to in its place."""
    path = kept(data_dir / "store", source.sha256)
    try:
        stat = path.stat()
        if stat.st_size == source.size and stat.st_ino != inode:
            return read(path)
    except FileNotFoundError as error:
        raise Damaged(f"{path}: missing") from error
    except OSError as error:
        raise Damaged(f"{path}: {error.strerror}") from error
    raise Damaged(f"{path}: not what was published")


def drop(root: Path, gone: Iterable[Source | None], sources: Iterable[Source]) -> None:
    """Remove contents that none of the sources has."""
    contents = {source.sha256 for source in gone if source}
    contents.difference_update(map(SHA256, sources))
    for sha256 in contents:
        kept(root, sha256).unlink(missing_ok=True)


def sweep(root: Path, sources: Iterable[Source]) -> None:
    """Remove all contents that no source has: a process that was killed may have left some."""
    wanted = {f"{source.sha256}.nq" for source in sources}
    for name in os.listdir(root / "sources"):
        if name not in wanted:
            delete(root / "sources" / name, is_folder=False)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except (FileNotFoundError, FileExistsError):
        raise
    except OSError:  # a file system without hard links, or too many of one file
        opened(path).close()  # what is no file is told, and not waited for
        shutil.copyfile(path, target)
