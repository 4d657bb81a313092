"""A pool as a picture: each window's letter beside the cells that count, and beside the output that it makes."""

from collections.abc import Mapping
from string import ascii_lowercase

import numpy as np

from cnncalc.explaining import entries
from cnncalc.language import Phrase, verbatim
from cnncalc.layers.max_pool import MaxPool
from cnncalc.layers.windows.axis import Pair
from cnncalc.render.drawing.drawing import Drawing
from cnncalc.render.drawing.grid import Grid, Write, side_by_side, texts
from cnncalc.scene import Scene

TITLE = Phrase(en="The windows of {made} and what they keep", zh="{made} 的各窗口及其保留的值")
TITLE_BACK = Phrase(en="The way of the gradient to {made}", zh="梯度传到 {made} 的路径")
WINNERS = Phrase(
    en="a letter for each window, at its largest element (shaded) and at the output",
    zh="每个窗口用一个字母标记：左侧标在最大元素处（灰底），右侧标在对应的输出处",
)
SHARES = Phrase(
    en="a letter for each window, at all cells that count in it (shaded) and at the output",
    zh="每个窗口用一个字母标记：左侧标在参与平均的各元素处（灰底），右侧标在对应的输出处",
)
WINNERS_BACK = Phrase(
    en="the gradient of each window goes to the cell with its letter (shaded); all others get 0",
    zh="每个窗口的梯度传给标有同一字母的元素（灰底），其余元素的梯度为 0",
)
SHARES_BACK = Phrase(
    en="the gradient of each window is shared by the cells with its letter (shaded)",
    zh="每个窗口的梯度由标有同一字母的各元素（灰底）分得",
)
MOST_WINDOWS, MOST_CELLS, MOST_CHANNELS = 16, 8, 3


def pool(scene: Scene, local: str, made: str, captions: Mapping[str, str], write: Write) -> Drawing | None:
    """Of y or of dx, for the first channels of the first sample; None where it is too large to be read.

    `captions` are the names of x, y, g and dx.
    """
    layer, image = scene.layer, scene["x"].shape[1:]
    outputs = list(np.ndindex(*scene["y"].shape[2:]))
    if max(image[1:]) > MOST_CELLS or image[0] > MOST_CHANNELS or len(outputs) > MOST_WINDOWS:
        return None
    is_back, keeps_largest = local == "dx", isinstance(layer, MaxPool)
    groups: list[list[Grid | str]] = []
    for channel in range(image[0]):
        letters = dict(zip(outputs, ascii_lowercase, strict=False))
        tags: dict[Pair, str] = {}
        for place in np.ndindex(*image[1:]):
            read = entries(layer.terms("dx", (0, channel, *place), scene.numbers, scene.tensors))
            if found := [letters[entry.index[2], entry.index[3]] for entry in read]:
                tags[place] = "".join(found)
        shades = dict.fromkeys(tags, 0.2)
        bold = tags if keeps_largest else ()
        inner, outer = ("dx", "g") if is_back else ("x", "y")

        def caption(local: str, channel: int = channel) -> Phrase:
            number = f"[{channel + scene.index_base}]" if image[0] > 1 else ""
            return verbatim(captions[local] + number)

        wide = Grid(texts(scene[inner][0, channel], write), caption(inner), shades=shades, bold=bold, tags=tags)
        narrow = Grid(texts(scene[outer][0, channel], write), caption(outer), tags=letters)
        groups.append([narrow, "→", wide] if is_back else [wide, "→", narrow])
    title = (TITLE_BACK if is_back else TITLE).format(made=made)
    legend = {False: (SHARES, WINNERS), True: (SHARES_BACK, WINNERS_BACK)}[is_back][keeps_largest]
    return side_by_side(groups, title, legend)
