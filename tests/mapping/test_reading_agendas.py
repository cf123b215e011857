"""Agendas of web pages, whose items have no numbers."""

import pytest

from mapping.reader import read_document
from mapping.records import DocumentRecord
from mapping.text import Text

PAGE = """Socialnämnden 2024-06-18
Almviks kommun

Inget protokoll har publicerats

Remiss av program mot ensamhet

Förvaltningen föreslår att socialnämnden godkänner tjänsteutlåtandet som svar på remissen.

{end}

Ny delegationsordning

Förvaltningen föreslår att nämnden antar den nya ordningen.

{end}

Nytt reglemente

Förvaltningen föreslår att nämnden antar reglementet.

{end}
"""


@pytest.mark.parametrize("end", ["Bilagor", "Bilagor:", "BILAGOR", "BILAGOR:", "Bilagor :", "Handlingar:", "LÄS MER"])
def test_what_ends_an_item_of_a_web_page(end: str) -> None:
    record = read_document(Text(PAGE.format(end=end)))
    assert isinstance(record, DocumentRecord) and record.kind == "agenda"
    titles = ["Remiss av program mot ensamhet", "Ny delegationsordning", "Nytt reglemente"]
    assert [item.title.text if item.title else None for item in record.items] == titles
