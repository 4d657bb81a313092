"""Text of others as it may be shown: whatever rules a terminal, turns the reading or hides is made visible.

Titles, names of files, keys and answers come from people whom the reader may not trust. Control characters,
bidirectional overrides, zero-width characters and halves of surrogate pairs become their code, as Python writes it:
`\\x1b`, `\\u202e`.
"""

LONGEST = 40
"""Characters of a word in a message; nobody recognises a longer one by its end."""
LONGEST_PATH = 200
# Letters and marks by their category, and yet nothing is seen of them.
_HIDDEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
_BLANKS = frozenset("\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))


def is_visible(character: str) -> bool:
    """Whether something is seen of it, or a blank of some width, and nothing else happens."""
    return character in _BLANKS or (character.isprintable() and character not in _HIDDEN)


def visible(text: str) -> str:
    """The text with the code of each character that cannot be seen in its place."""
    if text.isprintable() and (text.isascii() or _HIDDEN.isdisjoint(text)):
        return text
    return "".join(character if is_visible(character) else ascii(character)[1:-1] for character in text)


def shown(text: str, longest: int = LONGEST) -> str:
    """The text as a message repeats it: visible, and no longer than what helps."""
    return visible(text if len(text) <= longest else text[: longest - 1] + "…")


def shown_path(path: str) -> str:
    """The name of a file as a message repeats it: its end says the most."""
    return visible(path if len(path) <= LONGEST_PATH else "…" + path[1 - LONGEST_PATH :])
