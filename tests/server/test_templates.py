"""What holds for every template, whatever page is made of it."""

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).parents[2] / "server" / "templates").glob("*.html"))
OPENED = re.compile(r"<\w+(?:\{\{.*?\}\}|\{%.*?%\}|[^<>{])*>")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.stem)
def test_what_can_be_scrolled_has_a_name_and_is_no_landmark(template: Path) -> None:
    """A section has the name of its heading; a landmark of that name inside it would be told a second time."""
    found = [tag for tag in OPENED.findall(template.read_text("utf-8")) if 'tabindex="0"' in tag]
    for tag in found:
        assert "aria-label" in tag and 'role="region"' not in tag, tag
    assert len(found) == template.read_text("utf-8").count('tabindex="0"')
