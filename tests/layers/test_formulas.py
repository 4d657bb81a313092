"""Formulas with options put in, counted from 1 and from 0."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Setting, Shape
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES

CASES = [
    ("conv", {}, (2, 4, 4), {"weight": (2, 2, 3, 3)}, 1, {
        "y": r"\y_{\n, \f, \i, \j} = \sum_{\c, \p, \q} \weight_{\f, \c, \p, \q} \cdot \x_{\n, \c, \i+\p-1, \j+\q-1}",
        "dweight": r"\dweight_{\f, \c, \p, \q} = \sum_{\n, \i, \j} \g_{\n, \f, \i, \j} \cdot \x_{\n, \c, "
        r"\i+\p-1, \j+\q-1}",
        "dx": r"\dx_{\n, \c, \u, \v} = \sum_{\f, \i, \j} \g_{\n, \f, \i, \j} \cdot \weight_{\f, \c, \u-\i+1, \v-\j+1}",
    }),
    ("conv", {"stride": (2, 1), "padding": ((1, 1), (0, 0)), "flip": True}, (2, 4, 4), {"weight": (2, 2, 3, 3)}, 0, {
        "y": r"\y_{\n, \f, \i, \j} = \sum_{\c, \p, \q} \weight_{\f, \c, \p, \q} \cdot \x_{\n, \c, 2\i-\p+1, \j-\q+2}",
        "dweight": r"\dweight_{\f, \c, \p, \q} = \sum_{\n, \i, \j} \g_{\n, \f, \i, \j} \cdot \x_{\n, \c, "
        r"2\i-\p+1, \j-\q+2}",
        "dx": r"\dx_{\n, \c, \u, \v} = \sum_{\f, \i, \j} \g_{\n, \f, \i, \j} \cdot \weight_{\f, \c, 2\i-\u+1, \j-\v+2}",
    }),
    ("conv", {"dilation": (2, 2), "groups": 2}, (4, 7, 7), {"weight": (4, 2, 3, 3)}, 0, {
        "y": r"\y_{\n, \f, \i, \j} = \sum_{\c, \p, \q} \weight_{\f, \c, \p, \q} "
        r"\cdot \x_{\n, \c + 2 \cdot \lfloor \f / 2 \rfloor, \i+2\p, \j+2\q}",
        "dweight": r"\dweight_{\f, \c, \p, \q} = \sum_{\n, \i, \j} \g_{\n, \f, \i, \j} "
        r"\cdot \x_{\n, \c + 2 \cdot \lfloor \f / 2 \rfloor, \i+2\p, \j+2\q}",
        "dx": r"\dx_{\n, \c, \u, \v} = "
        r"\sum_{\f, \t, \i, \j, \p, \q:\, \t + 2 \cdot \lfloor \f / 2 \rfloor = \c,\, \i+2\p = \u,\, \j+2\q = \v} "
        r"\g_{\n, \f, \i, \j} \cdot \weight_{\f, \t, \p, \q}",
    }),
    ("conv_transpose", {"stride": (2, 1), "padding": ((1, 1), (0, 0))}, (2, 4, 4), {"weight": (2, 2, 3, 3)}, 1, {
        "y": r"\y_{\n, \f, \u, \v} = \sum_{\c, \i, \j} \x_{\n, \c, \i, \j} \cdot \weight_{\c, \f, \u-2\i+3, \v-\j+1}",
        "dweight": r"\dweight_{\c, \f, \p, \q} = \sum_{\n, \i, \j} \x_{\n, \c, \i, \j} \cdot \g_{\n, \f, "
        r"2\i+\p-3, \j+\q-1}",
        "dx": r"\dx_{\n, \c, \i, \j} = \sum_{\f, \p, \q} \weight_{\c, \f, \p, \q} \cdot \g_{\n, \f, 2\i+\p-3, \j+\q-1}",
    }),
    ("conv_transpose", {"dilation": (2, 2), "groups": 2}, (4, 7, 7), {"weight": (4, 2, 3, 3), "bias": (4,)}, 0, {
        "y": r"\y_{\n, \f, \u, \v} = \bias_{\f} + "
        r"\sum_{\c, \t, \i, \j, \p, \q:\, \t + 2 \cdot \lfloor \c / 2 \rfloor = \f,\, \i+2\p = \u,\, \j+2\q = \v} "
        r"\x_{\n, \c, \i, \j} \cdot \weight_{\c, \t, \p, \q}",
        "dweight": r"\dweight_{\c, \f, \p, \q} = \sum_{\n, \i, \j} \x_{\n, \c, \i, \j} "
        r"\cdot \g_{\n, \f + 2 \cdot \lfloor \c / 2 \rfloor, \i+2\p, \j+2\q}",
        "dx": r"\dx_{\n, \c, \i, \j} = \sum_{\f, \p, \q} \weight_{\c, \f, \p, \q} "
        r"\cdot \g_{\n, \f + 2 \cdot \lfloor \c / 2 \rfloor, \i+2\p, \j+2\q}",
        "dbias": r"\dbias_{\f} = \sum_{\n, \u, \v} \g_{\n, \f, \u, \v}",
    }),
    ("max_pool", {"size": (2, 2)}, (2, 4, 4), {}, 1, {
        "y": r"\y_{\n, \c, \i, \j} = \max_{\p, \q} \x_{\n, \c, 2\i+\p-2, 2\j+\q-2}",
        "path": r"\path_{\n, \c, \i, \j} = \arg \max_{\u = 2\i+\p-2,\, \v = 2\j+\q-2:\, \p, \q} \x_{\n, \c, \u, \v}",
        "dx": r"\dx_{\n, \c, \u, \v} = \sum_{\i, \j:\, \path_{\n, \c, \i, \j} = \left(\u, \v\right)} \g_{\n, "
        r"\c, \i, \j}",
    }),
    ("avg_pool", {"size": (2, 3)}, (2, 6, 6), {}, 1, {
        "y": r"\y_{\n, \c, \i, \j} = \frac{1}{6} \sum_{\p, \q} \x_{\n, \c, 2\i+\p-2, 3\j+\q-3}",
        "dx": r"\dx_{\n, \c, \u, \v} = \sum_{\i, \j, \p, \q:\, 2\i+\p-2 = \u,\, 3\j+\q-3 = \v} \frac{1}{6} "
        r"\g_{\n, \c, \i, \j}",
    }),
    ("flatten", {"order": "hwc"}, (3, 2, 2), {}, 1, {
        "y": r"\y_{\n, 6\i+3\j+\c-9} = \x_{\n, \c, \i, \j}",
        "dx": r"\dx_{\n, \c, \i, \j} = \g_{\n, 6\i+3\j+\c-9}",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "options", "x", "parameters", "index_base", "formulas"), CASES)
def test_formulas(
    type_: str,
    options: dict[str, Any],
    x: Shape,
    parameters: dict[str, Shape],
    index_base: int,
    formulas: dict[str, str],
) -> None:
    assert LAYERS[type_](**options).formulas(Setting(x, parameters, index_base)) == formulas


@pytest.mark.parametrize(
    ("x", "slope"),
    [
        ((1,), r"\dx_{\n, \i} = \frac{1 - \target_{\n, \i}}{1 - \x_{\n, \i}} - \frac{\target_{\n, \i}}{\x_{\n, \i}}"),
        (
            (4,),
            r"\dx_{\n, \i} = \frac{1}{4} \left(\frac{1 - \target_{\n, \i}}{1 - \x_{\n, \i}} - "
            r"\frac{\target_{\n, \i}}{\x_{\n, \i}}\right)",
        ),
    ],
)
def test_parentheses_only_where_there_is_a_factor(x: Shape, slope: str) -> None:
    assert LOSSES["binary_cross_entropy"]().formulas(Setting(x, {"target": x}))["dx"] == slope


def test_a_step_has_its_rate_put_in() -> None:
    for rate, text in ((Fraction(1, 3), r"\frac{1}{3} \cdot "), (1, ""), (Decimal("1e-3"), r"0.001 \cdot ")):
        setting = Setting((2, 3), {"gradient": (2, 3)})
        made = RULES["sgd"](lr=rate).formulas(setting)["y"]
        assert made == rf"\y_{{\k, \i}} = \x_{{\k, \i}} - {text}\gradient_{{\k, \i}}"


def test_parameter_gradients_sum_over_a_mini_batch() -> None:
    setting = Setting((3,), {"weight": (2, 3), "bias": (2,)}, samples=4)
    made = LAYERS["fc"]().formulas(setting)
    assert made["dweight"] == r"\dweight_{\k, \i} = \sum_{\n} \g_{\n, \k} \cdot \x_{\n, \i}"
    assert made["dbias"] == r"\dbias_{\k} = \sum_{\n} \g_{\n, \k}"
    assert made["dx"] == r"\dx_{\n, \i} = \sum_{\k} \g_{\n, \k} \cdot \weight_{\k, \i}"


@pytest.mark.parametrize("samples", [None, 1, 2, 3])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("x", [(1,), (2,), (4,), (2, 1, 2)])
def test_no_two_losses_are_written_alike(x: Shape, reduction: str, samples: int | None) -> None:
    """Of two outputs the mean squared error has the factor 1/2, as half the squared error has."""
    setting = Setting(x, {"target": x}, samples=samples)
    made = [loss(reduction=reduction).formulas(setting)["y"] for loss in LOSSES.values()]
    assert len(set(made)) == len(made)
