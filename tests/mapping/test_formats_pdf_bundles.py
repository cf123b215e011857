"""Bundles of hundreds of pages: time by the page, memory that hardly grows, and pages that hold anything."""

import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from mapping.formats import read_text
from mapping.text import Text
from tests.conftest import ROOT
from tests.growth import LINEAR, growth
from tests.mapping.test_formats_pdf_places import STORY, cut, draw_columns

READ = """
import json, resource, sys
from pathlib import Path
from mapping.formats import read_text
read_text(Path(sys.argv[1]).read_bytes())
before = resource.getrusage(resource.RUSAGE_SELF)
text = read_text(Path(sys.argv[2]).read_bytes())
after = resource.getrusage(resource.RUSAGE_SELF)
spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps([text.page_count, after.ru_maxrss - before.ru_maxrss, spent]))
"""


def bundle(pages: int) -> bytes:
    """Pages in one column and in two, tables and lists of votes, each with a head and a foot."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for number in range(1, pages + 1):
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(50, 810, "Ekby kommun")
        canvas.drawString(400, 810, f"Sida {number} av {pages}")
        canvas.drawString(50, 30, "Justerares sign")
        if number % 4 == 0:
            draw_columns(canvas, cut(f"{STORY} {STORY} {STORY}", 2, 50))
        elif number % 4 == 1:
            for line in range(45):
                for column in range(8):
                    canvas.drawString(50 + 60 * column, 780 - 16 * line, f"{number * line * column % 9973}")
        elif number % 4 == 2:
            for line in range(50):
                canvas.drawString(50, 780 - 14 * line, f"Anna Ek nr {line} (S)")
                canvas.drawString(300 + 40 * (line % 3), 780 - 14 * line, "X")
        else:
            for line in range(50):
                canvas.drawString(
                    50, 780 - 14 * line, f"Nämnden noterar rad {line} i bilaga {number} med ett stycke text."
                )
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_five_hundred_pages_take_little_memory_and_a_fair_time(tmp_path: Path) -> None:
    for pages in (8, 500):
        (tmp_path / f"{pages}.pdf").write_bytes(bundle(pages))
    command = [sys.executable, "-c", READ, str(tmp_path / "8.pdf"), str(tmp_path / "500.pdf")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    count, kilobytes, seconds = json.loads(done.stdout)
    assert count == 500
    assert kilobytes < 150_000  # a page of characters that stay in memory would take a megabyte
    assert seconds < 500 / 10  # twenty pages a second are aimed at: half of it is allowed on a busy machine


def test_time_grows_with_the_number_of_pages_of_a_bundle_only() -> None:
    made = {pages: bundle(pages) for pages in (5, 40)}
    assert growth(lambda pages: read_text(made[pages]), 5) < LINEAR


@pytest.mark.parametrize("seed", range(4))
def test_words_strewn_over_a_page_are_all_there(seed: int) -> None:
    chance = random.Random(seed)
    words = [f"ord{index}" for index in range(400)]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for word in words:
        canvas.setFont(chance.choice(("Helvetica", "Times-Bold", "Courier")), chance.uniform(2, 5))
        canvas.drawString(chance.uniform(0, 560), chance.uniform(0, 840), word)
    canvas.save()
    text = read_text(out.getvalue())
    assert isinstance(text, Text)
    assert sum(word in text.canonical for word in words) > 0.9 * len(words)  # words may lie over one another
