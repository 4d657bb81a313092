"""Formulas in the layers' LaTeX become lines for a terminal, and LaTeX with the real names."""

import pytest

from cnncalc.render.builders.naming import step_names
from cnncalc.render.formula.formula import Formula, FormulaError
from cnncalc.render.formula.formula_latex import latex, latex_inline, latex_name
from cnncalc.render.formula.formula_text import text
from cnncalc.render.renderers.plain_text import Characters, wrap_formula
from cnncalc.trace import Trace

NAMES = {
    "x": "F", "y": "conv_1", "weight": "h", "bias": "conv_1.bias", "g": "dL/dconv_1", "dx": "dL/dF", "dweight": "dL/dh",
    "gamma": "scale", "mean": "bn.mean", "var": "bn.var", "xhat": "bn.xhat", "target": "t",
}  # fmt: skip
TABLE = [
    (
        r"\y_{f,i,j} = \bias_f + \sum_{c,p,q} \weight_{f,c,p,q} \, \x_{c,\,i+p,\,j+q}",
        "conv_1[f,i,j] = conv_1.bias[f] + Σ_{c,p,q} h[f,c,p,q]·F[c,i+p,j+q]",
    ),
    (
        r"\dweight_{f,c,p,q} = \sum_{i, j} \g_{f, i, j} \cdot \x_{c, 2 i+p-1, s_h j+q}",
        "∂L/∂h[f,c,p,q] = Σ_{i,j} ∂L/∂conv_1[f,i,j]·F[c,2i+p-1,s_h·j+q]",
    ),
    (
        r"\y_k = \frac{\exp\left(\x_k\right)}{\sum_j \exp\left(\x_j\right)}",
        "conv_1[k] = exp(F[k])/(Σ_j exp(F[j]))",
    ),
    (r"\y = -\sum_{k} \target_k \cdot \log \x_k", "conv_1 = -Σ_k t[k]·log F[k]"),
    (r"\dx_i = \frac{2}{N} (\x_i - \target_i)", "∂L/∂F[i] = 2/N·(F[i] - t[i])"),
    (r"\y = \frac{1}{1 + e^{-\x}}", "conv_1 = 1/(1 + e^(-F))"),
    (r"\dx = \g \, \sigma'(\x) (1 - \tanh \x)^2", "∂L/∂F = ∂L/∂conv_1·σ'(F)·(1 - tanh F)²"),
    (
        r"\xhat_{c} = \frac{\x_{c} - \mean_c}{\sqrt{\var_c + \epsilon}}",
        "bn.xhat[c] = (F[c] - bn.mean[c])/√(bn.var[c] + ε)",
    ),
    (r"\y = \gamma_c \xhat + \beta", "conv_1 = scale[c]·bn.xhat + β"),
    (r"\frac{1}{m} \sum_{i} \x_i^{2}", "1/m·Σ_i F[i]²"),
    (r"\var^{-1} \weight^\top \g^T", "bn.var⁻¹·hᵀ·∂L/∂conv_1ᵀ"),
    (r"\max_{p \le 2} \x_{p} \ge \left\lfloor \frac{n}{2} \right\rfloor", "max_{p≤2} F[p] ≥ ⌊n/2⌋"),
    (r"p \in \{1, 2\} \text{ and } \hat{y} \ne \mu", "p ∈ {1, 2} and y\u0302 ≠ μ"),
    (r"\arg \max_{u} \x_{u}", "arg max_u F[u]"),
]


@pytest.mark.parametrize(("source", "expected"), TABLE, ids=[expected for _, expected in TABLE])
def test_a_formula_in_one_line(source: str, expected: str) -> None:
    assert text(Formula(source, NAMES)) == (expected,)


def test_cases_have_a_line_each() -> None:
    source = r"\dx_i = \begin{cases} \g_i & \x_i > 0 \\ 0 & \text{otherwise} \end{cases}"
    assert text(Formula(source, NAMES)) == (
        "∂L/∂F[i] = ⎧ ∂L/∂conv_1[i]   F[i] > 0",
        "           ⎩ 0               otherwise",
    )


