"""Gathers the faults of a file, so that all of them come at once, but not a million."""

from cnncalc.problem.text.faults import Fault, Place

SHOWN = 50
GATHERED = 1000


class TooManyFaults(Exception):
    """Raised by the collector when reading on would only cost time."""


class Collector:
    """The faults found so far. It is handed down to every reader."""

    def __init__(self) -> None:
        self._faults: dict[Fault, None] = {}

    def add(self, message: str, remedy: str, place: Place | None = None) -> None:
        """Note one fault; raises TooManyFaults when there are more than anybody wants to read."""
        self._faults[Fault(message, remedy, place)] = None
        if len(self._faults) >= GATHERED:
            raise TooManyFaults

    def __len__(self) -> int:
        return len(self._faults)

    def report(self) -> list[Fault]:
        """The faults by place, the first 50 of them, and how many more there are."""
        ordered = sorted(self._faults, key=lambda f: (f.place is not None, f.place or Place(0, 0)))
        rest = ordered[SHOWN:]
        if not rest:
            return ordered
        # One less than all were looked for is not known to be all.
        number = f"at least {len(rest)}" if len(ordered) >= GATHERED else str(len(rest))
        more = Fault(f"and {number} more", "mend the faults above first", rest[0].place)
        return [*ordered[:SHOWN], more]
