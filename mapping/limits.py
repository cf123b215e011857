"""What one document may cost in time and memory, and why one is refused on which the program or its limits failed."""

from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb

from mapping.formats import pdf_ocr
from mapping.personal_numbers import mask
from mapping.records import Refused
from mapping.side_by_side import Lost

SECONDS = 25.0
"""How long one document may take to be read and judged, in seconds of a processor: as long as a PDF of 700 to 1,500
pages takes. Then its process is ended, and the document refused."""

SECONDS_WITH_SCANS = 120.0
"""The same, where scanned pages are read: text recognition takes seconds for each."""

Confine = Callable[[], None]
"""What a process calls first, which then parses documents: it takes from it what parsing does not need."""

PASSING = ("crash", "too-slow", "unreadable")
"""Reasons for a refusal that may be gone the next time."""


def crashed(detail: str) -> Refused:
    """Why a document is refused on which the program itself failed."""
    return Refused(
        "crash",
        f"Programmet klarade inte av att läsa filen ({detail}). Spara den på nytt som PDF och försök igen, "
        "eller anmäl felet.",
        f"The program broke down reading the file ({detail}). Save it anew as PDF and try again, "
        "or report the fault.",
    )


def fault(error: Exception) -> Refused:
    last = extract_tb(error.__traceback__)[-1]
    return crashed(mask(f"{type(error).__name__} {Path(last.filename).name}:{last.lineno} {error}"))


def seconds() -> float:
    return SECONDS_WITH_SCANS if pdf_ocr.installed() else SECONDS


def lost(lost: Lost) -> Refused:
    if lost is Lost.DIED:
        return Refused(
            "crash",
            "Filen avvisades: processen som läste den gick under. Filen är skadad, eller tar mer minne än som är "
            "tillåtet. Spara den på nytt som PDF och försök igen.",
            "The file was refused: the process that read it broke down. The file is damaged, or takes more memory "
            "than is allowed. Save it anew as PDF and try again.",
        )
    if lost is Lost.LARGE:
        return Refused(
            "too-large",
            "Filen avvisades: det skulle ta mer minne att läsa den än som är tillåtet. Dela upp den, eller spara den "
            "på nytt som PDF, och försök igen.",
            "The file was refused: reading it would take more memory than is allowed. Split it, or save it anew as "
            "PDF, and try again.",
        )
    return Refused(
        "too-slow",
        f"Filen avvisades: den tog mer än {seconds():g} sekunder att läsa. Dela upp den, eller spara den på nytt "
        "som PDF, och försök igen.",
        f"The file was refused: reading it took more than {seconds():g} seconds. Split it, or save it anew as PDF, "
        "and try again.",
    )
