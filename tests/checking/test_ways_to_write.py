"""Right numbers as people write them on answer sheets: each is read as the number it is, or says what to write."""

from __future__ import annotations

from math import exp, log, pi, sqrt, tanh
from pathlib import Path

import pytest

import cnncalc
from cnncalc.checking.given import Given
from cnncalc.checking.sheets.sheet import read_sheet

AROUND = (
    "{}", "≈ {}", "≈{}", "≒{}", "≅ {}", "~ {}", "约 {}", "约{}", "约为{}", "约等于{}", "| {} |", "大约 {}",
    "approx. {}", "about {}",
    "ca. {}",
    "$${}$$", "${}$", r"\({}\)", r"\[{}\]", r"$\approx {}$", r"\approx {}", "≈${}$", "[{}]", "[{}]^T", "[{}]^{{T}}",
    "[{}]'", "[{}]ᵀ", "[[{}]]", "({})", "（{}）", "【{}】", "{{{}}}", "= {}", "＝{}", "L = {}", "L: {}", "loss = {}",
    "答案：{}", "answer: {}", "{} nats", "{}…", "{}...", r"{}\ldots", "{};", "{}。", "{},", "`{}`", "**{}**", "_{}_",
    "→ {}", "=> {}", "-> {}", "∴ {}", "{} ✓", "{}!", "Array({}, dtype=float32)", "DeviceArray({})",
    "tf.Tensor({}, shape=(), dtype=float32)", "<tf.Tensor: shape=(), dtype=float32, numpy={}>", "[{}].T",
    '"{}"', "“{}”", "「{}」", "tensor({})", "tensor({}, grad_fn=<NllLossBackward0>)", "np.float64({})", "array({})",
    "torch.tensor({})", "{} (rounded)", "{} (3 s.f.)", "{}（保留两位）", r"\boxed{{{}}}", r"$\boxed{{{}}}$",
    r"\num{{{}}}",
    r"\mathbf{{{}}}", "{} ≈", "{}\u00a0", "\u2009{}",
)  # fmt: skip
FRACTIONS = (
    "1/8", "1 / 8", "1÷8", "1∕8", "1⁄8", "１／８", "⅛", "¹⁄₈", "8分之1", "八分之一", r"\frac{1}{8}", r"\dfrac18",
    r"$\frac{1}{8}$", r"\nicefrac{1}{8}", r"'{1 \over 8}'", "(1)/(8)", "1·8^{-1}", "1×8^(-1)", "1*8⁻¹", "8^-1", "2^-3",
    "2⁻³", "½^3", "Fraction(1, 8)", "12.5%", "12.5 %", "12.5％", r"12.5\%", "12.5 percent",
    "-(-1/8)", "+1/8", "0.25*0.5", "0.25×0.5", "0.25·0.5", "0.25 x 0.5", "0.25∙0.5", "0.25＊0.5", "(0.25)(0.5)",
    "max(0, 1/8)", "max(0,0.125)", r"\max(0, 1/8)", "max{0, 1/8}", "relu(1/8)", "ReLU(0.125)", "1/8 (0.125)",
    "0.125 (1/8)", "0.125 [1/8]",
)  # fmt: skip
POWERS = (
    "1.23e-4", "1.23E-04", "1.23×10-4", "1.23×10−4", "1.23 × 10-4", "1.23x10-4", "1.23·10-4", "1.23 e-4", "1.23 E -4",
    "1.23e−4", "1.23×10^-4", "1.23×10^(-4)", "1.23×10^{-4}", "1.23 x 10^-4", "1.23 X 10^-4", "1.23*10^-4",
    "1.23*10**-4", "1.23·10⁻⁴", "1.23∙10⁻⁴", r"1.23\times10^{-4}", r"$1.23 \cdot 10^{-4}$", "0.0123%", "1.23×1e-4",
    "１．２３×１０^-４", "≈1.23×10⁻⁴", "约1.23×10^-4", "123×10^-6",
)  # fmt: skip
EXPRESSIONS = {
    sqrt(2): (
        "√2", "√(2)", "√ 2", "√（2）", "√{2}", "sqrt(2)", "sqrt 2", "sqrt2", "Sqrt(2)", "np.sqrt(2)", "math.sqrt(2)",
        "根号2", "根号（2）", "2^0.5", "2^(1/2)", "2^½", r"\sqrt{2}", r"$\sqrt2$", "2√2/2", "2√(2)/2", "2 √2 / 2",
        "2·√2/2", "2sqrt(2)/2", "2根号2/2", r"\frac{2\sqrt{2}}{2}", "√8/2",
    ),
    sqrt(2) / 2: ("√2/2", "½√2", "½ √2", "1/√2", "1÷√(2)", "√½", "√0.5", "0.5√2", "2^{-1/2}", "根号2/2"),
    pi / 4: ("¼π", "¼ π", "π/4", "π÷4", "pi/4", "PI/4", "0.25π", "(1/4)π", "1/4 π", "np.pi/4", r"\frac{\pi}{4}"),
    log(5): (
        "ln 5", "ln5", "LN(5)", "Ln 5", "ln（5）", "log 5", "log5", "Log[5]", "ln[5]", "np.log(5)", "Math.log(5)",
        "log_e 5", "log_{e}(5)", "logₑ5", "-ln 0.2", "−ln(⅕)", "-ln 1/5", "- ln(0.2)", r"\ln 5", r"-\ln\frac{1}{5}",
        r"-\ln\left(\frac{1}{5}\right)", "0.5 ln 25", "½ ln 25", "½ln25", "ln 10 - ln 2", "ln 5 nats",
    ),
    exp(-2): ("e^-2", "e⁻²", "e^{−2}", "1/e²", "exp(-2)", "EXP(-2)", "exp[-2]", "np.exp(-2)", "ℯ^-2", r"\exp(-2)"),
    1 / (1 + exp(-2)): ("1/(1+e⁻²)", "sigmoid(2)", "σ(2)", r"\frac{e^2}{1+e^2}", "np.exp(2)/(1+np.exp(2))"),
    tanh(1): ("tanh(1)", "tanh 1", "np.tanh(1)"),
    -0.5: ("−0.5", "–0.5", "—0.5", "－0.5", "‑0.5", "- 0.5", "minus 0.5", "负0.5", "-$0.5$", "-½", "－１/２"),
}  # fmt: skip
SAY = {
    "0,45": "write a decimal point: 0.45",
    "1½": "write (1 + 1/2) for 1½",
    "1/2π": "write /(2pi) if all of it is below the line, or ()* with brackets around the fraction",
    "ln 3/2": "write ln(3/2) or ln(3)/2",
    "0·45": "write 0.45, or 0*45 for the product",
    "0.(3)": "write a fraction, such as 1/3",
    "³√8": "write 8**(1/3) for the cube root of 8",
    "log10(5)": "write log(x)/log(10)",
    "1'000": "write the digits without it: 1000",
}


