"""Everything can be reached and used with the keyboard alone."""

import pytest

from tests.site.conftest import Open
from tests.site.pages import KINDS, Kind
from tests.site.visit import Visit

MOST = 120
"""Times that Tab is pressed; longer pages have only more of the same links."""
FOLDED = 3
SHADOWED = 5
"""At most so many more stops inside of elements with a tree of their own."""
REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]")]
  .filter(each => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }))
  .filter(each => !(each.type === "radio" && each.name && each !== (document.querySelector(
    `input[name="${each.name}"]:checked`) || document.querySelector(`input[name="${each.name}"]`))))"""
RECORD = f"""most => {{
  window.expected = ({REACHABLE})().slice(0, most);
  window.reached = [];
  window.unseen = [];
  document.addEventListener("focusin", ({{ target }}) => {{
    window.reached.push(target);
    const {{ outlineStyle, outlineWidth, boxShadow }} = getComputedStyle(target);
    const box = target.getBoundingClientRect();
    const marked = (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none"
      || target.shadowRoot;
    const shown = box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth;
    if (!marked || !shown) window.unseen.push(target.outerHTML.slice(0, 200));
  }});
  return window.expected.length;
}}"""
MISSED = """() => window.expected.filter(each => !window.reached.includes(each)).map(each => each.outerHTML.slice(0, 200))"""
ORDERED = "window.reached.filter(each => window.expected.includes(each)).map(each => window.expected.indexOf(each))"
IN_EDITOR = """(() => {
  let inner = document.activeElement;
  while (inner.shadowRoot?.activeElement) inner = inner.shadowRoot.activeElement;
  return Boolean(inner.closest("textarea, [contenteditable=true]"));
})()"""
EDITOR_MARKED = """() => {
  let inner = document.activeElement;
  while (inner.shadowRoot?.activeElement) inner = inner.shadowRoot.activeElement;
  for (let each = inner; each; each = each.parentElement) {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    if (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) return true;
  }
  return false;
}"""
"""An editor may mark itself a moment after it has the focus."""
FOCUSED = "document.activeElement.outerHTML.slice(0, 200)"


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_tab_reaches_every_control_in_order_and_the_focus_is_seen(opened: Open, kind: Kind) -> None:
    with opened(kind) as seen:
        for _ in range(seen.told(RECORD, MOST) + SHADOWED):
            onward(seen)
        assert seen.told(MISSED) == []
        assert seen.told("window.unseen") == []
        order = list(dict.fromkeys(seen.told(ORDERED)))
        assert order == sorted(order)


def onward(seen: Visit) -> None:
    """To the next control; an editor, in which Tab may indent, is left with Escape and Tab."""
    if seen.told(IN_EDITOR):
        seen.page.keyboard.press("Escape")
    seen.page.keyboard.press("Tab")


def test_the_first_stop_skips_to_the_content(opened: Open) -> None:
    for kind in KINDS[:2]:
        with opened(kind) as seen:
            seen.page.keyboard.press("Tab")
            assert seen.told("document.activeElement.className") == "skip"
            assert seen.told("document.activeElement.getBoundingClientRect().left >= 0")
            seen.page.keyboard.press("Enter")
            assert seen.told("document.activeElement.id") == "content"
            seen.page.keyboard.press("Tab")
            assert seen.told(
                "Boolean(document.activeElement.closest('main')) || document.activeElement === document.body"
            )


def test_a_search_is_typed_and_sent(opened: Open) -> None:
    with opened(KINDS[0]) as seen:
        until(seen, "document.activeElement.name === 'q'")
        seen.page.keyboard.type("motion")
        with seen.page.expect_navigation():
            seen.page.keyboard.press("Enter")
        assert "/search?" in seen.page.url and "q=motion" in seen.page.url


def test_the_editor_is_left_and_the_query_sent(opened: Open) -> None:
    with opened(QUERY) as seen:
        until(seen, f"document.activeElement.closest('main') && {IN_EDITOR}")
        seen.page.wait_for_function(EDITOR_MARKED)
        inside = seen.told(FOCUSED)
        onward(seen)
        assert seen.told(FOCUSED) != inside and not seen.told(IN_EDITOR)
        until(seen, "document.activeElement.matches('main form.query button[type=submit]')")
        seen.page.keyboard.press("Enter")
        seen.page.locator("main table tbody tr").first.wait_for()


def test_what_is_folded_is_opened(opened: Open) -> None:
    """On the first kinds of pages that have something folded."""
    folded = 0
    for kind in KINDS:
        with opened(kind) as seen:
            summary = seen.page.locator("main details:not([open]) > summary").first
            if not summary.count():
                continue
            folded += 1
            summary.focus()
            seen.page.keyboard.press("Enter")
            assert seen.told("document.activeElement.parentElement.open"), kind
        if folded == FOLDED:
            break
    assert folded == FOLDED


def until(seen: Visit, condition: str) -> None:
    """Press Tab until a control is reached."""
    for _ in range(MOST):
        if seen.told(f"Boolean({condition})"):
            return
        onward(seen)
    pytest.fail(f"never reached with Tab: {condition}")


QUERY = next(kind for kind in KINDS if kind.name == "query")
