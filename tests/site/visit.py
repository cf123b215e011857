"""A page opened in the browser, and what it did while it was open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

PATIENCE = 30_000.0  # milliseconds
BLOCKED = """
window.blockedByPolicy = [];
document.addEventListener("securitypolicyviolation",
  event => window.blockedByPolicy.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""

HARM = """() => [...document.querySelectorAll("main *")]
  .filter(each => each.matches("iframe, object, embed, img[src='x'], style, svg[onload], script:not([type='application/ld+json'])")
    || [...each.attributes].some(({ name, value }) => name.startsWith("on") || /^\\s*(javascript|data|vbscript):/i.test(value)))
  .map(each => each.outerHTML.slice(0, 200))"""
"""Elements that no document may make: the first characters of each."""


@dataclass
class Visit:
    """`elsewhere`: addresses asked for outside of our origin. `complaints`: errors told by the browser, and errors of
    scripts. `dialogs`: what was said in windows that a script opened."""

    page: Page
    origin: str
    status: int = 0
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        """Open an address of the site."""
        answer = self.page.goto(self.origin + address, wait_until="load")
        self.status = answer.status if answer else 0

    def told(self, script: str, *arguments: Any) -> Any:
        return self.page.evaluate(script, *arguments)

    def blocked(self) -> list[str]:
        """What the content security policy has stopped."""
        return list(self.page.evaluate("window.blockedByPolicy"))

    def complained(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(f"{said.text} {said.location.get('url', '')}")

    def asks(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def asked(self, address: str) -> None:
        if not address.startswith((self.origin + "/", "data:", "blob:", "about:")):
            self.elsewhere.append(address)


class Contexts:
    """The browser's contexts, one of each kind, kept for the next test."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.kept: dict[tuple[bool, str], BrowserContext] = {}

    def context(self, scripts: bool, scheme: str) -> BrowserContext:
        if (scripts, scheme) not in self.kept:
            context = self.browser.new_context(java_script_enabled=scripts, color_scheme=scheme, locale="sv-SE")  # type: ignore[arg-type]
            context.set_default_timeout(PATIENCE)
            context.add_init_script(BLOCKED)
            self.kept[scripts, scheme] = context
        return self.kept[scripts, scheme]

    @contextmanager
    def visit(
        self,
        origin: str,
        address: str,
        *,
        scripts: bool = True,
        scheme: str = "light",
        width: int = 1200,
        height: int = 900,
    ) -> Iterator[Visit]:
        """A page in a window of its own, closed at the end."""
        page = self.context(scripts, scheme).new_page()
        page.set_viewport_size({"width": width, "height": height})
        visit = Visit(page, origin)
        page.on("request", lambda request: visit.asked(request.url))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("console", visit.complained)
        page.on("dialog", visit.asks)
        try:
            visit.go(address)
            yield visit
        finally:
            page.close()
