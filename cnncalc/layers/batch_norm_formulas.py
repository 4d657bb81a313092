"""The formulas of batch normalization, for both kinds of statistics."""

from collections.abc import Mapping
from math import prod

from cnncalc.layers.base import Setting
from cnncalc.layers.elementwise import indices


def inference_formulas(setting: Setting, over: str) -> Mapping[str, str]:
    """With mean and var constant."""
    c, e, n, _ = _letters(setting, over)
    sum_ = rf"\sum_{{{', '.join(_summed(setting, over))}}} " if _summed(setting, over) else ""
    return {
        "y": rf"\y_{{{e}}} = \gamma_{{{c}}} \cdot \xhat_{{{e}}} + \beta_{{{c}}}",
        "xhat": rf"\xhat_{{{e}}} = \frac{{\x_{{{e}}} - \mean_{{{c}}}}}{{{_root(c)}}}",
        "dxhat": rf"\dxhat_{{{e}}} = \g_{{{e}}} \cdot \gamma_{{{c}}}",
        "dgamma": rf"\dgamma_{{{c}}} = {sum_}\g_{{{n}{e}}} \cdot \xhat_{{{n}{e}}}",
        "dbeta": rf"\dbeta_{{{c}}} = {sum_}\g_{{{n}{e}}}",
        "dx": rf"\dx_{{{e}}} = \frac{{\dxhat_{{{e}}}}}{{{_root(c)}}}",
    }


def training_formulas(setting: Setting, over: str, unbiased: bool) -> Mapping[str, str]:
    """With mean and var taken from x."""
    c, e, n, count = _letters(setting, over)
    divisor = f"{count} - 1" if unbiased else count
    sum_ = rf"\sum_{{{', '.join(_summed(setting, over))}}} " if _summed(setting, over) else ""
    centered = rf"\left(\x_{{{n}{e}}} - \mean_{{{c}}}\right)"
    through_var = rf"\frac{{2}}{{{divisor}}} \dvar_{{{c}}} \cdot \left(\x_{{{e}}} - \mean_{{{c}}}\right)"
    return {
        **inference_formulas(setting, over),
        "mean": rf"\mean_{{{c}}} = \frac{{1}}{{{count}}} {sum_}\x_{{{n}{e}}}",
        "var": rf"\var_{{{c}}} = \frac{{1}}{{{divisor}}} {sum_}{centered}^{{2}}",
        "dvar": rf"\dvar_{{{c}}} = -\frac{{1}}{{2}} \left(\var_{{{c}}} + \varepsilon\right)^{{-3/2}} "
        rf"{sum_}\dxhat_{{{n}{e}}} \cdot {centered}",
        "dmean": rf"\dmean_{{{c}}} = -\frac{{1}}{{{_root(c)}}} {sum_}\dxhat_{{{n}{e}}} "
        rf"- \frac{{2}}{{{divisor}}} \dvar_{{{c}}} \cdot {sum_}{centered}",
        "dx": rf"\dx_{{{e}}} = \frac{{\dxhat_{{{e}}}}}{{{_root(c)}}} + {through_var} "
        rf"+ \frac{{1}}{{{count}}} \dmean_{{{c}}}",
    }


def _letters(setting: Setting, over: str) -> tuple[str, str, str, str]:
    """The index of a statistic, that of an element, the sample's letter where there is one, and the count."""
    element = indices(setting.x)
    statistic = element if over == "activation" else element[0]
    inner = 1 if over == "activation" else prod(setting.x[1:])
    count = f"{inner} N" if setting.batched and inner > 1 else "N" if setting.batched else str(inner)
    return statistic, element, "n, " if setting.batched else "", count


def _summed(setting: Setting, over: str) -> list[str]:
    """The letters that a statistic sums over."""
    inner = ["i", "j"] if over == "channel" and len(setting.x) == 3 else []
    return (["n"] if setting.batched else []) + inner


def _root(c: str) -> str:
    return rf"\sqrt{{\var_{{{c}}} + \varepsilon}}"
