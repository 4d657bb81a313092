"""The largest number of each channel: `global_max_pool`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from cnncalc.layers.base import Setting, Shape, small_problem
from cnncalc.layers.max_pool import MaxPool
from cnncalc.layers.windows.axis import Pair, SizeRule


class GlobalMaxPool(MaxPool):
    """x (C, H, W) to y (C, 1, 1): a max pool with one window, the whole image.

    PyTorch's adaptive_max_pool2d to 1.
    """

    type = "global_max_pool"
    example = small_problem("[[[1, 5], [4, 0]], [[-2, 3], [8, 1]]]", "global_max_pool", upstream="[2, -4]")
    has_1d: ClassVar[bool] = False
    sees_all = True
    outputs: Pair | None = (1, 1)

    @classmethod
    def options(cls) -> Mapping[str, Mapping[str, Any]]:
        """What becomes of ties: the window has no options."""
        return {"ties": super().options()["ties"]}

    def size_rules(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[SizeRule, ...]:
        """One number whatever the size."""
        return ()

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The window is the whole channel."""
        one = rf"\n, \c, {setting.index_base}, {setting.index_base}"
        each = r"\max_{\u, \v} \x_{\n, \c, \u, \v}"
        return {
            **super().formulas(setting), "y": rf"\y_{{{one}}} = {each}", "path": rf"\path_{{{one}}} = \arg {each}"
        }  # fmt: skip
