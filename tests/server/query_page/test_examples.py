"""An example query: its header, and its name where it has none."""

from pathlib import Path

from server.query_page.examples import examples, read

QUERY = """# title-sv: Sammanträden
# title-en: Meetings
# description-sv: Alla sammanträden
#   under ett år.
# description-en: All meetings.

# The parameter
VALUES ?year { 2024 }
SELECT * { ?s ?p ?o }
"""


def test_the_header_is_read_and_the_query_is_what_follows(tmp_path: Path) -> None:
    path = tmp_path / "07-meetings.rq"
    path.write_text(QUERY)
    found = read(path)
    assert found.name == "07-meetings"
    assert found.title == {"sv": "Sammanträden", "en": "Meetings"}
    assert found.description == {"sv": "Alla sammanträden under ett år.", "en": "All meetings."}
    assert found.text.endswith("VALUES ?year { 2024 }\nSELECT * { ?s ?p ?o }\n") and "title" not in found.text


def test_a_query_without_header_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "plain.rq").write_text("ASK {}\n")
    (found,) = examples(tmp_path)
    assert (found.title["sv"], found.text) == ("plain", "ASK {}\n")
