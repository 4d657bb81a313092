"""What people get wrong in Adam."""

from cnncalc.mistakes.optimizers.rule import Rule, common, divided, swapped
from cnncalc.mistakes.take import Records

adam = Records(Rule, "y")
MEANS = (
    adam("bias-correction-forgotten: mhat vhat y")(
        "The correction of the means was left out: m/(1 − β₁^t) and v/(1 − β₂^t).",
        "漏掉了偏差修正：m/(1 − β₁^t) 与 v/(1 − β₂^t)。",
        lambda s: s.m if s.tensor == "mhat" else s.v if s.tensor == "vhat" else None,
        lambda s: [
            s.stepped(along, s.root(below) + s.eps)
            for along, below in ((s.m, s.v), (s.mhat, s.v), (s.m, s.vhat))
            if s.tensor == "y"
        ],
    ),
    adam("bias-correction-step: mhat vhat y")(
        "The correction was made with another t: it is the number of the step, counted from 1.",
        "偏差修正用错了 t：t 是步数，从 1 数起。",
        lambda s: [s.again(s.options(step=step)) for step in {1, s.layer.step + 1} - {s.layer.step}],
    ),
    adam("betas-swapped: m v y")(
        "The factors β₁ and β₂ were swapped: β₁ goes with m, β₂ with v.",
        "β₁ 与 β₂ 用反了：β₁ 用于 m，β₂ 用于 v。",
        lambda s: s.again(s.options(beta1=s.layer.beta2, beta2=s.layer.beta1)),
    ),
    swapped("m v y"),
)
"""In the means."""
MISTAKES = (*MEANS, *divided("v"), *common("m v"))
"""The most specific first."""
