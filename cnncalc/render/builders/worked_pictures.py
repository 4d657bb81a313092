"""What is rather looked at than read, in front of the numbers of a tensor: a window at work, a pool's way back."""

from collections.abc import Iterator

from cnncalc.layers.conv import Conv
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.render.builders.element import Elements
from cnncalc.render.builders.worked_pools import ways_back
from cnncalc.render.document import Block, Figure
from cnncalc.render.drawing.window import Written, window
from cnncalc.scene import Scene
from cnncalc.trace import Tensor, Trace


def looked_at(trace: Trace, tensor: Tensor, scene: Scene, elements: Elements) -> Iterator[Block]:
    """The picture of a convolution's window, and the table of a pool's gradient."""
    local = trace.maker(tensor)[1]
    if isinstance(scene.layer, Conv) and local == "y" and not trace.numbers.letters_of(tensor.elements.flat[0]):
        sample = (0,) if tensor.batched else ()
        written = Written(elements.number, lambda output: elements.address(tensor, (*sample, 0, *output)))
        drawing = window(Convolution(scene), tensor.name, written)
        if drawing is not None:
            yield Figure(drawing)
    table = ways_back(trace, tensor, elements)
    if table is not None:
        yield table
