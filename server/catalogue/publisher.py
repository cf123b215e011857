"""Who publishes: the publisher, the contact and the titles of the catalogue, read from one TOML file.

docs/kommungraf.toml is an example with every key; docs/catalogue.md tells what they become.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from server.catalogue.publisher_keys import ADDRESS_KEYS, BOTH, CC0, KEYS, PLACE, Wanted, held_by
from server.catalogue.toml_lines import line_of, line_of_error
from server.storage import snapshot

FILE: Final = "kommungraf.toml"
TITLE: Final = {"sv": "Politiska beslut", "en": "Political decisions"}
Texts = Mapping[str, str]
"""A text by language: sv and en."""


class BadPublisher(Exception):
    """The file cannot be used; the message names it and each wrong key with its line, in Swedish and English."""


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    postal_code: str
    city: str
    country: str = "Sverige"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask about the data (vcard:Organization); never a private person."""

    name: Texts
    email: str
    url: str | None = None
    phone: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, where the service is reached (`web`, without a stroke at its end), and what is said of it all.

    IRIs are absolute; `themes` and `frequency` are codes of the EU's tables; `spatial` gives an IRI of a place for a
    municipality's code; `fees` is whether the law makes the publisher take fees (org:classification).
    """

    web: str
    iri: str
    name: Texts
    type: str
    contact: Contact
    title: Texts
    description: Texts
    about: Texts = field(default_factory=dict)
    identifier: str | None = None
    homepage: str | None = None
    fees: bool = False
    dataset_title: Texts = field(default_factory=dict)
    dataset_description: Texts = field(default_factory=dict)
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    themes: tuple[str, ...] = ("GOVE",)
    frequency: str = "IRREG"
    licence: str = CC0
    spatial: Mapping[str, str] = field(default_factory=dict)


def title_of(publisher: Publisher | None) -> Texts:
    """What the dataset of everything that is published is called, wherever it is described."""
    return (publisher and publisher.dataset_title) or TITLE


def of_folder(data_dir: Path, given: Path | None = None) -> Publisher | None:
    """The publisher of a file that is given, or of the data folder's own; None where there is none.

    Raises BadPublisher.
    """
    path = given or data_dir / FILE
    return read(path, _base(data_dir)) if given or path.exists() else None


def _base(data_dir: Path) -> str | None:
    """What the IRIs of a data folder begin with; None where nothing is published that can be read."""
    try:
        base: str = snapshot.about(data_dir)["base"]
    except (snapshot.NothingPublished, snapshot.Damaged):  # what then wants the store tells of that
        return None
    return base


def read(path: Path, base: str | None = None) -> Publisher:
    """The publisher of a TOML file; `base` begins the IRIs of the catalogue, which no publisher may have. Raises
    BadPublisher, which names every key that is unknown, missing or wrong."""
    try:
        text = path.read_text("utf-8-sig")
        whole = tomllib.loads(text)
    except OSError as error:
        raise BadPublisher(
            f"{path} går inte att läsa ({error.strerror}): kontrollera sökvägen.\n"
            f"{path} cannot be read ({error.strerror}): check the path."
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        line = line_of_error(error, path)
        raise BadPublisher(
            f"{path}, rad {line}: här är det inte TOML i UTF-8 ({error}).\n"
            f"{path}, line {line}: this is no TOML in UTF-8 ({error})."
        ) from error
    found = dict(_flat(whole, ()))
    faults = [*_wrong(found), *_missing(found), *_taken(found, base)]
    if faults:
        told = [(key, line_of(text, key), sv, en) for key, sv, en in faults]
        told.sort(key=lambda each: each[1])
        raise BadPublisher(
            "\n".join(
                f"{path}, rad {line}: {'.'.join(key)} {sv}.\n{path}, line {line}: {'.'.join(key)} {en}."
                for key, line, sv, en in told
            )
        )
    return _publisher({".".join(key): value for key, value in found.items()})


Key = tuple[str, ...]


def _flat(table: Mapping[str, Any], above: Key) -> list[tuple[Key, Any]]:
    """Every value with its key; an empty table, or one where a value belongs, is a value."""
    found: list[tuple[Key, Any]] = []
    for name, value in table.items():
        key = (*above, name)
        inner = isinstance(value, dict) and value and ".".join(key) not in KEYS
        found += _flat(value, key) if inner else [(key, value)]
    return found


def _wrong(found: Mapping[Key, Any]) -> list[tuple[Key, str, str]]:
    faults = []
    for key, value in found.items():
        name = ".".join(key)
        inside = held_by(name)
        place = key[0] == "spatial" and len(key) == 2 and re.fullmatch(r"\d{4}", key[1])
        wanted = PLACE if place else KEYS.get(name)
        if inside and not isinstance(value, dict):
            sv, en = f"ska vara en tabell, [{name}], med {inside}", f"must be one table, [{name}], with {inside}"
            faults.append((key, sv, en))
        elif wanted is None and not inside:
            faults.append((key, "är ingen känd nyckel: ta bort den eller rätta stavningen", _UNKNOWN))
        elif wanted and not _holds(wanted, value):
            faults.append((key, wanted.sv, wanted.en))
    return faults


_UNKNOWN: Final = "is no known key: remove it or correct its spelling"


def _holds(wanted: Wanted, value: Any) -> bool:
    try:
        return wanted.holds(value)
    except TypeError:  # a list where a word is looked up
        return False


def _taken(found: Mapping[Key, Any], base: str | None) -> list[tuple[Key, str, str]]:
    """A publisher that has an IRI of the catalogue's own would be a dataset too."""
    key = ("publisher", "iri")
    if base is None or not str(found.get(key)).startswith(f"{base}/datasets/"):
        return []
    sv = f"får inte börja med {base}/datasets/, som är katalogens egna namn: ange organisationens"
    return [(key, sv, f"must not begin with {base}/datasets/, the catalogue's own names: give the organisation's")]


