"""The formulas of a transposed convolution, with stride, dilation, padding and groups put in."""

from collections.abc import Mapping

from cnncalc.layers.base import Setting
from cnncalc.layers.formulas.conv import in_group
from cnncalc.layers.formulas.index_latex import affine, places
from cnncalc.layers.windows.window import Window


def conv_transpose_formulas(setting: Setting, window: Window, groups: int) -> Mapping[str, str]:
    """The sum of the stamps; backward, the sums over what each stamp covers."""
    weight, base = setting.parameters["weight"], setting.index_base
    under = places(window, base)
    channel = r"\f" if groups == 1 else in_group(r"\f", r"\c", weight[0] // groups, weight[1], base)
    x, covered = r"\x_{\n, \c, \i, \j}", rf"\n, {channel}, {', '.join(under)}"
    made = {
        "dweight": rf"\dweight_{{\c, \f, \p, \q}} = \sum_{{\n, \i, \j}} {x} \cdot \g_{{{covered}}}",
        "dx": rf"\d{x[1:]} = \sum_{{\f, \p, \q}} \weight_{{\c, \f, \p, \q}} \cdot \g_{{{covered}}}",
    }
    over, conditions, target = [r"\c", r"\i", r"\j"], [], r"\f"
    if groups > 1:
        over, conditions, target = [r"\c", r"\f", r"\i", r"\j"], [rf"{channel} = \t"], r"\t"
    bias = rf"\bias_{{{target}}} + " if "bias" in setting.parameters else ""
    # The kernel's cell that lies on output u where input i stamps; unique only where the dilation is 1.
    cells = [
        affine([(1, u), (-axis.stride, i)], base * axis.stride + axis.before)
        for axis, i, u in ((window.rows, r"\i", r"\u"), (window.columns, r"\j", r"\v"))
    ]
    if max(window.dilations) > 1:
        over += [r"\p", r"\q"]
        conditions += [rf"{under[0]} = \u", rf"{under[1]} = \v"]
        cells = [r"\p", r"\q"]
    where = r":\, " + r",\, ".join(conditions) if conditions else ""
    stamps = rf"{x} \cdot \weight_{{\c, \f, {', '.join(cells)}}}"
    made["y"] = rf"\y_{{\n, {target}, \u, \v}} = {bias}\sum_{{{', '.join(over)}{where}}} {stamps}"
    if bias:
        made["dbias"] = rf"\dbias_{{{target}}} = \sum_{{\n, \u, \v}} \g_{{\n, {target}, \u, \v}}"
    return made