def cell(text: str, folder: Path) -> Given | None:
    """The one number of a sheet, read with all that stands around it in YAML."""
    sheet = folder / "sheet.yaml"
    sheet.write_text(f"L: {text}\n", encoding="utf-8")
    (answer,) = read_sheet(sheet).answers
    entries = answer.typed.entries if answer.typed is not None else None
    return entries.flat[0] if entries is not None and entries.size == 1 else None


def unread(texts: tuple[str, ...], value: float, folder: Path) -> list[str]:
    """Those that are not read as the number."""
    wrong = []
    for text in texts:
        given = cell(text, folder)
        if given is None or given.bounds is None or abs(float(given.bounds[0]) - value) > 1e-14:
            wrong.append(text)
    return wrong


@pytest.mark.parametrize(("typed", "value"), [("0.48", 0.48), ("-3.50", -3.5)])
def test_what_stands_around_a_number(typed: str, value: float, tmp_path: Path) -> None:
    assert unread(tuple(form.format(typed) for form in AROUND), value, tmp_path) == []
    kept = [cell(form.format(typed), tmp_path) for form in AROUND]
    assert {given.places for given in kept if given is not None} == {2}


def test_fractions_powers_of_ten_and_expressions(tmp_path: Path) -> None:
    assert unread(FRACTIONS, 1 / 8, tmp_path) == []
    assert unread(POWERS, 1.23e-4, tmp_path) == []
    assert unread(tuple(f"-{text}" for text in POWERS if text[0] == "1"), -1.23e-4, tmp_path) == []
    for value, written in EXPRESSIONS.items():
        assert unread(written, value, tmp_path) == []


ONE = "input: {name: x, value: [%s]}\nlayers: [identity: {name: y}]\n"


@pytest.mark.parametrize("typed", ["|\n  11/5 -1/4", "11/5 -1/4", "[11/5 -1/4]", "[[2.2   -1/4]]", "|\n  11/5\n  -1/4"])
def test_a_sign_that_leans_on_its_number_begins_one(typed: str, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(f"y: {typed}\n", encoding="utf-8")
    assert cnncalc.check(cnncalc.loads(ONE % "2.2, -0.25"), sheet).is_correct
    assert unread(("11/5 - 1/4", "11/5-1/4", "(11/5 -1/4)"), 1.95, tmp_path) == []


def test_what_can_mean_two_numbers_says_what_to_write(tmp_path: Path) -> None:
    said = {text: cell(text, tmp_path) for text in SAY}
    assert {text: given and given.fault and given.fault.remedy for text, given in said.items()} == SAY


@pytest.mark.parametrize(
    ("value", "typed", "note"),
    [
        ("1.5", "1½", "cannot be read: '1½' is a mixed number; write (1 + 1/2) for 1½"),
        ("1191170", "1,191,170", "if `1,191,170` is one number, write 1191170"),
        ("0.5", "1:2", "cannot be read: '1:2' is a time, not a number; write a decimal (1.5) or a fraction (1/30)"),
        (
            "'pi/4'", "0.25*3.14159",
            "the decimals of `0.25*3.14159` are taken as exact, which makes 0.7853975; write pi, e or sqrt(2)"
            " themselves, or the result as a decimal",
        ),
    ],
)  # fmt: skip
def test_what_is_not_read_says_so_in_the_report(value: str, typed: str, note: str, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(f"y: {typed}\n", encoding="utf-8")
    (tensor,) = cnncalc.check(cnncalc.loads(ONE % value), sheet).tensors
    assert note in [each.en for each in tensor.notes]


def test_a_rectified_negative_number_is_zero_and_two_numbers_are_not_one(tmp_path: Path) -> None:
    read = {text: cell(text, tmp_path) for text in ("max(0, -3)", "ReLU(-2.5)", "2 (3)", "0.5 (0.7)")}
    assert [given.number if given else None for given in read.values()] == [0, 0, None, None]


@pytest.mark.parametrize("typed", ["|\n  [[1. 2.]\n   ...\n   [3. 4.]]", "[[1, ..., 2], [3, ..., 4]]"])
def test_a_print_that_leaves_numbers_out_says_how_to_print_all(typed: str, tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(f"y: {typed}\n", encoding="utf-8")
    problem = cnncalc.loads("input: {name: x, value: [[1, 2], [3, 4]]}\nlayers: [identity: {name: y}]\n")
    (tensor,) = cnncalc.check(problem, tmp_path / "sheet.yaml").tensors
    assert any("np.set_printoptions(threshold=10**9)" in note.en for note in tensor.notes)
