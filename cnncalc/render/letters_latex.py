r"""Letters as people read them, `w₂₂·x₁₁² - ∂L/∂y₁₁/2`, as LaTeX that `Formula` parses."""

import re

from cnncalc.render.macros import macro

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta", "λ": "lambda",
    "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi",
}  # fmt: skip
_FUNCTIONS = ("exp", "log", "sqrt", "e", "pi", "nan", "inf")
_INDEX = rf"(?:(?P<small>[{SUBSCRIPTS}]+)|\[(?P<large>[\d,]+)\])?"
_ELEMENT = re.compile(
    rf"(?P<over>∂\w+?/∂)?(?P<name>[^\W\d_][A-Za-z0-9_.]*){_INDEX}(?P<power>[{SUPERSCRIPTS}]+)?(?P<call>\()?"
)
_FRACTION = re.compile(r"(?<![\w)\]}])(\d+)/(\d+)(?!\w)")


def has_letters(text: str) -> bool:
    """Whether a number's text has letters in it, besides functions and the names of probabilities (`p[1]`)."""
    return any(
        match["over"] or match["small"] or match["power"] or not (match["call"] or match["large"])
        for match in _ELEMENT.finditer(text)
        if match["name"] not in _FUNCTIONS
    )


def letters_latex(text: str, names: dict[str, str]) -> str:
    """The same in LaTeX; names of more than one letter become macros, which are added to `names`."""
    written = _ELEMENT.sub(lambda match: _element(match, names), _FRACTION.sub(r"\\frac{\1}{\2}", text))
    return _roots(written).replace("·", r" \cdot ")


def _element(match: re.Match[str], names: dict[str, str]) -> str:
    name = match["name"]
    if name in _FUNCTIONS and not match["over"]:
        return (f"\\{name} " if name in ("exp", "log", "pi") else name) + (match["call"] or "")
    if name == "frac":
        return match[0]
    index = match["large"] or ",".join(str(SUBSCRIPTS.index(digit)) for digit in match["small"] or "")
    letter = rf"\{GREEK[name]}" if name in GREEK else name
    if len(name) > 1:
        names[macro(name)] = name
        letter = rf"\{macro(name)}"
    element = letter + (f"_{{{index}}}" if index else "")
    if match["over"]:
        loss = match["over"][1:-2]
        element = rf"\frac{{\partial {loss}}}{{\partial {element}}}"
    if match["power"]:
        element += "^{" + "".join(str(SUPERSCRIPTS.index(digit)) for digit in match["power"]) + "}"
    return element + (match["call"] or "")


def _roots(text: str) -> str:
    """`√(…)` with its own brackets as `\\sqrt{…}`."""
    while (start := text.find("√(")) >= 0:
        depth, end = 0, start + 1
        for end in range(start + 1, len(text)):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if not depth:
                break
        text = rf"{text[:start]}\sqrt{{{text[start + 2 : end]}}}{text[end + 1 :]}"
    return text
