"""Things that have another identifier now, or became several: what the operator declares, and the graph of it.

DIR/renamed.tsv has a line for each: the old path, a tab, the new path, both as they stand behind /id/, like
`body/9999/socialnamnden`. An old path on several lines was divided. It is published as the graph
<base>/id/graph/renamed, of statements `old dcterms:isReplacedBy new`; in other graphs that property says something
else, of a party that came after another.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from server.data_folder.files import DataFolderError, content, write
from server.storage import snapshot

FILE: Final = "renamed.tsv"
QUADS: Final = "store/renamed.nq"
REPLACED: Final = "http://purl.org/dc/terms/isReplacedBy"
PATH: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=@-]+(/[A-Za-z0-9._~!$&'()*+,;=@-]+)+\Z")


class BadRenaming(DataFolderError):
    """renamed.tsv cannot be used; the message, in Swedish and English, names the line and says what to do."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """One line: numbered from 1, with paths behind /id/."""

    line: int
    old: str
    new: str


def graph(base: str) -> str:
    """The named graph of all renamings."""
    return f"{base}/id/graph/renamed"


def read(data_dir: Path) -> tuple[Renaming, ...]:
    """What is declared; nothing where there is no file. Raises BadRenaming."""
    try:
        text = content(data_dir / FILE).decode("utf-8-sig")
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise BadRenaming(
            f"{data_dir / FILE} kan inte läsas ({error.strerror}): åtgärda felet och kör samma kommando igen.\n"
            f"{data_dir / FILE} cannot be read ({error.strerror}): mend the fault and run the same command again."
        ) from error
    except UnicodeDecodeError as error:
        raise BadRenaming(
            f"{data_dir / FILE} är inte UTF-8: spara filen som UTF-8.\n"
            f"{data_dir / FILE} is not UTF-8: save the file as UTF-8."
        ) from error
    found = [
        _line(data_dir, number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    _refuse_twice(data_dir, found)
    _refuse_circles(data_dir, found)
    return tuple(found)


def leading(found: Iterable[Renaming], is_meant: Callable[[str], bool]) -> set[str]:
    """The paths that are meant, and every old path that leads to one of them."""
    found = tuple(found)
    paths = {path for each in found for path in (each.old, each.new) if is_meant(path)}
    while more := {each.old for each in found if each.new in paths} - paths:
        paths |= more
    return paths


def drop(data_dir: Path, is_meant: Callable[[str], bool], masked: Callable[[str], str]) -> None:
    """Write the file without the lines of which either path is meant, and with comments as `masked` gives them."""
    gone = {each.line for each in read(data_dir) if is_meant(each.old) or is_meant(each.new)}
    path = data_dir / FILE
    lines = path.read_text("utf-8-sig").splitlines() if path.exists() else []
    left = [masked(line) if line.startswith("#") else line for n, line in enumerate(lines, 1) if n not in gone]
    if left != lines:
        write(path, "".join(f"{line}\n" for line in left).encode())


def write_quads(data_dir: Path, base: str) -> None:
    """Make the file of the graph, or take it away where nothing is declared. Raises BadRenaming."""
    found = read(data_dir)
    if not found:
        (data_dir / QUADS).unlink(missing_ok=True)
        return
    lines = (f"<{base}/id/{e.old}> <{REPLACED}> <{base}/id/{e.new}> <{graph(base)}> .\n" for e in found)
    write(data_dir / QUADS, "".join(sorted(lines)).encode())


def check(engine: Path, data_dir: Path, base: str) -> None:
    """Raises BadRenaming where a store, about to be published, still says something of what has another name now."""
    declared = read(data_dir)
    if not declared:
        return
    store = ox.Store.read_only(str(engine))
    own = ox.NamedNode(graph(base))
    for each in declared:
        old = ox.NamedNode(f"{base}/id/{each.old}")
        said = store.quads_for_pattern(old, None, None, None)
        others = (quad for quad in said if quad.graph_name not in (own, ox.DefaultGraph()))
        if next(others, None) or store.contains_named_graph(old):
            raise _bad(
                data_dir,
                each.line,
                f"{each.old} finns kvar i grafen: ta bort raden, eller läs in handlingarna på nytt så att det nya "
                "namnet används.",
                f"{each.old} is still in the graph: remove the line, or ingest the documents again so that they use "
                "the new name.",
            )


def check_published(data_dir: Path, base: str) -> None:
    """Raises BadRenaming where what is declared cannot be used, or `check` would refuse the version that is served:
    before a command notes what leaves every thing its name."""
    if read(data_dir) and (version := snapshot.current_version(data_dir)):
        check(snapshot.folder_of(data_dir, version) / snapshot.ENGINE, data_dir, base)


def _line(data_dir: Path, number: int, line: str) -> Renaming:
    old, tab, new = line.rstrip("\r\n ").partition("\t")
    if not tab or not PATH.match(old) or not PATH.match(new):
        raise _bad(
            data_dir,
            number,
            "skriv den gamla sökvägen, en tabb och den nya, båda som de står efter /id/ (body/9999/socialnamnden).",
            "write the old path, a tab and the new one, both as they stand behind /id/ (body/9999/socialnamnden).",
        )
    return Renaming(number, old, new)


def _refuse_twice(data_dir: Path, found: list[Renaming]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for each in found:
        first = seen.setdefault((each.old, each.new), each.line)
        if first != each.line:
            raise _bad(
                data_dir,
                each.line,
                f"den säger detsamma som rad {first}: ta bort den.",
                f"it says the same as line {first}: remove it.",
            )


def _refuse_circles(data_dir: Path, found: list[Renaming]) -> None:
    successors: dict[str, list[str]] = {}
    for each in found:
        successors.setdefault(each.old, []).append(each.new)
        reached, waiting = set(), [each.new]
        while waiting:
            at = waiting.pop()
            if at not in reached:
                reached.add(at)
                waiting += successors.get(at, ())
        if each.old in reached:
            raise _bad(
                data_dir,
                each.line,
                f"med den leder {each.old} tillbaka till sig självt: ta bort en av raderna i kretsen.",
                f"with it {each.old} leads back to itself: remove one of the lines of the circle.",
            )


def _bad(data_dir: Path, line: int, sv: str, en: str) -> BadRenaming:
    return BadRenaming(f"{data_dir / FILE}, rad {line}: {sv}\n{data_dir / FILE}, line {line}: {en}")
