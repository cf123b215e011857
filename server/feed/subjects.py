"""The subjects of a graph with all that it says of each, as the engine writes it out."""

from collections.abc import Callable


class Subjects:
    """A file that N-Triples are written to, which hands on the triples of each subject, sorted."""

    def __init__(self, take: Callable[[str, bytes], object]) -> None:
        self._take = take
        self._rest = b""
        self._subject = b""
        self._lines: list[bytes] = []

    def write(self, part: bytes) -> int:
        lines = (self._rest + part).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            subject = line.partition(b" ")[0]
            if subject != self._subject:
                self.close()
                self._subject = subject
            self._lines.append(line + b"\n")
        return len(part)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Hand on the last subject. Raises ValueError where it is no IRI."""
        if self._lines:
            if not self._subject.startswith(b"<"):
                raise ValueError(f"{self._subject.decode()}: a blank node")
            self._take(self._subject[1:-1].decode(), b"".join(sorted(self._lines)))
        self._lines = []
