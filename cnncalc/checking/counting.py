"""What the mistakes in counting parameters and in counting multiplications share."""

from __future__ import annotations

from math import prod

from cnncalc.checking.sized import Sized
from cnncalc.language import Phrase


def kernel_of(layer: Sized) -> tuple[int, int]:
    """Rows and columns of a convolution's kernel; raises ValueError where there is none."""
    (kernel,) = (shape for shape in layer.kernels if len(shape) == 4)
    return kernel[2], kernel[3]


def groups_of(layer: Sized) -> int:
    """Groups of a convolution; 1 for any other layer."""
    groups: int = getattr(layer.entry.layer, "groups", 1)
    return groups


def inputs_of(layer: Sized) -> int:
    """Input channels that one kernel of a convolution sees."""
    return layer.x[0] // groups_of(layer) if kernel_of(layer) else 1


def positions_of(layer: Sized) -> int:
    """Positions of the output."""
    return prod(layer.y[1:])


def said(code: str, en: str, zh: str) -> tuple[str, Phrase]:
    """A code with its sentence."""
    return code, Phrase(en=en, zh=zh)


FORGOTTEN_CHANNELS = said(
    "input-channels-forgotten",
    "The input channels were left out: each kernel has k · k weights for every input channel, C · k · k in all.",
    "漏掉了输入通道数：每个卷积核在每个输入通道上都有 k · k 个权重，共 C · k · k 个。",
)
ONE_KERNEL = said(
    "one-filter-only",
    "This is the count for one kernel; there is one for each output channel.",
    "这是一个卷积核的数目；每个输出通道都有一个卷积核。",
)
GROUPS = said(
    "groups-ignored",
    "The groups were ignored: a kernel sees C / groups input channels.",
    "忽略了分组：每个卷积核只作用于 C / groups 个输入通道。",
)
ONE_SIDE = said(
    "kernel-side-only",
    "A kernel was counted with k cells; it has k rows and k columns, k · k cells.",
    "把卷积核当作 k 个元素；它有 k 行 k 列，共 k · k 个元素。",
)
