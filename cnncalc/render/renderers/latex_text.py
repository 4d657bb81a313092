r"""Words as LaTeX: what it takes for commands becomes harmless, what pdfLaTeX's fonts lack becomes mathematics."""

import re

from cnncalc.render.formula.formula_nodes import COMMANDS
from cnncalc.visible import visible

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "\u00a0": "~",
    "“": "``", "”": "''", "‘": "`", "’": "'", "–": "--", "—": "---", "…": r"\ldots{}", "•": r"\textbullet{}",
}  # fmt: skip
_MATHEMATICS = {
    "−": "-", "×": r"\times", "·": r"\cdot", "±": r"\pm", "√": r"\surd", "⊙": r"\odot", "∘": r"\circ", "∑": r"\sum",
    "Σ": r"\Sigma", "Π": r"\Pi", "✓": r"\checkmark", "✗": r"\times", "↦": r"\mapsto", "⇒": r"\Rightarrow",
    "←": r"\leftarrow", "↔": r"\leftrightarrow", "∇": r"\nabla", "‖": r"\Vert", "∼": r"\sim", "⁺": "^+",
    "²": "^2", "³": "^3", "¹": "^1", "⁰": "^0", "⁻": "^-", "½": r"\tfrac12", "¼": r"\tfrac14", "′": "'", "∗": r"\ast",
    "Γ": r"\Gamma", "Θ": r"\Theta", "Λ": r"\Lambda", "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega", "ω": r"\omega",
    "ζ": r"\zeta", "ι": r"\iota", "κ": r"\kappa", "ν": r"\nu", "ξ": r"\xi", "χ": r"\chi", "ψ": r"\psi", "τ": r"\tau",
    **{"₀₁₂₃₄₅₆₇₈₉"[digit]: f"_{digit}" for digit in range(10)},
    **{"⁴⁵⁶⁷⁸⁹"[digit - 4]: f"^{digit}" for digit in range(4, 10)},
}  # fmt: skip
"""Signs that come as mathematics: no text font of pdfLaTeX has them all."""
_FORMULAS = {atom.text: atom.latex for atom in COMMANDS.values() if len(atom.text) == 1}
MATHEMATICS = {text: command for text, command in _FORMULAS.items() if not text.isascii()} | _MATHEMATICS
WESTERN_END = 0x180
"""Below it stand the letters of western European languages, which pdfLaTeX reads as they are."""


def latex_text(text: str) -> str:
    """Words as LaTeX, outside of mathematics."""
    # Two hyphens would become a dash, as in the name of an option they must not.
    safe = visible(" ".join(re.split("[\n\t]", text)))
    return "-{}-".join("".join(map(_character, part)) for part in safe.split("--"))


def needs_xelatex(text: str) -> bool:
    """Whether a character is beyond what pdfLaTeX can set: Chinese, above all."""
    return any(ord(c) >= WESTERN_END and c.isprintable() and c not in MATHEMATICS and c not in _SPECIAL for c in text)


def latex_name_text(name: str) -> str:
    r"""A name inside mathematics: `\mathrm{conv\_1}`, `\theta`, `\text{卷积}` for letters that mathematics lacks."""
    if len(name) == 1:
        return name if name.isascii() else _symbol(name)
    pieces: list[str] = []
    upright = ""
    for character in name:
        if character.isascii():
            upright += {"_": r"\_", "^": r"\wedge "}.get(character, character)
            continue
        pieces += [rf"\mathrm{{{upright}}}"] * bool(upright) + [_symbol(character)]
        upright = ""
    pieces += [rf"\mathrm{{{upright}}}"] * bool(upright)
    return pieces[0] if len(pieces) == 1 else "{" + "".join(pieces) + "}"


def _symbol(character: str) -> str:
    command = MATHEMATICS.get(character)
    return f"{{{command}}}" if command else rf"\text{{{character}}}"


def _character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character in MATHEMATICS:
        return f"${MATHEMATICS[character]}$"
    return character
