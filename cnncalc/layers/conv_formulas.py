"""The formulas of a convolution, with stride, dilation, padding and groups put in."""

from collections.abc import Mapping

from cnncalc.layers.base import Setting, Shape
from cnncalc.layers.index_latex import affine
from cnncalc.layers.window import Window


def conv_formulas(setting: Setting, window: Window, groups: int, flip: bool) -> Mapping[str, str]:
    """The sums over the window."""
    weight, base = setting.parameters["weight"], setting.index_base
    places, reverse = [], []
    for axis, (i, p, u) in ((window.rows, "ipu"), (window.columns, "jqv")):
        step, constant = axis.dilation, base * (1 - axis.stride - axis.dilation) - axis.before
        if flip:
            step, constant = -step, constant + step * (axis.kernel - 1 + 2 * base)
        places.append(affine([(axis.stride, i), (step, p)], constant))
        # The kernel's cell between input u and output i; unique only where the dilation is 1.
        sign = -1 if flip else 1
        reverse.append(affine([(sign, u), (-sign * axis.stride, i)], -sign * constant))
    channel = "c" if groups == 1 else _in_group(weight, groups, base)
    under = ", ".join([channel, *places])
    n = "n, " if setting.batched else ""
    bias = r"\bias_{f} + " if "bias" in setting.parameters else ""
    made = {
        "y": rf"\y_{{f, i, j}} = {bias}\sum_{{c, p, q}} \weight_{{f, c, p, q}} \cdot \x_{{{under}}}",
        "dweight": rf"\dweight_{{f, c, p, q}} = \sum_{{{n}i, j}} \g_{{{n}f, i, j}} \cdot \x_{{{n}{under}}}",
    }
    if bias:
        made["dbias"] = rf"\dbias_{{f}} = \sum_{{{n}i, j}} \g_{{{n}f, i, j}}"
    over, conditions, target = ["f", "i", "j"], [], "c"
    if groups > 1:
        over, conditions, target = ["f", "c", "i", "j"], [f"{channel} = t"], "t"
    if max(window.rows.dilation, window.columns.dilation) > 1:
        over += ["p", "q"]
        conditions += [f"{places[0]} = u", f"{places[1]} = v"]
        reverse = ["p", "q"]
    where = r":\, " + r",\, ".join(conditions) if conditions else ""
    factors = rf"\g_{{f, i, j}} \cdot \weight_{{f, c, {', '.join(reverse)}}}"
    made["dx"] = rf"\dx_{{{target}, u, v}} = \sum_{{{', '.join(over)}{where}}} {factors}"
    return made


def _in_group(weight: Shape, groups: int, base: int) -> str:
    """The input channel that the weight's channel c of output channel f lies on, in LaTeX."""
    size = weight[0] // groups
    if size == 1:
        return affine([(1, "c"), (weight[1], "f")], -weight[1] * base)
    factor = "" if weight[1] == 1 else rf"{weight[1]} \cdot "
    return rf"c + {factor}\lfloor {f'(f-{base})' if base else 'f'} / {size} \rfloor"
