"""Every complaint of a layer about shapes or options, with its whole text. The loader puts names into {x}, {y}, …"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Shape, ShapeError


@dataclass(frozen=True)
class Fault:
    type: str
    x: Shape
    message: str
    remedy: str
    option: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Shape] = field(default_factory=dict)


TALLER = "make it smaller, or the padding larger"
FAULTS = [
    Fault(
        "conv_transpose", (2, 4, 4),
        "{weight} is one number, "
        "and a conv_transpose weight has four axes: input channels, output channels, rows, columns",
        "write it as nested lists, or give its `shape`",
        "weight", given={"weight": ()},
    ),
    Fault(
        "conv_transpose", (2, 4, 4),
        "{weight} has 3 input channels (3×2×2×2), {x} gives 2 (2×4×4)",
        "its input channels come first: give {weight} the shape 2×3×2×2",
        "weight", given={"weight": (3, 2, 2, 2)},
    ),
    Fault(
        "conv_transpose", (2, 4, 4),
        "{weight} has 1 input channel (1×1×2×2), {x} gives 2 (2×4×4)",
        "give {weight} the shape 2×1×2×2, or change what comes before",
        "weight", given={"weight": (2, 2)},
    ),
    Fault(
        "conv_transpose", (3, 4, 4),
        "2 groups do not divide 3 input channels ({x}: 3×4×4) evenly",
        "choose `groups` that divides them",
        "groups", options={"groups": 2}, given={"weight": (3, 1, 2, 2)},
    ),
    Fault(
        "conv_transpose", (1, 4, 4),
        "{bias} has shape 3, {y} has 2 output channels ({weight}: 1×2×2×2)",
        "give 2 numbers, or one for all channels",
        "bias", given={"weight": (1, 2, 2, 2), "bias": (3,)},
    ),
    Fault(
        "conv_transpose", (1, 2, 2),
        "the stamps of {weight} cover 3×3 cells, and the padding takes all of them away",
        "make the padding smaller",
        "padding", options={"padding": ((2, 2), (0, 0))}, given={"weight": (1, 1, 2, 2)},
    ),
    Fault(
        "conv_transpose", (1, 2, 2),
        "output_padding of {y} is 2, with stride 2 and dilation 1",
        "it must be smaller than one of the two",
        "output_padding", options={"stride": (2, 2), "output_padding": (0, 2)}, given={"weight": (1, 1, 2, 2)},
    ),
    Fault(
        "conv_transpose", (1, 2, 2),
        "{y} has both `padding: same` and an output_padding, and each says how large the output is",
        "keep one of the two",
        "output_padding", options={"stride": (2, 2), "padding": "same", "output_padding": (1, 0)},
        given={"weight": (1, 1, 2, 2)},
    ),
    Fault(
        "conv", (18,),
        "{y} (conv) needs an image (C×H×W), {x} gives features (18)",
        "put this layer before the flatten, or give an image as input",
        given={"weight": (1, 2, 3, 3)},
    ),
    Fault(
        "conv", (2, 4, 4),
        "{weight} is one number, and a conv weight has four axes: output channels, input channels, rows, columns",
        "write it as nested lists, or give its `shape`",
        "weight", given={"weight": ()},
    ),
    Fault(
        "conv", (2, 4, 4),
        "{weight} has 5 axes (1×1×2×3×3), "
        "and a conv weight has four axes: output channels, input channels, rows, columns",
        "write it as nested lists, or give its `shape`",
        "weight", given={"weight": (1, 1, 2, 3, 3)},
    ),
    Fault(
        "conv", (2, 2, 2),
        "{weight} has 3 input channels (5×3×2×2), {x} gives 2 (2×2×2)",
        "give {weight} the shape 5×2×2×2, or change what comes before",
        "weight", given={"weight": (5, 3, 2, 2)},
    ),
    Fault(
        "conv", (2, 4, 4),
        "{weight} has 1 input channel (1×1×3×3), {x} gives 2 (2×4×4)",
        "give {weight} the shape 1×2×3×3, or change what comes before",
        "weight", given={"weight": (3, 3)},
    ),
    Fault(
        "conv", (1, 4, 4),
        "{weight} has 5 input channels (1×5×3×3), {x} gives 1 (1×4×4)",
        "for 5 kernels give {weight} the shape 5×1×3×3",
        "weight", given={"weight": (5, 3, 3)},
    ),
    Fault(
        "conv", (4, 4, 4),
        "{weight} has 4 input channels (2×4×3×3), {x} gives 4 (4×4×4), in 2 groups of 2",
        "give {weight} the shape 2×2×3×3, or change what comes before",
        "weight", options={"groups": 2}, given={"weight": (2, 4, 3, 3)},
    ),
    Fault(
        "conv", (3, 4, 4),
        "2 groups do not divide 3 input channels ({x}: 3×4×4) and 4 output channels ({weight}: 4×1×3×3) evenly",
        "choose `groups` that divides both",
        "groups", options={"groups": 2}, given={"weight": (4, 1, 3, 3)},
    ),
    Fault(
        "conv", (2, 4, 4),
        "{bias} has shape 2, {y} has 5 output channels ({weight}: 5×2×3×3)",
        "give 5 numbers, or one for all channels",
        "bias", given={"weight": (5, 2, 3, 3), "bias": (2,)},
    ),
    Fault(
        "conv", (1, 4, 4),
        "the kernel of {weight} covers 5×5 cells, but {x} has 4×4",
        TALLER, given={"weight": (5, 5)},
    ),
    Fault(
        "conv", (1, 4, 4),
        "the kernel of {weight} covers 9×3 cells (5×3 with dilation 2×1), but {x} with its padding has 8×4",
        TALLER, options={"padding": ((2, 2), (0, 0)), "dilation": (2, 1)}, given={"weight": (5, 3)},
    ),
    Fault(
        "conv", (1, 4, 4),
        "padding [[-2, -2], [1, 1]] leaves nothing of {x} (4×4)",
        "crop less: a negative padding takes cells away",
        "padding", options={"padding": ((-2, -2), (1, 1))}, given={"weight": (1, 1)},
    ),
    Fault(
        "conv", (1, 4, 4),
        "{y} has both an anchor and a padding, and each says where the kernel lies",
        "keep one of the two",
        "anchor", options={"anchor": (1, 1), "padding": "same"}, given={"weight": (3, 3)},
    ),
    Fault(
        "max_pool", (8,),
        "{y} (max_pool) needs an image (C×H×W), {x} gives features (8)",
        "put this layer before the flatten, or give an image as input",
        options={"size": (2, 2)},
    ),
    Fault("max_pool", (1, 4, 4), "{y} has no size", "say how large its window is: `size: 2` or `size: [2, 3]`", "size"),
    Fault("avg_pool", (1, 4, 4), "{y} has no size", "say how large its window is: `size: 2` or `size: [2, 3]`", "size"),
    Fault(
        "max_pool", (3, 2, 2),
        "the window of {y} covers 3×2 cells, but {x} has 2×2",
        TALLER, options={"size": (3, 2)},
    ),
    Fault(
        "max_pool", (3, 4, 4),
        "{y} has a window that lies wholly in the padding of {x} (4×4, with padding 8×4)",
        "make the padding smaller than the window",
        "padding", options={"size": (2, 2), "padding": ((2, 2), (0, 0))},
    ),
    Fault(
        "avg_pool", (3, 4, 4),
        "{y} has a window that lies wholly in the padding of {x} (4×4, with padding 4×6)",
        "make the padding smaller than the window",
        "padding", options={"size": (1, 2), "padding": ((0, 0), (2, 0)), "count_padding": False},
    ),
    Fault(
        "global_avg_pool", (8,),
        "{y} (global_avg_pool) needs an image (C×H×W), {x} gives features (8)",
        "put this layer before the flatten, or give an image as input",
    ),
    Fault(
        "upsample", (2, 8),
        "{y} (upsample) needs an image (C×H×W), {x} gives a signal (2×8)",
        "write a signal as an image of one row, 1×1×L", options={"scale": (2, 2)},
    ),
    Fault(
        "upsample", (1, 2, 2), "{y} has no scale", "say how many times larger: `scale: 2` or `scale: [2, 3]`", "scale"
    ),
    Fault(
        "upsample", (1, 2, 2), "{y} is `nearest`, which has no `align_corners`",
        "write `mode: bilinear`, or leave it out",
        "align_corners", options={"scale": (2, 2), "align_corners": True},
    ),
    Fault(
        "rms_norm", (3,),
        "{gamma} has shape 2, {y} scales 3 numbers of {x} (3)",
        "give 3 numbers, or one for all",
        "gamma", given={"gamma": (2,)},
    ),
    Fault("l2_normalize", (3,), "eps of {y} is -1", "give 0 or a positive number", "eps", options={"eps": -1}),
    Fault(
        "batch_norm", (2, 4, 4),
        "{gamma} has shape 3, {x} (2×4×4) needs one number for each channel (2)",
        "give 2 numbers, or one for all",
        "gamma", given={"gamma": (3,)},
    ),
    Fault(
        "batch_norm", (2, 4, 4),
        "{beta} has shape 2, {x} (2×4×4) needs one number for each activation (2×4×4)",
        "give 2×4×4 numbers, or one for all",
        "beta", options={"over": "activation"}, given={"beta": (2,)},
    ),
    Fault(
        "batch_norm", (2, 4, 4),
        "{y} has {mean} but no var",
        "give both (inference) or neither (training)",
        "mean", given={"mean": (2,)},
    ),
    Fault(
        "batch_norm", (2, 4, 4),
        "{y} has {var} but no mean",
        "give both (inference) or neither (training)",
        "var", given={"var": ()},
    ),
    Fault(
        "batch_norm", (2, 4, 4), "eps of {y} is -1", "give 0 or a positive number", "eps", options={"eps": Decimal(-1)}
    ),
    Fault(
        "fc", (2, 2, 2),
        "{y} (fc) needs features, {x} gives an image (2×2×2)",
        "put `- flatten` before this layer",
        given={"weight": (5, 8)},
    ),
    Fault(
        "fc", (8,),
        "{weight} has 3 axes (5×4×2), and an fc weight has two: outputs, inputs",
        "write one row of numbers for each output",
        "weight", given={"weight": (5, 4, 2)},
    ),
    Fault(
        "fc", (8,),
        "{weight} is one number, so the number of outputs is not known",
        "say how many: `units: 5`",
        "weight", given={"weight": ()},
    ),
    Fault(
        "fc", (8,),
        "{weight} takes 7 features (5×7), {x} gives 8",
        "give {weight} the shape 5×8: a row for each output",
        "weight", given={"weight": (5, 7)},
    ),
    Fault(
        "fc", (8,),
        "{weight} takes 5 features (8×5), {x} gives 8",
        "transpose it: {weight} has a row for each output, so its shape is 5×8",
        "weight", given={"weight": (8, 5)},
    ),
    Fault(
        "fc", (8,),
        "units is 4, {weight} has 5 outputs (5×8)",
        "leave `units` out, or write 5",
        "units", options={"units": 4}, given={"weight": (5, 8)},
    ),
    Fault(
        "fc", (8,),
        "{bias} has shape 8, {weight} has 5 outputs (5×8)",
        "give 5 numbers, or one for all outputs",
        "bias", given={"weight": (5, 8), "bias": (8,)},
    ),
    Fault(
        "softmax", (5, 1, 2),
        "{y} (softmax) needs features, {x} gives an image (5×1×2)",
        "put `- flatten` before this layer, or write `softmax: {over: channel}`",
    ),
]  # fmt: skip


def ask(fault: Fault) -> None:
    """In the loader's order."""
    layer = LAYERS[fault.type](**fault.options).given(fault.given)
    layer.check_options()
    layer.output_shape(fault.x, layer.parameter_shapes(fault.x, fault.given))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.type}: {fault.message}")
def test_complaint_in_full(fault: Fault) -> None:
    with pytest.raises(ShapeError, match=re.escape(fault.message)) as caught:
        ask(fault)
    error = caught.value
    assert (error.message, error.remedy, error.option) == (fault.message, fault.remedy, fault.option)
