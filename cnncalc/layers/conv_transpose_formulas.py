"""The formulas of a transposed convolution, with stride, dilation, padding and groups put in."""

from collections.abc import Mapping

from cnncalc.layers.base import Setting
from cnncalc.layers.conv_formulas import in_group
from cnncalc.layers.index_latex import affine, places
from cnncalc.layers.window import Window


def conv_transpose_formulas(setting: Setting, window: Window, groups: int) -> Mapping[str, str]:
    """The sum of the stamps; backward, the sums over what each stamp covers."""
    weight, base = setting.parameters["weight"], setting.index_base
    under = places(window, base)
    channel = "f" if groups == 1 else in_group("f", "c", weight[0] // groups, weight[1], base)
    n = "n, " if setting.batched else ""
    bias = r"\bias_{f} + " if "bias" in setting.parameters else ""
    covered = f"{channel}, {', '.join(under)}"
    made = {
        "dweight": rf"\dweight_{{c, f, p, q}} = \sum_{{{n}i, j}} \x_{{{n}c, i, j}} \cdot \g_{{{n}{covered}}}",
        "dx": rf"\dx_{{c, i, j}} = \sum_{{f, p, q}} \weight_{{c, f, p, q}} \cdot \g_{{{covered}}}",
    }
    over, conditions, target = ["c", "i", "j"], [], "f"
    if groups > 1:
        over, conditions, target = ["c", "f", "i", "j"], [f"{channel} = t"], "t"
        bias = bias.replace("f", "t")
    # The kernel's cell that lies on output u where input i stamps; unique only where the dilation is 1.
    cells = [
        affine([(1, u), (-axis.stride, i)], base * axis.stride + axis.before)
        for axis, i, u in ((window.rows, "i", "u"), (window.columns, "j", "v"))
    ]
    if max(window.rows.dilation, window.columns.dilation) > 1:
        over += ["p", "q"]
        conditions += [f"{under[0]} = u", f"{under[1]} = v"]
        cells = ["p", "q"]
    where = r":\, " + r",\, ".join(conditions) if conditions else ""
    stamps = rf"\x_{{c, i, j}} \cdot \weight_{{c, f, {', '.join(cells)}}}"
    made["y"] = rf"\y_{{{target}, u, v}} = {bias}\sum_{{{', '.join(over)}{where}}} {stamps}"
    if bias:
        made["dbias"] = rf"\dbias_{{f}} = \sum_{{{n}i, j}} \g_{{{n}f, i, j}}"
    return made
