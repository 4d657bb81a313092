"""What people get wrong in dropout."""

from cnncalc.mistakes.take import mistake

MISTAKES = (
    mistake("~dropout-not-inverted: y dx", lambda s: s.again(s.options(inverted=not s.layer.inverted)))(
        "training divided by 1 − p, or did not. This problem says which by `inverted`; PyTorch divides.",
        "训练时除以（或没有除以）1 − p。本题由 `inverted` 规定；PyTorch 会除以 1 − p。",
    ),
    mistake("dropout-rate-for-kept: y dx", lambda s: s.again(s.options(inverted=False)) / s.number(s.layer.p))(
        "It was divided by p, the part that is left out; the part that is kept is 1 − p.",
        "除以了丢弃概率 p；应除以保留概率 1 − p。",
    ),
    mistake("mask-forgotten: y dx", lambda s: [s.passed, s.passed / (1 - s.number(s.layer.p))])(
        "Nothing was left out: each number must be multiplied by the mask.", "没有丢弃任何数；每个数都应乘以掩码。"
    ),
    mistake("mask-inverted: y dx", lambda s: s.again(mask=1 - s.mask))(
        "The mask was read the wrong way round: 1 keeps a number, 0 leaves it out.",
        "掩码用反了：1 表示保留，0 表示丢弃。",
    ),
)
"""The most specific first."""
