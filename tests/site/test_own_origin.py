"""Nothing is asked of anybody else, nothing is stopped by the policy, nothing goes wrong in the browser."""

import pytest

from tests.site.conftest import Open
from tests.site.pages import KINDS, Kind
from tests.site.visit import HARM

MOST_BYTES = 150_000


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_page_is_quiet(opened: Open, kind: Kind) -> None:
    with opened(kind) as seen:
        seen.page.wait_for_load_state("networkidle")
        own = f"{seen.page.url} "
        status = [
            each for each in seen.complaints if f"{kind.status}" in each and own.startswith(each.rpartition(" ")[2])
        ]
        assert seen.elsewhere == []
        assert seen.blocked() == []
        assert [each for each in seen.complaints if kind.status < 400 or each not in status] == []
        assert seen.dialogs == []
        assert seen.told(HARM) == []


def test_the_start_page_is_small(opened: Open) -> None:
    """Everything it transfers, in an empty browser; heads of answers count too."""
    with opened(KINDS[0]) as seen:
        sizes = []
        seen.page.on("requestfinished", lambda request: sizes.append(request.sizes()))
        session = seen.page.context.new_cdp_session(seen.page)
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
        seen.page.reload(wait_until="networkidle")
        transferred = sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)
        assert len(sizes) >= 2 and 1000 < transferred < MOST_BYTES
