"""What the keys of the publisher's file must hold, and the lists that some of them choose from.

The lists are those of DCAT-AP-SE 3.0.1; a test compares them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import pyoxigraph as ox

CC: Final = "http://creativecommons.org/"
CC0: Final = CC + "publicdomain/zero/1.0/"
LICENCES: Final = (
    CC0,
    *(f"{CC}licenses/{name}/4.0/" for name in ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")),
)


def licence_name(iri: str) -> str:
    """A licence of LICENCES as it is called: "CC0 1.0", "CC BY 4.0"."""
    return "CC0 1.0" if iri == CC0 else f"CC {iri.split('/')[-3].upper()} 4.0"


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


_IN_XML: Final = re.compile(r"[\t\n\r -\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]*")


def is_text(value: Any) -> bool:
    """Whether a value is a text that says something, in characters that XML 1.0 can hold (Char): the catalogue is
    RDF/XML too."""
    return isinstance(value, str) and bool(value.strip()) and _IN_XML.fullmatch(value) is not None


_ADDRESS: Final = re.compile(r"https?://[^\s/<>\"{}|\\^`]+[^\s<>\"{}|\\^`]*")


def is_address(value: Any) -> bool:
    """Whether a value is an absolute IRI of the web that may stand in a graph, with a host, and a port only if there
    is such a one; one with a user and a password may not."""
    if not is_text(value) or not _ADDRESS.fullmatch(value) or "@" in value.split("/")[2]:
        return False
    try:
        ox.NamedNode(value)
        told = urlsplit(value)
        return bool(told.hostname) and told.port != 0
    except ValueError:  # no IRI, or a port above 65535
        return False


ADDRESS: Final = (
    is_address,
    "ska vara en webbadress, som https://data.exempel.se",
    "must be a web address, as https://a.example",
)
SAID: Final = (
    is_text,
    "ska vara en text, utan styrtecken och annat som XML inte kan bära",
    "must be a text, without control characters and others that XML cannot hold",
)
WORDS: Final = (
    lambda value: isinstance(value, list) and bool(value) and all(is_text(each) for each in value),
    "ska vara en lista av ord, utan styrtecken och annat som XML inte kan bära",
    "must be a list of words, without control characters and others that XML cannot hold",
)


def _texts(key: str, required: bool) -> dict[str, Wanted]:
    return {f"{key}.{language}": Wanted(*SAID, required) for language in ("sv", "en")}


KEYS: Final[Mapping[str, Wanted]] = {
    "web": Wanted(
        lambda value: is_address(value) and not set("?#") & set(value),
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
        _matches(r"\d\d[2-9]\d{3}-?\d{4}"),  # the third digit tells it from a personal number
        "ska vara organisationsnumret, tio siffror som text, och aldrig ett personnummer",
        "must be the organisation number, ten digits as text, and never a personal number",
    ),
    "publisher.homepage": Wanted(*ADDRESS),
    "publisher.fees": Wanted(
        lambda value: isinstance(value, bool), "ska vara true eller false", "must be true or false"
    ),
    **_texts("contact.name", True),
    "contact.email": Wanted(
        _matches(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
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


def held_by(table: str) -> str:
    """What a table holds, as a list of words; nothing where there is no such table."""
    if table == "spatial":
        return '"0180" …'
    below = (key.removeprefix(f"{table}.").partition(".")[0] for key in KEYS if key.startswith(f"{table}."))
    return ", ".join(dict.fromkeys(below))


ADDRESS_KEYS: Final = ("contact.street", "contact.postal_code", "contact.city")
BOTH: Final = ("publisher.description", "dataset.title", "dataset.description", "dataset.keywords")
