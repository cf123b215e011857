"""What is measured of the quality of the published data, in words (W3C Data Quality Vocabulary)."""

from dataclasses import dataclass
from typing import Final

LDQD: Final = "http://www.w3.org/2016/05/ldqd#"


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure: its dimension (of LDQD), whether it is a share (xsd:decimal, 0 to 1) or a number (xsd:integer),
    and its name and definition in Swedish and English."""

    id: str
    dimension: str
    share: bool
    sv: str
    en: str
    meaning_sv: str
    meaning_en: str


METRICS: Final = (
    Metric(
        "paragraph-completeness",
        "completeness",
        True,
        "Paragrafer som finns",
        "Paragraphs that are there",
        "Andelen av paragrafnumren mellan ett sammanträdes första och sista paragraf som finns i grafen. "
        "Exempel: med § 1, 2 och 4 finns tre av fyra: 75 % (0,75 som data).",
        "The share of the paragraph numbers, between the first and last of a meeting, that are in the graph. "
        "Example: with § 1, 2 and 4 three of four are there: 75% (0.75 as data).",
    ),
    Metric(
        "missing-paragraphs",
        "completeness",
        False,
        "Paragrafer som saknas inne i ett sammanträde",
        "Paragraphs that are missing inside a meeting",
        "Antalet paragrafnummer mellan ett sammanträdes första och sista paragraf som saknas i grafen: de är borta i "
        "handlingen eller lästes inte. Exempel: med § 1, 2 och 4 saknas 1.",
        "The number of paragraph numbers, between the first and last of a meeting, that are missing in the graph: "
        "the document lacks them or they were not read. Example: with § 1, 2 and 4, 1 is missing.",
    ),
    Metric(
        "items-with-registry-number",
        "completeness",
        True,
        "Paragrafer med diarienummer",
        "Paragraphs with a registry number",
        "Andelen paragrafer som hör till ett ärende med diarienummer. Formalia som val av justerare har sällan "
        "något. "
        "Exempel: 30 av 40 paragrafer ger 75 % (0,75 som data).",
        "The share of paragraphs that belong to a case with a registry number. Formalities, as the election of an "
        "adjuster, seldom have one. Example: 30 of 40 paragraphs give 75% (0.75 as data).",
    ),
    Metric(
        "meetings-with-minutes",
        "completeness",
        True,
        "Sammanträden med protokoll",
        "Meetings with minutes",
        "Andelen av de sammanträden som grafen känner vars protokoll har lästs. Exempel: ett sammanträde som "
        "bara har en "
        "kallelse räknas som utan.",
        "The share of the meetings known to the graph whose minutes were read. Example: a meeting with only an "
        "agenda "
        "counts as without.",
    ),
    Metric(
        "line-coverage",
        "completeness",
        True,
        "Rader som det är gjort reda för",
        "Lines that are accounted for",
        "Andelen av handlingarnas rader som blev uppgifter eller hoppas över enligt en skriven regel; resten är "
        "olästa. För "
        "en kommun: handlingarna i dess datamängd, de där något av dess organ står. Exempel: 3 olästa av 1 000 rader "
        "ger 99,7 % (0,997 som data).",
        "The share of the documents' lines that became facts or are passed over by a written rule; the others "
        "are unread. "
        "For a municipality: of the documents of its dataset, those that name one of its bodies. "
        "Example: 3 unread of 1,000 lines give "
        "99.7% (0.997 as data).",
    ),
    Metric(
        "unread-lines",
        "completeness",
        False,
        "Olästa rader",
        "Unread lines",
        "Antalet rader i handlingarna som varken blev uppgifter eller hoppas över enligt en regel. Exempel: 3.",
        "The number of lines in the documents that neither became facts nor are passed over by a rule. Example: 3.",
    ),
    Metric(
        "accepted-documents",
        "consistency",
        False,
        "Godkända handlingar",
        "Accepted documents",
        "Antalet handlingar som följer reglerna (SHACL) och är publicerade. För en kommun: de i dess "
        "datamängd. Exempel: 120.",
        "The number of documents that obey the rules (SHACL) and are published. For a municipality: those of "
        "its dataset. Example: 120.",
    ),
    Metric(
        "warnings",
        "consistency",
        False,
        "Varningar",
        "Warnings",
        "Antalet varningar som reglerna (SHACL) ger om godkända handlingar: sådant som bör ses över men inte hindrar "
        "att de publiceras. För en kommun: om handlingarna i dess datamängd. Exempel: 12.",
        "The number of warnings that the rules (SHACL) give on accepted documents: what should be looked at but does "
        "not keep them from being published. For a municipality: on the documents of its dataset. Example: 12.",
    ),
    Metric(
        "quarantined-documents",
        "consistency",
        False,
        "Handlingar i karantän",
        "Documents in quarantine",
        "Antalet handlingar som bryter mot en regel och därför inte är publicerade. Exempel: 2.",
        "The number of documents that break a rule and are therefore not published. Example: 2.",
    ),
    Metric(
        "refused-documents",
        "consistency",
        False,
        "Avvisade handlingar",
        "Refused documents",
        "Antalet filer som inte gick att läsa eller inte är kommunala handlingar. Exempel: ett veckobrev.",
        "The number of files that could not be read or are no municipal documents. Example: a newsletter.",
    ),
    Metric(
        "imported-datasets",
        "consistency",
        False,
        "Importerade datamängder",
        "Imported datasets",
        "Antalet datamängder från andra som är importerade. De räknas inte i de andra måtten. Exempel: 1.",
        "The number of datasets of others that are imported. The other measures do not count them. Example: 1.",
    ),
    Metric(
        "benchmark-precision",
        "semanticAccuracy",
        True,
        "Precision på facit",
        "Precision on the benchmark",
        "Andelen av de uppgifter som programmet läste ur facitsamlingens handlingar som är rätta. Mätt på "
        "facit, inte på "
        "de publicerade handlingarna. Exempel: 99 rätta av 100 ger 0,99.",
        "The share of the facts that the program read in the benchmark's documents that are right. Measured on the "
        "benchmark, not on the published documents. Example: 99 right of 100 give 0.99.",
    ),
    Metric(
        "benchmark-recall",
        "semanticAccuracy",
        True,
        "Täckning på facit",
        "Recall on the benchmark",
        "Andelen av facits uppgifter som programmet läste. Mätt på facit, inte på de publicerade handlingarna. "
        "Exempel: 97 av 100 ger 0,97.",
        "The share of the benchmark's facts that the program read. Measured on the benchmark, not on the published "
        "documents. Example: 97 of 100 give 0.97.",
    ),
    Metric(
        "benchmark-f1",
        "semanticAccuracy",
        True,
        "F1 på facit",
        "F1 on the benchmark",
        "Det harmoniska medelvärdet av precision och täckning på facit. Exempel: 0,98.",
        "The harmonic mean of precision and recall on the benchmark. Example: 0.98.",
    ),
)
