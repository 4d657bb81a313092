"""A shape on a sheet without what stands for however many samples there are: `(None, 98, 98, 5)`."""

from cnncalc.checking.given import Given, cells_of
from cnncalc.problem.names import quantity_name
from cnncalc.problem.tensor.typed import Typed, object_array
from cnncalc.problem.tensor.written_sizes import BATCH, HOLES
from cnncalc.records import replace


def without_open_batch(name: str, typed: Typed, due: int, batch: int | None) -> Typed:
    """A shape without the `None` in front, which says that there may be any number of samples.

    In a mini-batch that is the number of its samples; a `?` there is a cell that is missing.
    """
    asked = quantity_name(name)
    entries = typed.entries
    if asked is None or asked[0] != "shape" or entries is None or entries.ndim != 1:
        return typed
    first, *rest = cells_of(entries)
    written = first.text.strip().lower()
    if written not in BATCH or len(rest) != (due if batch is None else due - 1):
        return typed
    if batch is None:
        return replace(typed, shape=(due,), entries=object_array(rest, (due,)))
    known = first if written in HOLES else Given(str(batch), batch)
    return replace(typed, entries=object_array([known, *rest], typed.shape))
