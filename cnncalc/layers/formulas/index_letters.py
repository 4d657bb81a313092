r"""The letters that count along axes: formulas name what they count, and the letter is chosen for the problem at hand.

A layer writes `\y_{\n, \f, \i, \j} = \sum_{\c, \p, \q} …`. Each macro is a role, the same in every layer, and is shown
as a letter that is no name of a tensor in the problem. `\n` vanishes where the input has no samples.
"""

from collections.abc import Collection, Mapping

ROLES = {
    "n": "a sample",
    "c": "a channel of the input",
    "f": "a kernel, a channel of the output",
    "t": "a channel, where channels come in groups",
    "i": "a row of the output, or a feature",
    "j": "a column of the output, or another feature",
    "k": "an output",
    "p": "a row of the kernel or the window",
    "q": "a column of it",
    "u": "a row of the other image: the input of a convolution",
    "v": "a column of it",
    "m": "how many: no index, but a letter that formulas choose too",
}
PAIRS = ("ij", "pq", "uv")
"""Rows and columns, whose letters are chosen together."""
OTHER_PAIRS = ("rs", "ab", "hw", "yz")
OTHERS = "rsabhwzlogdy"
"""What is taken instead of letters that are names, in this order."""


def index_letters(names: Collection[str]) -> Mapping[str, str]:
    """A letter for each role: none of the names, and each only once."""
    groups = [*PAIRS, *(role for role in ROLES if role not in "".join(PAIRS))]
    chosen: dict[str, str] = {}
    for group in sorted(groups, key=lambda group: not _is_free(group, names)):
        taken = {*names, *chosen.values()}
        others = OTHER_PAIRS if len(group) == 2 else OTHERS
        letters = next((letters for letters in (group, *others) if _is_free(letters, taken)), None)
        chosen |= zip(group, letters or (_numbered(role, taken) for role in group), strict=True)
    return chosen


def _is_free(letters: str, taken: Collection[str]) -> bool:
    return not any(letter in taken for letter in letters)


def _numbered(role: str, taken: Collection[str]) -> str:
    """`i1`, or the first number behind it that no tensor has."""
    number = 1
    while f"{role}{number}" in taken:
        number += 1
    return f"{role}{number}"
