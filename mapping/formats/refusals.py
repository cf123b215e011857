"""Why a file is not read, in sentences for a clerk: what is wrong and what to do."""

from mapping.records import Refused

_SENTENCES: dict[str, tuple[str, str]] = {
    "empty": (
        "Filen innehåller ingen text. Kontrollera att rätt fil har skickats och exportera den på nytt.",
        "The file contains no text. Check that this is the right file and export it again.",
    ),
    "encrypted": (
        "Filen är skyddad med lösenord och kan inte läsas. Spara en kopia utan lösenord och skicka in den.",
        "The file is protected by a password and cannot be read. Save a copy without a password and submit that.",
    ),
    "corrupt": (
        "Filen är skadad eller ofullständig ({detail_sv}). Exportera dokumentet på nytt från ärendesystemet.",
        "The file is damaged or incomplete ({detail_en}). Export the document again from the records system.",
    ),
    "images-only": (
        "PDF-filen innehåller bara bilder av text ({pages} sidor). Exportera den från ordbehandlaren eller "
        "ärendesystemet, eller kör textigenkänning (OCR) på den först.",
        "The PDF contains only pictures of text ({pages} pages). Export it from the word processor or the records "
        "system, or run text recognition (OCR) on it first.",
    ),
    "scanned-pages": (
        "PDF-filen kan inte läsas i sin helhet: {detail_sv} av {pages} är bilder av text. Exportera den från "
        "ordbehandlaren eller ärendesystemet, eller kör textigenkänning (OCR) på den först.",
        "The PDF cannot be read as a whole: {detail_en} of {pages} are pictures of text. Export it from the word "
        "processor or the records system, or run text recognition (OCR) on it first.",
    ),
    "unreadable": (
        "Filen går inte att läsa: {detail_sv}. Kontrollera sökvägen och rättigheterna.",
        "The file cannot be read: {detail_en}. Check the path and the permissions.",
    ),
    "unknown-format": (
        "Filen är {detail_sv}, som inte kan läsas. Spara dokumentet som PDF, Word (.docx), HTML eller ren text.",
        "The file is {detail_en}, which cannot be read. Save the document as PDF, Word (.docx), HTML or plain text.",
    ),
    "too-deep": (
        "Webbsidan går inte att läsa: fler än {detail_sv} element ligger inuti varandra. Spara sidan på nytt från "
        "webbläsaren, eller skriv ut den till PDF.",
        "The web page cannot be read: more than {detail_en} elements are inside one another. Save the page anew from "
        "the browser, or print it to PDF.",
    ),
    "too-large": (
        "Filen är för stor: {detail_sv}. Dela upp dokumentet, eller ta bort bilagor och bilder.",
        "The file is too large: {detail_en}. Split the document, or remove attachments and pictures.",
    ),
}


class Unreadable(Exception):
    """A file cannot be read; `read_text` returns the `refused` inside, callers of it never see this exception."""

    def __init__(self, reason: str, detail_sv: str = "", detail_en: str = "", pages: int = 0) -> None:
        sv, en = _SENTENCES[reason]
        facts = {"detail_sv": detail_sv, "detail_en": detail_en, "pages": pages}
        self.refused = Refused(reason, sv.format_map(facts), en.format_map(facts))
        super().__init__(self.refused.en)
