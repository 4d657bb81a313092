"""Small pieces of wording that every fault shares: quoted text, shapes, 'did you mean'."""

import itertools
from collections.abc import Iterable, Sequence

from cnncalc.visible import LONGEST, shown

_MOST_COMPARED = 500
_MOST_LISTED = 24
"""The keys of a file, so that a stray one is answered with all of them."""


def quoted(text: str) -> str:
    """The text in quotes, shortened and visible."""
    return f"'{shown(text)}'"


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as people write it: `2×3×3`."""
    return "×".join(map(str, shape)) if shape else "one number"


def listing(names: Iterable[str]) -> str:
    """`a, b or c`."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def counted(count: int, singular: str, plural: str) -> str:
    """`1 entry`, `3 entries`."""
    return f"{count} {singular if count == 1 else plural}"


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant."""
    if len(word) > LONGEST:  # comparing is quadratic, and nobody misspells at that length
        return None
    near = (name for name in candidates if abs(len(name) - len(word)) <= 4)
    exact = {candidate.casefold(): candidate for candidate in itertools.islice(near, _MOST_COMPARED)}
    plain = word.casefold().replace("-", "_").replace(" ", "_")
    if plain in exact:
        return exact[plain]
    import difflib  # only for a misspelt name

    found = difflib.get_close_matches(plain, list(exact), n=1, cutoff=0.6)
    return exact[found[0]] if found else None


def which_tensor(word: str, names: Sequence[str]) -> str:
    """A hint for a name that no tensor has; where a tensor is used twice by one layer, both parts of its gradient."""
    near = closest(word, names)
    if near is None:
        return f"the tensors are {', '.join(names)}"
    use, _, number = near.rpartition(":")
    alike = [name for name in names if number and use and name.rpartition(":")[0] == use]
    return f"did you mean {listing(alike or [near])}?"


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """A remedy for a name that is none of the candidates."""
    known = list(candidates)
    near = closest(word, known)
    if near is not None:
        return f"did you mean {near}?"
    if not known:
        return "leave it out"
    more = ", …" if len(known) > _MOST_LISTED else ""
    return f"write {', '.join(known[:_MOST_LISTED])}{more}" if more else f"write {listing(known)}"
