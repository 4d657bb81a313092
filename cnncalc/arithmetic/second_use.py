"""What was made once and is needed once more."""

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class SecondUse(Generic[T]):
    """Gives back what was kept under a key, and forgets it; it keeps `most` at a time, and forgets the oldest first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: dict[Hashable, tuple[T, object]] = {}

    def take(self, key: Hashable) -> T | None:
        """What waits under this key, or None."""
        found = self._kept.pop(key, None)
        return None if found is None else found[0]

    def keep(self, key: Hashable, made: T, owners: object) -> T:
        """`made`; `owners` are the objects that the key tells by identity: while they live, no others can have it."""
        self._kept[key] = made, owners
        if len(self._kept) > self.most:
            del self._kept[next(iter(self._kept))]
        return made
