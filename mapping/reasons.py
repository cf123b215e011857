"""Why two names were joined or left open, as a clerk reads it: Swedish and English."""

Reason = tuple[str, str]

PARTY: Reason = (
    "Samma eller nästan samma namn, men olika parti eller inget uppgivet parti.",
    "The same or nearly the same name, but another party or none stated.",
)
ALIKE: Reason = (
    "Samma namn, sånär som på accenter, stora bokstäver eller bindestreck.",
    "The same name, but for accents, capital letters or hyphens.",
)
PLACE: Reason = (
    "Nästan samma namn och samma parti, men inte i samma organ.",
    "Nearly the same name and the same party, but not in the same body.",
)
TIME: Reason = (
    "Nästan samma namn, samma parti och organ, men mer än fem år emellan.",
    "Nearly the same name, the same party and body, but more than five years apart.",
)
DOUBTFUL: Reason = (
    "Namnen skiljer sig bara lite, men kan vara två olika namn.",
    "The names differ only little, but may be two different names.",
)
MIXED: Reason = (
    "Namnet liknar flera personer som säkert är olika; det går inte att säga vem som avses.",
    "The name is near those of several persons who are certainly different; who is meant cannot be told.",
)
CURATED: Reason = ("Avgjort för hand:", "Decided by hand:")

_DIFFERENCES = {
    "case": ("stora och små bokstäver", "capital letters"),
    "diacritics": ("accenter", "accents"),
    "hyphen": ("ett bindestreck", "a hyphen"),
    "letter": ("en bokstav", "one letter"),
    "particle": ("ett förled som »von«", "a particle such as “von”"),
    "surname": ("ett mellannamn eller efternamn", "a middle name or surname"),
}


def likely(near: str) -> Reason:
    """Why two groups were joined: `near` as `mapping.names.near` gives it."""
    sv, en = zip(*(_DIFFERENCES[part] for part in near.split("+")), strict=True)
    return (
        f"Samma parti och organ, tiderna möts, och namnen skiljer sig bara i {' och '.join(sv)}.",
        f"The same party and body, the periods meet, and the names differ only in {' and '.join(en)}.",
    )


def joined(first: Reason, second: Reason) -> Reason:
    return f"{first[0]} {second[0]}", f"{first[1]} {second[1]}"
