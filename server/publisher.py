"""Who publishes: the publisher, the contact and the titles of the catalogue, read from one TOML file.

docs/kommungraf.toml is an example with every key; docs/catalogue.md tells what they become.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from server.toml_lines import line_of, line_of_error

FILE: Final = "kommungraf.toml"
CC: Final = "http://creativecommons.org/"
CC0: Final = CC + "publicdomain/zero/1.0/"
LICENCES: Final = (
    CC0,
    *(f"{CC}licenses/{name}/4.0/" for name in ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")),
)
PUBLISHER_TYPE: Final = "http://purl.org/adms/publishertype/"
PUBLISHER_TYPES: Final = (
    "Academia-ScientificOrganisation", "Company", "IndustryConsortium", "LocalAuthority", "NationalAuthority",
    "NonGovernmentalOrganisation", "NonProfitOrganisation", "PrivateIndividual(s)", "RegionalAuthority",
    "StandardisationBody", "SupraNationalAuthority",
)  # fmt: skip
THEMES: Final = (
    "AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN",
)  # fmt: skip
FREQUENCIES: Final = (
    "ANNUAL", "ANNUAL_2", "ANNUAL_3", "BIENNIAL", "BIMONTHLY", "BIWEEKLY", "CONT", "DAILY", "DAILY_2", "IRREG",
    "MONTHLY", "MONTHLY_2", "MONTHLY_3", "NEVER", "OTHER", "QUARTERLY", "TRIENNIAL", "UNKNOWN", "UPDATE_CONT",
    "WEEKLY", "WEEKLY_2", "WEEKLY_3",
)  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a key must hold, told in both languages."""

    holds: Callable[[Any], bool]
    sv: str
    en: str
    required: bool = False


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _listed(values: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and bool(value) and all(each in values for each in value)


TEXT: Final = _matches(r"(?s).*\S.*")
IRI: Final = _matches(r"https?://[^\s<>\"{}|\\^`]+")
ADDRESS: Final = (
    IRI,
    "ska vara en webbadress, som https://data.exempel.se",
    "must be a web address, as https://a.example",
)
SAID: Final = (TEXT, "ska vara en text", "must be a text")
WORDS: Final = (
    lambda value: isinstance(value, list) and bool(value) and all(TEXT(each) for each in value),
    "ska vara en lista av ord",
    "must be a list of words",
)


def _texts(key: str, required: bool) -> dict[str, Wanted]:
    return {f"{key}.{language}": Wanted(*SAID, required) for language in ("sv", "en")}


KEYS: Final[Mapping[str, Wanted]] = {
    "web": Wanted(
        _matches(r"https?://[^\s<>\"{}|\\^`?#]+"),
        "ska vara tjänstens webbadress utan ? och #, som https://data.exempel.se",
        "must be the address of the service without ? and #, as https://data.example",
        True,
    ),
    "licence": Wanted(
        LICENCES.__contains__, f"ska vara en av {', '.join(LICENCES)}", f"must be one of {', '.join(LICENCES)}"
    ),
    "publisher.iri": Wanted(*ADDRESS, True),
    **_texts("publisher.name", True),
    "publisher.type": Wanted(
        tuple(PUBLISHER_TYPE + name for name in PUBLISHER_TYPES).__contains__,
        f"ska vara {PUBLISHER_TYPE} följt av ett av {', '.join(PUBLISHER_TYPES)}",
        f"must be {PUBLISHER_TYPE} followed by one of {', '.join(PUBLISHER_TYPES)}",
        True,
    ),
    **_texts("publisher.description", False),
    "publisher.identifier": Wanted(
        _matches(r"\d{6}-?\d{4}"),
        "ska vara organisationsnumret, tio siffror som text",
        "must be the organisation number, ten digits as text",
    ),
    "publisher.homepage": Wanted(*ADDRESS),
    "publisher.fees": Wanted(
        lambda value: isinstance(value, bool), "ska vara true eller false", "must be true or false"
    ),
    **_texts("contact.name", True),
    "contact.email": Wanted(
        _matches(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+"),
        "ska vara en e-postadress, utan mailto:",
        "must be an e-mail address, without mailto:",
        True,
    ),
    "contact.url": Wanted(*ADDRESS),
    "contact.phone": Wanted(
        _matches(r"\+\d[\d -]{5,18}\d"),
        "ska vara ett telefonnummer, som +46 8 123 45",
        "must be a number, as +46 8 123 45",
    ),
    "contact.street": Wanted(*SAID),
    "contact.postal_code": Wanted(*SAID),
    "contact.city": Wanted(*SAID),
    "contact.country": Wanted(*SAID),
    **_texts("catalogue.title", True),
    **_texts("catalogue.description", True),
    **_texts("dataset.title", False),
    **_texts("dataset.description", False),
    "dataset.keywords.sv": Wanted(*WORDS),
    "dataset.keywords.en": Wanted(*WORDS),
    "dataset.themes": Wanted(
        _listed(THEMES), f"ska vara en lista ur {', '.join(THEMES)}", f"must be a list of {', '.join(THEMES)}"
    ),
    "dataset.frequency": Wanted(
        FREQUENCIES.__contains__,
        f"ska vara en av {', '.join(FREQUENCIES)}",
        f"must be one of {', '.join(FREQUENCIES)}",
    ),
}
PLACE: Final = Wanted(*ADDRESS)
ADDRESS_KEYS: Final = ("contact.street", "contact.postal_code", "contact.city")
BOTH: Final = ("publisher.description", "dataset.title", "dataset.description", "dataset.keywords")


def of_folder(data_dir: Path, given: Path | None = None) -> Publisher | None:
    """The publisher of a file that is given, or of the data folder's own; None where there is none.

    Raises BadPublisher.
    """
    path = given or data_dir / FILE
    return read(path) if given or path.exists() else None


def read(path: Path) -> Publisher:
    """The publisher of a TOML file. Raises BadPublisher, which names every key that is unknown, missing or wrong."""
    try:
        text = path.read_text("utf-8")
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
    faults = [*_wrong(found), *_missing(found)]
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
        place = key[0] == "spatial" and len(key) == 2 and re.fullmatch(r"\d{4}", key[1])
        wanted = PLACE if place else KEYS.get(name)
        if wanted is None and key != ("spatial",):
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


def _missing(found: Mapping[Key, Any]) -> list[tuple[Key, str, str]]:
    there = {".".join(key) for key in found}
    absent = [name for name, wanted in KEYS.items() if wanted.required and name not in there]
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
