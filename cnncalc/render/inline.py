"""Text with mathematics and names in it, in spans: the one place that knows what `$` and the backquote mean."""

import re
from collections.abc import Mapping
from typing import TypeAlias

from cnncalc.records import dataclass
from cnncalc.render.formula import Formula


@dataclass(frozen=True)
class Plain:
    """Words."""

    text: str


@dataclass(frozen=True)
class Code:
    """A name, a key or a command, which stays as it is."""

    text: str


Span: TypeAlias = Plain | Code | Formula


def spans(text: str, names: Mapping[str, str] | None) -> list[Span]:
    """The text of one language in spans, in order; formulas only where there are `names`.

    A dollar or a backquote without its partner is a sign like any other.
    """
    pattern = r"`([^`]+)`" if names is None else r"`([^`]+)`|\$([^$]+)\$"
    found: list[Span] = []
    end = 0
    for match in re.finditer(pattern, text):
        if match.start() > end:
            found.append(Plain(text[end : match.start()]))
        if match[1] is not None:
            found.append(Code(match[1]))
        else:
            found.append(Formula(match[2], names or {}))
        end = match.end()
    if end < len(text):
        found.append(Plain(text[end:]))
    return found
