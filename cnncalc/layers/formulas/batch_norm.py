"""The formulas of batch normalization, for both kinds of statistics."""

from collections.abc import Mapping
from math import prod

from cnncalc.layers.activations.elementwise import AXES, indices
from cnncalc.layers.base import Setting, Shape
from cnncalc.layers.formulas.indices import ratio


def inference_formulas(setting: Setting, over: str) -> Mapping[str, str]:
    """With mean and var constant."""
    e, c, sum_ = indices(setting.x), statistic(setting.x, over), _sum(setting, over)
    return {
        "y": rf"\y_{{{e}}} = \gamma_{{{c}}} \cdot \xhat_{{{e}}} + \beta_{{{c}}}",
        "xhat": rf"\xhat_{{{e}}} = \frac{{\x_{{{e}}} - \mean_{{{c}}}}}{{{_root(c)}}}",
        "dxhat": rf"\dxhat_{{{e}}} = \g_{{{e}}} \cdot \gamma_{{{c}}}",
        "dgamma": rf"\dgamma_{{{c}}} = {sum_}\g_{{{e}}} \cdot \xhat_{{{e}}}",
        "dbeta": rf"\dbeta_{{{c}}} = {sum_}\g_{{{e}}}",
        "dx": rf"\dx_{{{e}}} = \frac{{\dxhat_{{{e}}}}}{{{_root(c)}}}",
    }


def training_formulas(setting: Setting, over: str, unbiased: bool) -> Mapping[str, str]:
    """With mean and var taken from x."""
    e, c, sum_ = indices(setting.x), statistic(setting.x, over), _sum(setting, over)
    count = (setting.samples or 1) * (1 if over == "activation" else prod(setting.x[1:]))
    divisor = count - 1 if unbiased else count
    centered = rf"\left(\x_{{{e}}} - \mean_{{{c}}}\right)"
    return {
        **inference_formulas(setting, over),
        "mean": rf"\mean_{{{c}}} = {ratio(1, count)}{sum_}\x_{{{e}}}",
        "var": rf"\var_{{{c}}} = {ratio(1, divisor)}{sum_}{centered}^{{2}}",
        "dvar": rf"\dvar_{{{c}}} = -\frac{{1}}{{2}} \left(\var_{{{c}}} + \eps\right)^{{-3/2}} "
        rf"{sum_}\dxhat_{{{e}}} \cdot {centered}",
        "dmean": rf"\dmean_{{{c}}} = -\frac{{1}}{{{_root(c)}}} {sum_}\dxhat_{{{e}}} "
        rf"- {ratio(2, divisor)}\dvar_{{{c}}} \cdot {sum_}{centered}",
        "dx": rf"\dx_{{{e}}} = \frac{{\dxhat_{{{e}}}}}{{{_root(c)}}} "
        rf"+ {ratio(2, divisor)}\dvar_{{{c}}} \cdot {centered} + {ratio(1, count)}\dmean_{{{c}}}",
    }


def statistic(x: Shape, over: str) -> str:
    """The index of a mean: that of an element without the sample, or of its channel."""
    return ", ".join(AXES[len(x)]) if over == "activation" else AXES[len(x)][0]


def _sum(setting: Setting, over: str) -> str:
    """The sum over all that have one mean."""
    within = ", ".join(AXES[len(setting.x)][1:]) if over == "channel" else ""
    return rf"\sum_{{\n, {within}}} "


def _root(c: str) -> str:
    return rf"\sqrt{{\var_{{{c}}} + \eps}}"
