"""Buckets in memory."""

from __future__ import annotations


class FakeObjects:
    """``stored`` is every object by (bucket, key): its bytes and their type. ``dies_at`` breaks the n-th put."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], tuple[bytes, str]] = {}
        self.read: list[tuple[str, str, int]] = []
        self.dies_at: int | None = None

    def get(self, bucket: str, key: str, most: int) -> bytes | None:
        """At most ``most`` bytes; None when there is no such object."""
        self.read.append((bucket, key, most))
        found = self.stored.get((bucket, key))
        return None if found is None else found[0][:most]

    def has(self, bucket: str, key: str) -> bool:
        """Whether there is such an object."""
        return (bucket, key) in self.stored

    def put(self, bucket: str, key: str, content: bytes, content_type: str) -> None:
        """Keep an object, unless the process dies here."""
        if self.dies_at is not None:
            self.dies_at -= 1
            if self.dies_at == 0:
                raise ConnectionError("the process died here")
        self.stored[bucket, key] = (content, content_type)

    def keys(self, bucket: str) -> list[str]:
        """What is in one bucket, in order."""
        return sorted(key for where, key in self.stored if where == bucket)
