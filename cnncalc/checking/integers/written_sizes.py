"""A shape on a sheet without the axis of samples that the problem has none of: `(None, 98, 98, 5)`."""

import re
from fractions import Fraction

from cnncalc.checking.given import Given, cells_of
from cnncalc.language import NOTHING, Phrase
from cnncalc.problem.names import quantity_name
from cnncalc.problem.problem import Problem
from cnncalc.problem.tensor.typed import Typed, object_array
from cnncalc.problem.tensor.written_sizes import BATCH, HOLES
from cnncalc.records import replace

ONE_SAMPLE = Phrase(
    en="the 1 in front is read as a mini-batch of one sample, as PyTorch and Keras have it; this problem has none",
    zh="最前面的 1 视为只含一个样本的批量维（PyTorch、Keras 的写法）；本题没有批量维",
)


IN_BYTES = Phrase(
    en="read as {count} bytes, with 1024 bytes in a KB and 1024 KB in an MB",
    zh="读作 {count} 字节：1 KB = 1024 字节，1 MB = 1024 KB",
)
_UNITS = re.compile(r"([\d.,]+)\s*([KMG])i?B", re.IGNORECASE)


def _in_bytes(typed: Typed, given: Given) -> tuple[Typed, Phrase]:
    """`784 KB` in bytes, and what is to be said; a number without a unit as it is."""
    written = _UNITS.fullmatch(given.text.strip())
    if written is None:
        return typed, NOTHING
    count = Fraction(written[1].replace(",", "")) * 1024 ** ("KMG".index(written[2].upper()) + 1)
    number = int(count) if count.denominator == 1 else count
    return replace(
        typed, entries=object_array([Given(given.text, number)], (1,)).reshape(typed.shape)
    ), IN_BYTES.format(count=str(number))


def without_batch(name: str, typed: Typed, due: int, problem: Problem) -> tuple[Typed, Phrase]:
    """A shape without the `None` in front, which says that there may be any number of samples, and what is to be said.

    In a mini-batch that is the number of its samples; a `?` there is a cell that is missing. A 1 is a mini-batch of
    one sample where the problem has none, of anything but a parameter and a single number.
    """
    asked = quantity_name(name)
    entries = typed.entries
    if asked is not None and asked[0] == "memory" and entries is not None and entries.size == 1:
        return _in_bytes(typed, cells_of(entries)[0])
    if asked is None or asked[0] != "shape" or entries is None or entries.ndim != 1:
        return typed, NOTHING
    first, *rest = cells_of(entries)
    written = first.text.strip().lower()
    if problem.batch is None and len(rest) == due and (written in BATCH or (written == "1" and due)):
        parameters = {given.name for entry in problem.layers for given in entry.parameters.values()}
        if written == "1" and asked[1].removeprefix(f"d{problem.loss_name}/d") in parameters:
            return typed, NOTHING
        return replace(typed, shape=(due,), entries=object_array(rest, (due,))), (
            ONE_SAMPLE if written == "1" else NOTHING
        )
    if problem.batch is None or written not in BATCH or len(rest) != due - 1:
        return typed, NOTHING
    known = first if written in HOLES else Given(str(problem.batch), problem.batch)
    return replace(typed, entries=object_array([known, *rest], typed.shape)), NOTHING
