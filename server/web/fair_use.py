"""How much of the service one client may use: token buckets of query time and of errors, and queries at once.

One bucket refills evenly up to its capacity and is emptied by what is used (the way the Wikidata Query Service does
it). A query is admitted as long as anything is left, and pays afterwards, so that a bucket may go below nothing: that
debt is refilled before the next query. For one event loop: nothing here waits, and nothing is locked. Times are
time.monotonic(), in seconds.
"""

import math
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

LONGEST_WAIT: Final = 60  # seconds that a client is told to wait at most
SWEPT: Final = 2  # of the stalest clients that are looked at, to forget them, whenever a new one comes

Why = Literal["too-many-parallel", "too-much-time", "too-many-errors"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may use; None or 0 means: as much as it wants. A capacity of None is two minutes' refill."""

    seconds_per_minute: float | None = 60.0  # of query time
    most_seconds: float | None = None  # of query time saved up
    errors_per_minute: float | None = 30.0
    most_errors: float | None = None  # saved up
    parallel: int | None = 5  # queries at once, those that wait included
    clients: int = 100_000  # remembered at most; some 200 bytes each


@dataclass(frozen=True, slots=True)
class Wait:
    """A refusal: after how many whole seconds (1 to 60) to try again, and which limit it was."""

    seconds: int
    why: Why


@dataclass(slots=True)
class _Account:
    seconds: float  # of query time left, below 0: owed
    errors: float  # left
    at: float  # when this was true
    running: int = 0


class Clients:
    """The accounts of the clients, by any text that tells one from another.

    A query that is admitted is begun and ended; what costs nothing (pages, results from the cache) is neither. An
    error without a query (a request that cannot be read) is only spent.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._time_rate = (limits.seconds_per_minute or 0) / 60
        self._error_rate = (limits.errors_per_minute or 0) / 60
        self._most_seconds = limits.most_seconds or 120 * self._time_rate
        self._most_errors = limits.most_errors or 120 * self._error_rate
        self._parallel = limits.parallel or math.inf
        self._accounts: dict[str, _Account] = {}  # the stalest first

    def __len__(self) -> int:
        return len(self._accounts)

    def admit(self, client: str, now: float) -> Wait | None:
        """None when the client may ask a query now, else what it has to wait for."""
        account = self._accounts.get(client)
        if account is None:
            return None
        if account.running >= self._parallel:
            return Wait(1, "too-many-parallel")
        self._refill(account, now)
        if self._time_rate and account.seconds <= 0:
            return Wait(_whole(-account.seconds / self._time_rate), "too-much-time")
        if self._error_rate and account.errors < 1:
            return Wait(_whole((1 - account.errors) / self._error_rate), "too-many-errors")
        return None

    def begin(self, client: str, now: float) -> None:
        """A query of this client runs from now on."""
        account = self._accounts.get(client) or self._account(client, now)
        account.running += 1

    def end(self, client: str, spent_seconds: float, failed: bool, now: float) -> None:
        """A query of this client, which was begun, has ended after so many seconds; one that was stopped has too."""
        account = self._account(client, now)
        self._charge(account, spent_seconds, failed)
        if account.running:
            account.running -= 1

    def spend(self, client: str, spent_seconds: float, failed: bool, now: float) -> None:
        """Charge a client without a query that was begun: 0 seconds and an error for a request that is none."""
        self._charge(self._account(client, now), spent_seconds, failed)

    def _charge(self, account: _Account, spent_seconds: float, failed: bool) -> None:
        if self._time_rate:
            account.seconds -= spent_seconds
        if failed and self._error_rate:
            account.errors -= 1

    def _account(self, client: str, now: float) -> _Account:
        account = self._accounts.pop(client, None)
        if account is None:
            account = _Account(self._most_seconds, self._most_errors, now)
            self._forget(now)
        else:
            self._refill(account, now)
        self._accounts[client] = account
        return account

    def _refill(self, account: _Account, now: float) -> None:
        passed = now - account.at
        if passed > 0:
            account.at = now
            if account.seconds < self._most_seconds:
                account.seconds = min(account.seconds + passed * self._time_rate, self._most_seconds)
            if account.errors < self._most_errors:
                account.errors = min(account.errors + passed * self._error_rate, self._most_errors)

    def _forget(self, now: float) -> None:
        """Forget the stalest clients that have everything again, and one more where there are too many."""
        for client in list(islice(self._accounts, SWEPT)):
            account = self._accounts[client]
            self._refill(account, now)
            whole = account.seconds >= self._most_seconds and account.errors >= self._most_errors
            if whole and not account.running:
                del self._accounts[client]
        if len(self._accounts) >= self._limits.clients:
            idle = (client for client, account in self._accounts.items() if not account.running)
            stalest = next(idle, None)  # None: all of them are being answered, and stay
            if stalest is not None:
                del self._accounts[stalest]


def _whole(seconds: float) -> int:
    return min(max(math.ceil(seconds), 1), LONGEST_WAIT)
