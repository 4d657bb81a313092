"""The formulas of a convolution and of its transpose, with stride, dilation, padding and groups put in."""

import re
from collections.abc import Mapping

from cnncalc.layers.base import Setting
from cnncalc.layers.formulas.indices import affine
from cnncalc.layers.windows.window import Window
from cnncalc.records import replace


def conv_formulas(setting: Setting, window: Window, groups: int, flip: bool) -> Mapping[str, str]:
    """The sums over the window."""
    weight, base = setting.parameters["weight"], setting.index_base
    places, reverse = [], []
    for axis, (i, p, u) in ((window.rows, (r"\i", r"\p", r"\u")), (window.columns, (r"\j", r"\q", r"\v"))):
        step, constant = axis.dilation, base * (1 - axis.stride - axis.dilation) - axis.before
        if flip:
            step, constant = -step, constant + step * (axis.kernel - 1 + 2 * base)
        places.append(affine([(axis.stride, i), (step, p)], constant))
        # The kernel's cell between input u and output i; unique only where the dilation is 1.
        sign = -1 if flip else 1
        reverse.append(affine([(sign, u), (-sign * axis.stride, i)], -sign * constant))
    channel = r"\c" if groups == 1 else in_group(r"\c", r"\f", weight[0] // groups, weight[1], base)
    under = ", ".join([r"\n", channel, *places])
    bias = r"\bias_{\f} + " if "bias" in setting.parameters else ""
    y, g, kernel = r"\y_{\n, \f, \i, \j}", r"\g_{\n, \f, \i, \j}", r"\weight_{\f, \c, \p, \q}"
    made = {
        "y": rf"{y} = {bias}\sum_{{\c, \p, \q}} {kernel} \cdot \x_{{{under}}}",
        "dweight": rf"\d{kernel[1:]} = \sum_{{\n, \i, \j}} {g} \cdot \x_{{{under}}}",
    }
    if bias:
        made["dbias"] = rf"\dbias_{{\f}} = \sum_{{\n, \i, \j}} {g}"
    over, conditions, target = [r"\f", r"\i", r"\j"], [], r"\c"
    if groups > 1:
        over, conditions, target = [r"\f", r"\c", r"\i", r"\j"], [rf"{channel} = \t"], r"\t"
    if max(window.dilations) > 1:
        over += [r"\p", r"\q"]
        conditions += [rf"{places[0]} = \u", rf"{places[1]} = \v"]
        reverse = [r"\p", r"\q"]
    where = r":\, " + r",\, ".join(conditions) if conditions else ""
    factors = rf"{g} \cdot \weight_{{\f, \c, {', '.join(reverse)}}}"
    made["dx"] = rf"\dx_{{\n, {target}, \u, \v}} = \sum_{{{', '.join(over)}{where}}} {factors}"
    return made


def conv_transpose_formulas(setting: Setting, window: Window, groups: int) -> Mapping[str, str]:
    """The sum of the stamps; backward, the sums over what each stamp covers.

    It is a convolution the other way round: what that makes of g is made of x here, and the channels change places.
    """
    parameters = {"weight": setting.parameters["weight"]}
    there = conv_formulas(replace(setting, parameters=parameters), window, groups, flip=False)
    made = {_DUAL.get(local, local): _NAMES.sub(lambda name: f"\\{_DUAL[name[1]]}", there[local]) for local in there}
    if "bias" in setting.parameters:
        target = r"\f" if groups == 1 else r"\t"
        made["y"] = made["y"].replace(r"= \sum", rf"= \bias_{{{target}}} + \sum", 1)
        made["dbias"] = rf"\dbias_{{{target}}} = \sum_{{\n, \u, \v}} \g_{{\n, {target}, \u, \v}}"
    return made


_DUAL = {"y": "dx", "dx": "y", "x": "g", "g": "x", "f": "c", "c": "f"}
_NAMES = re.compile(r"\\(dx|[yxgfc])(?![A-Za-z])")


def in_group(channel: str, other: str, size: int, share: int, base: int) -> str:
    """The channel of a whole tensor that a weight's `channel` is, in LaTeX.

    The weight counts `share` channels of each group; `size` channels of its `other` index belong to one group.
    """
    if size == 1:
        return affine([(1, channel), (share, other)], -share * base)
    factor = "" if share == 1 else rf"{share} \cdot "
    return rf"{channel} + {factor}\lfloor {f'({other}-{base})' if base else other} / {size} \rfloor"
