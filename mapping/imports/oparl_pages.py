"""OParl 1.1 as JSON: pages of lists and single objects, made triples by a JSON-LD context that is a file.

The context names all that is kept: telephone numbers, addresses, dates of birth and whatever else it does not name
fall away (JSON-LD 1.1, section 4.1: a key that is no term is ignored). The specification: OParl 1.1, https://oparl.org/.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from mapping.imports.sources import Source, broken, is_address
from mapping.records import Refused

SCHEMA: Final = "https://schema.oparl.org/"
VERSION: Final = f"{SCHEMA}1.1/"
CONTEXT: Final = Path(__file__).parent / "oparl" / "context.json"
LISTS: Final = ("organization", "person", "meeting", "paper", "agendaItem", "consultation", "membership")
"""What a Body tells of with the address of a list: no statement about one thing."""
DEEPEST: Final = 30


def dataset(source: Source) -> tuple[ox.Dataset, int] | Refused:
    """The statements of OParl objects, and how many values the context leaves out; or why the files are refused."""
    objects: list[dict[str, Any]] = []
    pages: list[tuple[str, dict[str, Any]]] = []
    for name, content in source.files:
        try:
            read = json.loads(content.decode("utf-8-sig"))
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
            return broken(name, f"den är ingen JSON ({error})", f"it is no JSON ({error})")
        if isinstance(read, dict) and isinstance(read.get("data"), list):
            pages.append((name, read))
        listed = read["data"] if isinstance(read, dict) and "data" in read else read
        for each in listed if isinstance(listed, list) else [listed]:
            wrong = _fault(name, each)
            if wrong:
                return wrong
            objects.append(each)
    lacking = _missing(pages)
    if lacking:
        return lacking
    kept = [_clean(each) for each in objects if each.get("deleted") is not True]
    if not kept:
        return Refused(
            "empty",
            "Källan innehåller inga OParl-objekt: ange en fil eller mapp med sådana.",
            "The source holds no OParl objects: give a file or folder of such.",
        )
    document: dict[str, Any] = {"@context": json.loads(CONTEXT.read_text("utf-8")), "@graph": kept}
    try:
        text = json.dumps(document)
        return ox.Dataset(ox.parse(text, format=ox.RdfFormat.JSON_LD)), _left_out(objects, document["@context"])
    except (SyntaxError, ValueError) as error:
        return broken(source.files[0][0], f"ett värde är inte vad OParl säger ({error})",
                      f"a value is not what OParl says ({error})")  # fmt: skip


def _fault(name: str, read: object) -> Refused | None:
    for each in _objects(read, 0):
        if each is None:
            return broken(name, "den är nästlad utan ände", "it is nested without end")
        kind = each.get("type")
        if isinstance(kind, str) and kind.startswith(SCHEMA) and not kind.startswith(VERSION):
            version = kind.removeprefix(SCHEMA).partition("/")[0]
            return Refused(
                "wrong-version",
                f"{name} är OParl {version}, och bara OParl 1.1 läses. Hämta källan i version 1.1 "
                "(System.otherOparlVersions säger var).",
                f"{name} is OParl {version}, and only OParl 1.1 is read. Fetch the source in version 1.1 "
                "(System.otherOparlVersions says where).",
            )
    top = read if isinstance(read, dict) else {}
    told = str(top.get("oparlVersion", VERSION)).rstrip("/") + "/"
    if told != VERSION:
        return Refused(
            "wrong-version",
            f"{name} säger sig följa {told}, och bara {VERSION} läses. Hämta källan i version 1.1.",
            f"{name} says that it follows {told}, and only {VERSION} is read. Fetch the source in version 1.1.",
        )
    if not (isinstance(top.get("type"), str) and top["type"].startswith(VERSION) and is_address(top.get("id"))):
        return Refused(
            "unknown-format",
            f"{name} är inte OParl 1.1: ett objekt saknar »id« och »type« av {VERSION}. Ange formatet med --as.",
            f"{name} is not OParl 1.1: an object has no “id” and “type” of {VERSION}. Give the format with --as.",
        )
    return None


def _objects(read: object, depth: int) -> Iterator[dict[str, Any] | None]:
    """Every object in what was read, the outermost first; None where it is nested too deep."""
    if depth > DEEPEST:
        yield None
    elif isinstance(read, dict):
        yield read
        for value in read.values():
            yield from _objects(value, depth + 1)
    elif isinstance(read, list):
        for value in read:
            yield from _objects(value, depth + 1)


def _clean(read: Any) -> Any:
    """An object without keywords of JSON-LD, which OParl has none of, and without addresses of lists. What is
    deleted falls away, and what is no web address where one must be."""
    if isinstance(read, list):
        return [_clean(each) for each in read if not (isinstance(each, dict) and each.get("deleted") is True)]
    if not isinstance(read, dict):
        return read
    lists = LISTS if str(read.get("type", "")) == f"{VERSION}Body" else ()
    return {key: _clean(value) for key, value in read.items() if key not in lists and _is_kept(key, value)}


def _left_out(read: object, terms: Collection[str]) -> int:
    """How many values stand under keys that are no terms of the context, at any depth."""
    if isinstance(read, list):
        return sum(_left_out(each, terms) for each in read)
    if not isinstance(read, dict):
        return 0
    return sum(_left_out(value, terms) if key in terms else _number(value) for key, value in read.items())


def _number(value: object) -> int:
    return len(value) if isinstance(value, list) else 1


def _is_kept(key: str, value: object) -> bool:
    if key == "type":
        return isinstance(value, str) and value.startswith(VERSION)
    return not key.startswith("@") and value not in ("", None) and (key != "id" or is_address(value))


def _missing(pages: list[tuple[str, dict[str, Any]]]) -> Refused | None:
    """Whether a list is there without one of its pages.

    Pages of one list have the same first page (OParl 1.1, section 2.5: links and pagination)."""
    lists: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for name, page in pages:
        links = page.get("links")
        lists[str(links.get("first", "")) if isinstance(links, dict) else ""].append((name, page))
    for first, of_list in lists.items():
        following = [page["links"]["next"] for _, page in of_list
                     if isinstance(page.get("links"), dict) and page["links"].get("next")]  # fmt: skip
        told = [page["pagination"] for _, page in of_list if isinstance(page.get("pagination"), dict)]
        total = max(
            (each.get("totalPages", 0) for each in told if isinstance(each.get("totalPages"), int)), default=0
        )
        there = len(of_list)
        own = {page["links"]["self"] for _, page in of_list
               if isinstance(page.get("links"), dict) and isinstance(page["links"].get("self"), str)}  # fmt: skip
        broken_off = bool(first and following) and len(set(map(str, following))) >= there
        if broken_off or total > there or (own and not set(map(str, following)) <= own):
            name = of_list[0][0]
            sv = f"{name} är en av {total or 'flera'} sidor, och {there} finns. Spara alla sidor i samma mapp"
            en = f"{name} is one of {total or 'several'} pages, and {there} are there. Save all pages in one folder"
            return Refused("missing-pages", f"{sv}: {first or 'links.next'}.", f"{en}: {first or 'links.next'}.")
    return None