def _missing(found: Mapping[Key, Any]) -> list[tuple[Key, str, str]]:
    """What is required and not said; not what a table would hold that is no table, which is told already."""
    there = {".".join(key) for key in found}
    untold = {name for key, value in found.items() if held_by(name := ".".join(key)) and not isinstance(value, dict)}
    absent = [name for name, wanted in KEYS.items() if wanted.required and name not in there]
    absent = [name for name in absent if not any(name.startswith(f"{each}.") for each in untold)]
    for name in BOTH:
        pair = {f"{name}.sv", f"{name}.en"}
        absent += sorted(pair - there) if pair & there else []
    if there & set(ADDRESS_KEYS):
        absent += [name for name in ADDRESS_KEYS if name not in there]
    return [(tuple(name.split(".")), "saknas: skriv till den", "is missing: add it") for name in absent]


def _publisher(said: Mapping[str, Any]) -> Publisher:
    def texts(key: str) -> dict[str, str]:
        return {language: said[f"{key}.{language}"] for language in ("sv", "en") if f"{key}.{language}" in said}

    address = None
    if "contact.street" in said:
        country = {"country": said["contact.country"]} if "contact.country" in said else {}
        address = Address(*(said[key] for key in ADDRESS_KEYS), **country)
    contact = Contact(
        texts("contact.name"), said["contact.email"], said.get("contact.url"), said.get("contact.phone"), address
    )
    words = {language: tuple(said.get(f"dataset.keywords.{language}", ())) for language in ("sv", "en")}
    return Publisher(
        web=said["web"].rstrip("/"),
        iri=said["publisher.iri"],
        name=texts("publisher.name"),
        type=said["publisher.type"],
        contact=contact,
        title=texts("catalogue.title"),
        description=texts("catalogue.description"),
        about=texts("publisher.description"),
        identifier=said.get("publisher.identifier"),
        homepage=said.get("publisher.homepage"),
        fees=said.get("publisher.fees", False),
        dataset_title=texts("dataset.title"),
        dataset_description=texts("dataset.description"),
        keywords=words if words["sv"] else {},
        themes=tuple(said.get("dataset.themes", ("GOVE",))),
        frequency=said.get("dataset.frequency", "IRREG"),
        licence=said.get("licence", CC0),
        spatial={key.removeprefix("spatial."): value for key, value in said.items() if key.startswith("spatial.")},
    )
