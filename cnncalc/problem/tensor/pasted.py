"""Tensors as programs print them and other languages write them: NumPy, PyTorch, MATLAB, C, rows of Markdown."""

import re
from itertools import pairwise
from typing import Any

from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Items, Node, Scalar
from cnncalc.problem.text.pattern import pattern

_CALLED = r"(?:(?:np|numpy|torch|tf|jnp)\.)?(?:array|asarray|tensor|DeviceArray|Parameter|constant|matrix)\s*\("
_CALL = pattern(_CALLED, re.IGNORECASE)
_REPRESENTED = pattern(r"<tf\.Tensor:[^<>]*\bnumpy=\s*([^<>]*)>|Parameter containing:\s*(.*)", re.DOTALL)
_MADE = pattern(r"(?:np|numpy|torch|tf|jnp)\.(?:random\.)?(?:ones|zeros|full|arange|eye|randn?|linspace|empty)\w*\(")
_BEHIND = pattern(r",\s*(?:dtype|device|grad_fn|requires_grad|shape|numpy)\s*=\s*(?:<[^>]*>|[^,()]*(?:\([^()]*\))?)")
_LEFT_OUT = pattern(r"\.\.\.|…")
_TOKEN = pattern(r"[\[\]{};,\n]|[^\s\[\]{};,]+")
_RULE = pattern(r"\|?(?:\s*:?-+:?\s*\|?)+")
_TURNED = pattern(r"(?<=\])\s*(?:\^\s*\{?\s*(?:T|\\top|\\mathrm\{T\}|\\intercal)\s*\}?|ᵀ|'|\.T)$")
_NUMBER_LIKE = pattern(r"\d|[½⅓¼?]")
_PAGE = pattern(r"^\s*\w*\s*\(\s*:\s*,\s*:(?:\s*,\s*\d+)+\s*\)\s*=", re.MULTILINE)
PAGES = "these are MATLAB's pages, with a heading for each"
WITHOUT_HEADINGS = "leave the headings out and an empty line between channels (two between kernels or samples)"
_PRINT = pattern(rf"^\s*{_CALLED}", re.MULTILINE | re.IGNORECASE)
PRINTS = "several tensors are printed below each other here"
IN_A_LIST = "write them as one list: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]] are two channels"
_OPEN = {"[": "]", "{": "}"}
DEEPEST = 50
"""Brackets within brackets; tensors have six axes at most."""
LINE_OF_A_PRINT = 50
"""Characters at least, where one number more has no place in the 75 or 80 that NumPy and PyTorch have."""
_BETWEEN = pattern(r"\s*,\s*|\s+")
_ONE_NUMBER = pattern(r"[-+−]?\d+,\d+|[-+−]?\d{1,3}(?:,\d{3})+|[-+−]?\d+(?: \d{3})+")
"""With a decimal comma, or with thousands."""
_TUPLES = str.maketrans("()", "[]")
_ABSOLUTE = pattern(r"\|[^\s|]+\|")
"""`|-3|`, which is no row of one cell."""
_ROW = pattern(r"[-+−]?[\d.][\d.eE]*(?:(?:\s*,\s*|\s+)[-+−]?[\d.][\d.eE]*)+")
"""Two numbers or more; `1 1/2` is for its writer to say."""


def pasted(node: Scalar, faults: Collector) -> Node | None:
    """The tensor as nested lists of the cells in it; None where the text is none of these (it may be another form).

    A print that leaves numbers out is a fault that says how to print all of them.
    """
    text = _REPRESENTED.sub(r"\1\2", node.text.strip())
    if text.startswith("((") and text.endswith("))"):
        text = text.translate(_TUPLES)
    for several, message, remedy in ((_PAGE, PAGES, WITHOUT_HEADINGS), (_PRINT, PRINTS, IN_A_LIST)):
        if len(several.findall(text)) > (several is _PRINT):
            return faults.add(message, remedy, node.place)
    made = _MADE.match(text)
    if made is not None and "\n" not in text:
        from cnncalc.problem.tensor.created import created

        known = created(text)
        if known is not None:
            return _node(known.tolist(), node)
        sizes = re.findall(r"\d+", text)[:4] if "rand" in made[0] else []
        remedy = "write its numbers, or `{shape: [3, 3], fill: 1}` where all are equal"
        if sizes:
            remedy = f"write its numbers, or `{{shape: [{', '.join(sizes)}], random: {{seed: 0}}}}` for others"
        faults.add(f"`{made[0]}…)` is a call, and no program is run", remedy, node.place)
        return None
    turned = _TURNED.sub("", text)
    text = turned if "]" not in turned[:-1] and ";" not in turned else text
    call = _CALL.match(text)
    if call and text.endswith(")"):
        text = _BEHIND.sub("", text[call.end() : -1]).strip()
    is_value = _ABSOLUTE.fullmatch(text) is not None
    is_table = (
        "|" in text[1:] and not is_value and (text.startswith("|") or all(" | " in line for line in text.split("\n")))
    )
    is_nested = text[:1] in _OPEN and text[-1:] == _OPEN[text[:1]] and _is_nested(text)
    is_rows = (";" in text or (text[:1] == "[" and "\n" in text)) and "\\" not in text and not is_table
    if not (call or is_table or is_nested or is_rows):
        return None
    if _LEFT_OUT.search(text):
        remedy = "print all of it: np.set_printoptions(threshold=10**9), or torch.set_printoptions(profile='full')"
        return faults.add("numbers are left out of this print (`...`)", remedy, node.place)
    if is_table:
        return _node(_table(text), node)
    is_deep = any(bracket in text[1:] for bracket in _OPEN)
    is_list = is_deep or (";" not in text and (bool(call) or _is_wrapped(text)))
    rows = _rows(text) if is_rows and not is_list else _nested(text)
    return None if rows is None else _node(rows, node)


