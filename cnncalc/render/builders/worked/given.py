"""The numbers of the problem at the front of a worked solution."""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from cnncalc.language import Phrase, marked_up
from cnncalc.layers.base import Index
from cnncalc.render.builders.worked.tensor import MOST_IN_A_ROW, WorkedTensor
from cnncalc.render.document import Block, Cell, Matrix, MatrixRow, Paragraph, TensorBlock, matrix_of
from cnncalc.trace import Tensor

NOT_REPEATED = Phrase("The numbers of {tensors} are those of the problem, and are not repeated here.")
MOST_REPEATED = 100
"""Numbers of a given tensor that somebody copies out for a solution to be handed in."""


def given(writer: WorkedTensor, tensors: Sequence[Tensor]) -> Iterator[Block]:
    """Tensors of the problem: several numbers in one line; in a brief solution, small tensors side by side.

    What each is called says its caption; of what is too long to be copied out a brief solution gives the name.
    """
    numbers = [tensor for tensor in tensors if not tensor.shape]
    if len(numbers) > 1:
        values = ((one, writer.elements.number_source(writer.elements.value(one, ()))) for one in numbers)
        said = (marked_up(f"${writer.elements.source(one)} = {value}$") for one, value in values)
        yield Paragraph(Phrase.enumerated(said), names=writer.elements.names)
        tensors = [tensor for tensor in tensors if tensor.shape]
    long = [tensor for tensor in tensors if writer.is_brief and tensor.elements.size > MOST_REPEATED]
    items: list[Matrix] = []
    for tensor in [tensor for tensor in tensors if tensor not in long]:
        in_row = _in_a_row(writer, tensor) if writer.is_brief else None
        if in_row is None:
            yield from writer.blocks(tensor)
        else:
            items.extend(in_row)
    if items:
        yield MatrixRow(tuple(items), writer.elements.names)
    if long:
        sources = Phrase.enumerated(marked_up(f"${writer.elements.source(tensor)}$") for tensor in long)
        yield Paragraph(NOT_REPEATED.format(tensors=sources), names=writer.elements.names)


def _in_a_row(writer: WorkedTensor, tensor: Tensor) -> list[Matrix] | None:
    """The matrices of a small tensor; None of one that has to be cut, and of letters."""
    axes = (1, *tensor.shape)[-2:]
    block = writer.solution.block(tensor)
    is_small = max(*axes, prod(tensor.shape[:-2])) <= MOST_IN_A_ROW
    if not (tensor.shape and is_small and isinstance(block, TensorBlock)):
        return None
    made = []
    for lead in np.ndindex(tensor.shape[:-2]):
        below = "".join(f"{i + writer.elements.base}," for i in lead)
        caption = writer.elements.source(tensor) + (f"_{{{below}:,:}}" if below else "")

        def cell(row: int, column: int, lead: Index = lead) -> Cell:
            return block.cell((*lead, row, column) if len(tensor.shape) > 1 else (column,))

        made.append(matrix_of(caption, range(axes[0]), range(axes[1]), cell))
    return made
