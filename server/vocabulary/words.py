"""The words of the vocabulary's pages in Swedish and English."""

from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "version": ("Version", "Version"),
    "modified": ("ändrad", "modified"),
    "prior": ("Föregående version", "Prior version"),
    "formats": ("Samma vokabulär som data", "The same vocabulary as data"),
    "context": ("JSON-LD-kontext", "JSON-LD context"),
    "alignments": ("Jämförda vokabulärer", "Alignments"),
    "alignments_lead": (
        "Så förhåller sig termerna till andra vokabulärers. Filerna är SSSOM (CC0).",
        "How the terms stand to those of other vocabularies. The files are SSSOM (CC0).",
    ),
    "alignment": ("Motsvarighet", "Alignment"),
    "closeMatch": ("nära motsvarighet", "close match"),
    "broadMatch": ("bredare motsvarighet", "broader match"),
    "exactMatch": ("exakt motsvarighet", "exact match"),
    "why": ("Anmärkning", "Remark"),
    "contents": ("Innehåll", "Contents"),
    "all_classes": ("Alla klasser", "All classes"),
    "all_properties": ("Alla egenskaper", "All properties"),
    "concepts": ("Begrepp", "Concepts"),
    "organisations": ("Organ och personer", "Bodies and persons"),
    "meetings": ("Sammanträden och paragrafer", "Meetings and paragraphs"),
    "cases": ("Ärenden och handlingar", "Cases and documents"),
    "decisions": ("Förslag och beslut", "Proposals and decisions"),
    "reports": ("Mål och indikatorer", "Goals and indicators"),
    "provenance": ("Källor och belägg", "Sources and evidence"),
    "corrections": ("Rättelser", "Corrections"),
    "diagram": (
        "Klasserna och vart deras egenskaper leder",
        "The classes, and where their properties lead",
    ),
    "as_list": ("Samma som lista", "The same as a list"),
    "from": ("Från", "From"),
    "property": ("Egenskap", "Property"),
    "to": ("Till", "To"),
    "class": ("klass", "class"),
    "object": ("egenskap som leder till en resurs", "property that leads to a resource"),
    "datatype": ("egenskap med ett värde", "property with a value"),
    "either": ("egenskap med en resurs eller ett värde", "property with a resource or a value"),
    "example": ("Exempel", "Example"),
    "other_label": ("På engelska", "In Swedish"),
    "alternatives": ("Andra benämningar", "Other labels"),
    "broader": ("Överordnad", "Broader"),
    "narrower": ("Underordnad", "Narrower"),
    "domain": ("Gäller", "Stated of"),
    "range": ("Leder till", "Leads to"),
    "any": ("vad som helst", "anything"),
    "text_in_language": ("text på ett språk", "text in a language"),
    "stated_of": ("Egenskaper", "Properties"),
    "leading_to": ("Det som leder hit", "What leads here"),
    "inherited": ("från", "from"),
    "scheme": ("begreppsschema", "concept scheme"),
    "members": ("begrepp", "concepts"),
    "no_such_version": (
        "Här finns bara version {current} av vokabulären; {asked} går inte att hämta. Se /ns.",
        "Only version {current} of the vocabulary is here; {asked} cannot be fetched. See /ns.",
    ),
}


def words(language: str) -> dict[str, str]:
    """All words in "sv" or "en"."""
    at = 1 if language == "en" else 0
    return {name: pair[at] for name, pair in _WORDS.items()}


def both(name: str, **values: str) -> tuple[str, str]:
    """One text in Swedish and English, with its values in place."""
    sv, en = (text.format(**values) for text in _WORDS[name])
    return sv, en