def in_rows(node: Items) -> Node | None:
    """Rows without brackets, which YAML takes for texts: MATLAB's `[1 2; 3 4]`, `[1 2]`, or a line `- 1 2` for each."""
    if len(node.items) == 1 and isinstance(node.items[0], Items):
        inner = in_rows(node.items[0])
        return inner if isinstance(inner, Scalar) else None
    rows = [
        item for item in node.items if isinstance(item, Scalar) and (item.style is None or _ROW.fullmatch(item.text))
    ]
    if not rows or len(rows) != len(node.items):
        return None
    if any(";" in row.text for row in rows):
        return rows[0]._replace(text=f"[{','.join(row.text for row in rows)}]", style="'")
    are_below = all(above.line < below.line for above, below in pairwise(rows))
    if not are_below or not all(_ROW.fullmatch(row.text) for row in rows):
        return None
    return _row(rows[0]) if len(rows) == 1 else Items([_row(row) for row in rows], node.place)


def in_one(node: Scalar) -> Node | None:
    """Numbers without brackets, `1 2 3` or `1, 2, 3`, as a list; None for anything that one number may be meant by."""
    if node.style is not None or "\n" in node.text or not _ROW.fullmatch(node.text) or _ONE_NUMBER.fullmatch(node.text):
        return None
    return _row(node)


def _row(node: Scalar) -> Items:
    return Items([node._replace(text=cell, style="'") for cell in _BETWEEN.split(node.text)], node.place)


def _is_nested(text: str) -> bool:
    """Whether brackets hold brackets, or numbers without commas; braces are C's in any case."""
    inner = text[1:-1].strip()
    if text[0] == "{" and "," in inner and ":" not in inner and "\\" not in inner:
        return True
    return inner[:1] in _OPEN or (" " in inner and "," not in inner and ";" not in inner and "\\" not in inner)


def _rows(text: str) -> list[Any]:
    """MATLAB's: rows parted by semicolons or lines, columns by blanks or commas."""
    inner = text[1:-1] if text[:1] in _OPEN else text
    rows = [row.replace(",", " ").split() for row in re.split(r"[;\n]", inner)]
    return [row for row in rows if row]


def _is_wrapped(text: str) -> bool:
    """Whether one list is printed over several lines: as long as lines are, the last one shorter."""
    lines = text.split("\n")
    *full, last = (len(line.strip("[]").replace(",", " ").split()) for line in lines)
    return len({*full}) == 1 and last < full[0] and len(lines[0]) >= LINE_OF_A_PRINT


def _table(text: str) -> list[Any]:
    """The rows of a Markdown table, without its rule and its headings."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    ruled = next((at for at, line in enumerate(lines) if _RULE.fullmatch(line)), None)
    kept = [line for at, line in enumerate(lines) if at != ruled]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in kept]
    if ruled == 1 and not all(_NUMBER_LIKE.search(cell) for cell in rows[0]):
        rows = rows[1:]
    return rows


def _nested(text: str) -> list[Any] | None:
    """Lists in brackets or braces; a semicolon or a line's end parts numbers as a comma does."""
    stack: list[list[Any]] = [[]]
    closing: list[str] = []
    for token in _TOKEN.findall(text):
        if token in _OPEN and len(stack) > DEEPEST:
            return None
        if token in _OPEN:
            inner: list[Any] = []
            stack[-1].append(inner)
            stack.append(inner)
            closing.append(_OPEN[token])
        elif token in ("]", "}"):
            if not closing or closing.pop() != token:
                return None
            stack.pop()
        elif token not in (",", ";", "\n"):
            stack[-1].append(token)
    return stack[0][0] if not closing and len(stack[0]) == 1 and isinstance(stack[0][0], list) else None


def _node(rows: Any, node: Scalar) -> Node:
    if isinstance(rows, list):
        return Items([_node(row, node) for row in rows], node.place)
    return node._replace(text=str(rows), style="'", length=1)
