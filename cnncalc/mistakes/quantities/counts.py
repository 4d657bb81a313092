"""What is said alike of parameters and of multiplications that are counted wrongly."""

from functools import partial

from cnncalc.mistakes.take import slip

FORGOTTEN_CHANNELS = partial(
    slip("input-channels-forgotten"),
    "The input channels were left out: each kernel has k · k weights for every input channel, C · k · k in all.",
    "漏掉了输入通道数：每个卷积核在每个输入通道上都有 k · k 个权重，共 C · k · k 个。",
)
ONE_KERNEL = partial(
    slip("one-filter-only"),
    "This is the count for one kernel; there is one for each output channel.",
    "这是一个卷积核的数目；每个输出通道都有一个卷积核。",
)
GROUPS = partial(
    slip("groups-ignored"),
    "The groups were ignored: a kernel sees C / groups input channels.",
    "忽略了分组：每个卷积核只作用于 C / groups 个输入通道。",
)
ONE_SIDE = partial(
    slip("kernel-side-only"),
    "A kernel was counted with k cells; it has k rows and k columns, k · k cells.",
    "把卷积核当作 k 个元素；它有 k 行 k 列，共 k · k 个元素。",
)
LEFT_OUT = slip("layer-left-out")("Not in this total: {names}.", "总数中漏掉了 {names}。")
"""Without ways: it is worked out from the counts of all layers, and not from one of them."""
