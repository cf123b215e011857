"""Files that one process at a time may write."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from server.data_folder.files import locked
from server.storage.publishing import PublishFailed, only_publisher


def test_a_lock_has_one_holder_and_is_free_after_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path) as own:
        assert own and path.exists()
        with locked(path) as other:
            assert not other
        with locked(path) as other:
            assert not other  # whoever did not get it has not let it go
    with pytest.raises(KeyError), locked(path):
        raise KeyError
    with locked(path) as own:
        assert own


def test_who_waits_gets_it_when_it_is_free(tmp_path: Path) -> None:
    begun = Event()

    def wait() -> bool:
        begun.set()
        with locked(tmp_path / "lock", 20.0) as own:
            return own

    with ThreadPoolExecutor(1) as threads:
        with locked(tmp_path / "lock"):
            waiting = threads.submit(wait)
            assert begun.wait(20)
            with pytest.raises(TimeoutError):
                waiting.result(0.2)
        assert waiting.result(20)


def test_only_one_publishes_at_a_time(tmp_path: Path) -> None:
    refused = pytest.raises(PublishFailed, match="another process is publishing")
    with only_publisher(tmp_path), refused, only_publisher(tmp_path):
        pass
    with only_publisher(tmp_path):
        pass
