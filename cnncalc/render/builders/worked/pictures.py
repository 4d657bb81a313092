"""What is rather looked at than read, in front of the numbers of a tensor: windows at work, ways back, shaded maps.

The way back through a pool has a row for each window: its gradient, and which cells get how much of it."""

from collections.abc import Iterator

import numpy as np

from cnncalc.explaining import Explanation, explain
from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.pools import GlobalAvgPool
from cnncalc.layers.signals import OnSignals
from cnncalc.layers.windows.axis import Pair
from cnncalc.layers.windows.pool import Pool
from cnncalc.layers.windows.row import plain_index
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.lessons.lesson import IMAGE_RANK
from cnncalc.lessons.signals import as_images
from cnncalc.render.builders.element import Elements
from cnncalc.render.document import Block, Column, Figure, Table
from cnncalc.render.drawing.drawing import Drawing
from cnncalc.render.drawing.pictures import field, heat, pool, stamps
from cnncalc.render.drawing.window import back, back_through_stamps, forward, window
from cnncalc.render.formula.formula_text import display_name
from cnncalc.scene import Scene
from cnncalc.trace import Tensor, Trace

WINDOW = Phrase("window")
ITS_GRADIENT = Phrase("its gradient")
GOES_TO = Phrase("goes to")
EACH_GETS = Phrase("each gets")
CELLS = Phrase("{count} cells, {first} to {last}")
NONE = Phrase("no cell of the input")
MOST_WINDOWS = 16
MOST_CELLS = 400
MOST_LISTED = 4


def ways_back(trace: Trace, tensor: Tensor, elements: Elements) -> Table | None:
    """The table of a pool's gradient by its input; None for another tensor, and where there are too many windows."""
    step, local = trace.maker(tensor)
    if step is None or local != "dx" or not isinstance(step.layer, Pool):
        return None
    gradient = trace[step.names["g"]]
    is_small = gradient.elements.size <= MOST_WINDOWS and tensor.elements.size <= MOST_CELLS
    if not (is_small or elements.everything):
        return None
    shares: dict[tuple[int, ...], list[Explanation]] = {index: [] for index in np.ndindex(gradient.shape)}
    amounts = {}
    for place in np.ndindex(tensor.shape):
        made = explain(trace, tensor, place)
        for term, entry in zip(made.terms, made.entries(), strict=True):
            index = made.read(entry).index
            shares[index].append(made)
            amounts[index] = trace.numbers.number(term.coefficient) * made.read(entry).value
    x, y = trace[step.names["x"]], trace[step.names["y"]]

    def told(tensor: Tensor, index: tuple[int, ...]) -> Phrase:
        return marked_up(f"${elements.source(tensor, index)}$")

    def number(element: object) -> Phrase:
        return verbatim(elements.number(element).plain)

    def rows() -> Iterator[tuple[Phrase, ...]]:
        for index, cells in shares.items():
            names = [told(x, made.index) for made in cells]
            if len(names) > MOST_LISTED:
                where = CELLS.format(count=len(names), first=names[0], last=names[-1])
            else:
                where = Phrase.enumerated(names) if names else NONE
            gets = number(amounts[index]) if cells else verbatim("")
            yield told(y, index), number(gradient.elements[index]), where, gets

    columns = Column(WINDOW), Column(ITS_GRADIENT, "right"), Column(GOES_TO), Column(EACH_GETS, "right")
    return Table(columns, tuple(rows()), elements.names)


def looked_at(trace: Trace, tensor: Tensor, scene: Scene, elements: Elements) -> Iterator[Block]:
    """The pictures of a window and of a pool, and the table of a pool's gradient."""
    if tensor.stage == "update":
        return  # They would be those of the pass before the step.
    table = ways_back(trace, tensor, elements)
    drawings = [drawing for drawing in _at_work(trace, tensor, scene, elements) if drawing is not None]
    if table is not None and not drawings:
        yield table
    # A pool's table says what its picture does.
    yield from (Figure(drawing, () if table is None else (table,)) for drawing in drawings)


def _at_work(trace: Trace, tensor: Tensor, scene: Scene, elements: Elements) -> Iterator[Drawing | None]:
    local = trace.maker(tensor)[1]
    if local not in ("y", "dx") or _has_letters(trace, tensor):
        return
    is_signal = scene["x"].ndim == IMAGE_RANK - 1 and isinstance(scene.layer, OnSignals | GlobalAvgPool)
    scene = as_images(scene) if is_signal else scene
    write, made = elements.number, display_name(tensor.name)

    def name(output: Pair) -> str:
        first = (0, 0) if tensor.batched else (0,)
        # A signal is drawn as an image of one row.
        place = output[len(first) + 2 - len(tensor.shape) :]
        return display_name(tensor.name, elements.address(tensor, (*first, *place)).removeprefix(tensor.name))

    if isinstance(scene.layer, Conv):
        at = Convolution(scene)
        yield window(forward(at) if local == "y" else back(at), made, write, name)
    elif isinstance(scene.layer, Pool | GlobalAvgPool):
        captions = {one: display_name(scene.names[one]) for one in ("x", "y", "g", "dx") if one in scene.names}
        yield pool(scene, local, made, captions, write)
    elif isinstance(scene.layer, ConvTranspose) and local == "dx":
        yield window(back_through_stamps(scene), made, write, name)
    elif isinstance(scene.layer, ConvTranspose):
        x = trace[scene.names["x"]]
        first = 0 if tensor.batched else 1
        own = plain_index if is_signal else tuple[int, ...]
        names = {at: elements.address(x, own(at)[first:]) for at in np.ndindex(scene["x"].shape) if at[0] == 0}
        yield stamps(scene, made, names, write)
    is_image = scene["y"].ndim == IMAGE_RANK and not is_signal
    if local == "y" and is_image and (scene.after is None or scene.after["y"].ndim != IMAGE_RANK):
        yield field(scene, made, write)


def shaded(trace: Trace, tensor: Tensor, scene: Scene, elements: Elements) -> Iterator[Block]:
    """The maps of an image that a convolution makes, or of the gradient by it, below its numbers."""
    step, local = trace.maker(tensor)
    before = scene.before
    is_made = (isinstance(scene.layer, Conv) and local == "y") or (
        local == "dx" and before is not None and isinstance(before.layer, Conv)
    )
    if step is None or not is_made or tensor.stage == "update" or _has_letters(trace, tensor):
        return
    maps = tensor.elements[0] if tensor.batched else tensor.elements
    lead = [elements.base] if tensor.batched else []
    captions = [
        display_name(tensor.name, f"[{','.join(map(str, (*lead, channel + elements.base)))}]")
        for channel in range(len(maps))
    ]
    drawing = heat(trace.numbers, maps, captions, display_name(tensor.name), elements.number)
    if drawing is not None:
        yield Figure(drawing)


def _has_letters(trace: Trace, tensor: Tensor) -> bool:
    return any(map(trace.numbers.letters_of, tensor.elements.flat))
