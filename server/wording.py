"""The words of the pages in Swedish and English."""

from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "site": ("Kommungraf", "Kommungraf"),
    "skip": ("Till innehållet", "Skip to content"),
    "home": ("Start", "Home"),
    "ask": ("Fråga", "Query"),
    "vocabulary": ("Vokabulär", "Vocabulary"),
    "other_language": ("In English", "På svenska"),
    "tagline": (
        "Beslut, förslag, reservationer och ärenden ur svenska kommuners protokoll och handlingar, som länkade data.",
        "Decisions, proposals, reservations and cases from the minutes and papers of Swedish municipalities, "
        "as linked data.",
    ),
    "evidence": (
        "Varje uppgift visar vilken text, på vilken sida i vilket dokument, den kommer ifrån.",
        "Every fact shows which text, on which page of which document, it comes from.",
    ),
    "figures": ("Grafen i siffror", "The graph in figures"),
    "Minutes": ("protokoll", "minutes"),
    "Meeting": ("sammanträden", "meetings"),
    "ItemTreatment": ("paragrafer", "paragraphs"),
    "Decision": ("beslut", "decisions"),
    "Case": ("ärenden", "cases"),
    "Motion": ("motioner", "motions"),
    "Reservation": ("reservationer", "reservations"),
    "Person": ("förtroendevalda och tjänstemän", "representatives and officials"),
    "send": ("Ställ frågan", "Ask"),
    "triples": ("trippel", "triples"),
    "graphs": ("namngivna grafer", "named graphs"),
    "latest": ("Senaste sammanträden", "Latest meetings"),
    "none_yet": ("Inga ännu.", "None yet."),
    "documents": ("Dokument", "Documents"),
    "published": ("Publicerat", "Published"),
    "query": ("SPARQL-fråga", "SPARQL query"),
    "run": ("Visa som tabell", "Show as a table"),
    "fetch": ("Hämta", "Fetch"),
    "as_format": ("Format", "Format"),
    "examples": ("Exempelfrågor", "Example queries"),
    "result": ("Svar", "Result"),
    "rows": ("rader", "rows"),
    "more_rows": (
        "Bara de första raderna visas; hämta hela svaret i ett annat format.",
        "Only the first rows are shown; fetch the whole result in another format.",
    ),
    "no_rows": ("Inga rader.", "No rows."),
    "yes": ("Ja", "Yes"),
    "no": ("Nej", "No"),
    "program": (
        "Program ställer samma fråga till /sparql enligt SPARQL 1.1 Protocol.",
        "Programs send the same query to /sparql by the SPARQL 1.1 Protocol.",
    ),
    "says": ("Uppgifter", "Statements"),
    "corrections": ("Rättelser", "Corrections"),
    "correction_by": ("beslutat av", "decided by"),
    "correction_withdrawn": ("återtagen", "withdrawn"),
    "from_elsewhere": ("Det som hänvisar hit", "What refers to this"),
    "all_of": ("visa alla", "show all"),
    "other_formats": ("Samma uppgifter som data", "The same as data"),
    "missing_title": ("Här finns ingenting", "There is nothing here"),
    "missing": (
        "Grafen säger inget om den här adressen. Den kan vara felskriven, eller så är dokumentet inte publicerat.",
        "The graph says nothing about this address. It may be misspelt, or its document is not published.",
    ),
    "missing_do": (
        "Börja på startsidan, eller ställ en fråga:",
        "Begin on the start page, or ask a query:",
    ),
    "near": ("Men det här finns:", "But these exist:"),
    "text_of": ("Hela texten", "The whole text"),
    "in_context": ("Så står det i texten", "In the text"),
    "page": ("sida", "page"),
    "classes": ("Klasser", "Classes"),
    "properties": ("Egenskaper", "Properties"),
    "concepts": ("Begrepp", "Concepts"),
    "as_turtle": ("Som Turtle", "As Turtle"),
    "graph_title": ("Namngiven graf", "Named graph"),
    "graph_holds": ("Antal trippel", "Number of triples"),
    "download": ("Ladda ner", "Download"),
    "dumps_intro": (
        "Här finns allt som är publicerat, att hämta som filer. Öppna en tabell i ett kalkylprogram; RDF-filerna är "
        "för program och databaser.",
        "Everything that is published, as files. Open a table in a spreadsheet; the RDF files are for programs and "
        "databases.",
    ),
    "dumps_excel": (
        "I Excel: Data, Från text/CSV, och välj UTF-8. Flera värden i en cell skiljs åt av tecknet |.",
        "In Excel: Data, From Text/CSV, and choose UTF-8. Several values in one cell have the sign | between them.",
    ),
    "dumps_tables": ("Tabeller", "Tables"),
    "dumps_whole": ("Hela grafen", "The whole graph"),
    "dumps_places": ("Kommun för kommun", "By municipality"),
    "dumps_about": ("Om filerna", "About the files"),
    "dumps_made": ("Gjorda", "Made"),
    "dumps_older": (
        "Nyare uppgifter är publicerade sedan filerna gjordes.",
        "Newer data have been published since the files were made.",
    ),
    "file": ("Fil", "File"),
    "content": ("Innehåll", "Content"),
    "size": ("Storlek", "Size"),
    "checksum": ("SHA-256", "SHA-256"),
    "licence": ("Data: CC0. Program: MIT.", "Data: CC0. Program: MIT."),
}


def words(language: str) -> dict[str, str]:
    """All words in "sv" or "en"."""
    at = 1 if language == "en" else 0
    return {name: pair[at] for name, pair in _WORDS.items()}
