"""What holds for every template, whatever page is made of it."""

import re
from pathlib import Path

import pytest

from server.app import compile_templates, create_app
from tests.server.views_data import Reader

TEMPLATES = sorted((Path(__file__).parents[2] / "server" / "templates").glob("*.html"))
OPENED = re.compile(r"<\w+(?:\{\{.*?\}\}|\{%.*?%\}|[^<>{])*>")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.stem)
def test_what_can_be_scrolled_has_a_name_and_is_no_landmark(template: Path) -> None:
    """A section has the name of its heading; a landmark of that name inside it would be told a second time."""
    found = [tag for tag in OPENED.findall(template.read_text("utf-8")) if 'tabindex="0"' in tag]
    for tag in found:
        assert "aria-label" in tag and 'role="region"' not in tag, tag
    assert len(found) == template.read_text("utf-8").count('tabindex="0"')


def test_no_page_waits_for_a_template(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server compiles all before it listens."""
    app = create_app(reader.site)
    compile_templates(app)
    monkeypatch.setattr(app.jinja_env, "compile", lambda *_, **__: pytest.fail("compiled for a page"))
    for path in ("/", "/doc/meeting/9999/parknamnden/2024-03-12", "/search?q=motion", "/doc/nothing"):
        assert app.test_client().get(path, headers={"Accept": "text/html"}).status_code in (200, 404)