def test_ascii() -> None:
    (line,) = text(Formula(r"\dx_i = \sum_{p \le 2} \g_p \cdot \sqrt{\x} - \mu", NAMES))
    assert Characters("ascii").fit(line) == "dL/dF[i] = sum_{p<=2} dL/dconv_1[p]*sqrtF - mu"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\y_{f,i} = \weight_f \cdot \x_i", r"\mathrm{conv\_1}_{f,i} = h_{f}\cdot F_{i}"),
        (r"\dweight_f = \g_n", r"\frac{\partial L}{\partial h_{f}} = \frac{\partial L}{\partial \mathrm{conv\_1}_{n}}"),
        (r"\y = \max\left(0, \x\right)", r"\mathrm{conv\_1} = \max\left(0,F\right)"),
        (r"\begin{cases} \x & \x > 0 \\ 0 \end{cases}", r"\begin{cases} F & F>0 \\ 0 \end{cases}"),
        (r"\gamma \beta", r"\mathrm{scale}\beta"),
    ],
)  # fmt: skip
def test_latex_with_real_names(source: str, expected: str) -> None:
    assert latex(Formula(source, NAMES)) == expected


def test_the_latex_of_names() -> None:
    assert latex_name("W") == "W"
    assert latex_name("fc_1.bias", "k") == r"\mathrm{fc\_1.bias}_{k}"
    assert latex_name("dJ/dW", "k,i") == r"\frac{\partial J}{\partial W_{k,i}}"


def test_a_part_of_a_gradient_names_its_use_behind_the_index() -> None:
    names = {"y": "dL/dW", "x": "dL/dW via fc_1", "xb": "dL/dW via s"}
    formula = Formula(r"\y_{i} = \x_{i} + \xb_{i}", names)
    assert text(formula) == ("∂L/∂W[i] = ∂L/∂W[i] via fc_1 + ∂L/∂W[i] via s",)
    first, second = r"\rvert_{\text{via }\mathrm{fc\_1}}", r"\rvert_{\text{via }s}"
    whole = r"\frac{\partial L}{\partial W_{i}}"
    assert latex(formula) == rf"{whole} = \left.{whole}\right{first} + \left.{whole}\right{second}"
    assert latex_inline(Formula(r"\x", {"x": "dL/dW via s"})) == rf"\partial L/\partial W{second}"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (r"\y = \foo", r"unknown \\foo in the formula"),
        (r"\begin{matrix} 1 \end{matrix}", "unknown environment matrix"),
        (r"\frac{1}{2", "expected }, found the end"),
        (r"a } b", "unexpected }"),
        (r"a é b", "unknown sign 'é'"),
        (r"\left \sqrt{2}", r"\\left without a parenthesis"),
    ],
)
def test_what_is_not_in_the_subset_raises(source: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message.replace("(", r"\(")):
        text(Formula(source, NAMES))


def test_long_formulas_break_behind_signs_and_lose_nothing() -> None:
    line = "∂L/∂h[f,c,p,q] = Σ_{i,j} ∂L/∂conv_1[f,i,j]·F[c,i+p-1,j+q-1]"
    for width in range(8, 80):
        pieces = wrap_formula(line, width)
        assert "".join(pieces) == line
        assert all(len(piece.rstrip()) <= width for piece in pieces)


def test_a_condition_is_broken_only_where_it_is_too_wide() -> None:
    line = "⎧ ∂L/∂y[n,i]·1/2   -3 < x[n,i] < 3"
    assert wrap_formula(line, 30) == ["⎧ ∂L/∂y[n,i]·1/2   ", "-3 < x[n,i] < 3"]
    assert all(len(piece.rstrip()) <= 10 for piece in wrap_formula(line, 10))


def test_each_formula_of_a_trace_can_be_written(homework: Trace, uneven: Trace) -> None:
    for trace in (homework, uneven):
        sources = {tensor.name: trace.formula(tensor.name) for tensor in trace}
        assert any(sources.values())
        for name, source in sources.items():
            if source is not None:
                formula = Formula(source, step_names(trace, trace.step(name)))
                assert "\\" not in "".join(text(formula))
                assert latex(formula).count("{") == latex(formula).count("}")


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (r"1 - |u|", "1 - |u|"),
        (r"2 \cdot |x| + |z - 1|", "2·|x| + |z - 1|"),
        (r"|x| \cdot (1 - |x|)", "|x|·(1 - |x|)"),
        (r"\frac{1}{1 + |x_{i}|}", "1/(1 + |x_i|)"),
    ],
)
def test_bars_open_and_close(source: str, written: str) -> None:
    assert text(Formula(source, {})) == (written,)
