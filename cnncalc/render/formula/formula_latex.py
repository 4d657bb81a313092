r"""Formulas and words as LaTeX, with the real names: `\mathrm{conv\_1}_{f,i,j}`, `\frac{\partial L}{\partial W_{k,i}}`.

What LaTeX takes for commands becomes harmless in words, and what pdfLaTeX's fonts lack becomes mathematics.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from cnncalc.records import Record
from cnncalc.render.formula import formula_nodes as tree
from cnncalc.render.formula.formula import Formula, split_gradient, split_part
from cnncalc.render.formula.formula_nodes import COMMANDS
from cnncalc.render.formula.formula_text import pieces, unfolded, width_of
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


def latex(formula: Formula) -> str:
    """The formula as LaTeX with the tensors' real names; raises FormulaError."""
    return _Writer().write(formula.tree)


def latex_inline(formula: Formula) -> str:
    r"""The same within words, where a gradient is `\partial L/\partial W`: a fraction would be too small to read."""
    return _Writer(is_inline=True).write(formula.tree)


def latex_pieces(formula: Formula, widest: float, is_inline: bool = False) -> list[tuple[str, float]]:
    """What stands between two places where a line may be broken, each with its width in characters.

    A fraction that is wider than `widest` is written with a stroke.
    """
    rows = [tree.Row(tuple(nodes)) for _, nodes in pieces(unfolded(formula.tree, widest))]
    return [(_Writer(is_inline=is_inline).write(row), width_of(row)) for row in rows]


def latex_lines(formula: Formula, width: float) -> list[str]:
    """The formula in lines of at most `width` characters, as far as it can be broken; raises FormulaError."""
    lines: list[list[tree.Node]] = [[]]
    used = 0.0
    for _, nodes in pieces(formula.tree):
        need = width_of(tree.Row(tuple(nodes)))
        if lines[-1] and used + need > width:
            lines.append([])
            used = 0.0
        lines[-1] += nodes
        used += need
    return [_Writer().write(tree.Row(tuple(line))).strip() for line in lines]


def latex_name(name: str, index: str = "", is_inline: bool = False) -> str:
    r"""A tensor's name as LaTeX: `W`, `\mathrm{conv\_1}`, `\frac{\partial L}{\partial W}`; `index` is LaTeX too.

    A part of a gradient has a line behind it, and the use that sends it: `\right\rvert_{\text{via }\mathrm{fc\_1}}`.
    """
    gradient = split_gradient(name)
    if gradient:
        loss, tensor = gradient
        whole = _quotient(rf"\partial {latex_name(loss)}", rf"\partial {latex_name(tensor, index)}", is_inline)
        _, use = split_part(name)
        if not use:
            return whole
        # No sign that a cell of a Markdown table would end at.
        line = rf"\rvert_{{\text{{via }}{latex_name_text(use)}}}"
        return whole + line if is_inline else rf"\left.{whole}\right{line}"
    return latex_name_text(name) + (f"_{{{index}}}" if index else "")


class _Writer(Record):
    """LaTeX of nodes."""

    is_inline: bool = False

    def write(self, node: tree.Node) -> str:
        """One node of any kind."""
        match node:
            case tree.Atom():
                return node.latex
            case tree.Name():
                return latex_name(node.name, is_inline=self.is_inline)
            case tree.Index():
                return latex_name_text(node.letter)
            case tree.Bound(index):
                letter = latex_name_text(index.letter)
                # Two full stops of mathematics, between which nothing is set apart.
                return letter if index.last is None else f"{letter}={index.first}..{index.last}"
            case tree.Letter():
                return latex_name(node.tensor, ",".join(map(str, node.index)), self.is_inline)
            case tree.Words():
                return f"\\{node.command}{{{node.text}}}"
            case tree.Script():
                return self.script(node)
            case tree.Fraction():
                above, below = self.write(node.numerator), self.write(node.denominator)
                return _quotient(above, below, self.is_inline and node.is_derivative)
            case tree.Root():
                return rf"\sqrt{{{self.write(node.inside)}}}"
            case tree.Accent():
                return rf"\{node.command}{{{self.write(node.inside)}}}"
            case tree.Cases():
                # A gradient is a fraction, which LaTeX would make too small to read here; two of them would touch.
                lines = ([self.write(cell).replace(r"\frac", r"\dfrac") for cell in line] for line in node.lines)
                rows = [" & ".join(line) for line in lines]
                apart = [r"[2.5ex]" * all(r"\dfrac" in row for row in pair) for pair in pairwise(rows)]
                written = rows[0] + "".join(rf" \\{gap} {row}" for gap, row in zip(apart, rows[1:], strict=True))
                return rf"\begin{{{node.environment}}} {written} \end{{{node.environment}}}"
            case tree.Row():
                return _join(f"{{{self.write(n)}}}" if isinstance(n, tree.Row) else self.write(n) for n in node.nodes)

    def script(self, node: tree.Script) -> str:
        """A base with what stands below and above it; a gradient's index stands below its line."""
        below = self.write(node.below) if node.below else ""
        above = f"^{{{self.write(node.above)}}}" if node.above else ""
        if bounds := tree.bounds_of(node):
            sign = self.write(node.base)
            limits = ((latex_name_text(b.index.letter), b.index.first, b.index.last) for b in bounds)
            return " ".join(f"{sign}_{{{letter}={first}}}^{{{last}}}" for letter, first, last in limits)
        if not isinstance(node.base, tree.Name):
            return self.write(node.base) + (f"_{{{below}}}" if below else "") + above
        base = latex_name(node.base.name, below, self.is_inline)
        is_slanted = self.is_inline and split_gradient(node.base.name) is not None
        return f"({base}){above}" if above and is_slanted else base + above


def _quotient(above: str, below: str, is_inline: bool) -> str:
    return f"{above}/{below}" if is_inline else rf"\frac{{{above}}}{{{below}}}"


def _join(pieces: Iterable[str]) -> str:
    """Pieces without blanks, except where a command would swallow the letter behind it: `\\cdot x`, not `\\cdotx`."""
    written = ""
    for piece in pieces:
        clash = piece[:1].isalpha() and re.search(r"\\[A-Za-z]+$", written)
        around = piece in ("=", "+", "-") and written and not written.endswith(" ")
        written += f" {piece} " if around else f" {piece}" if clash else piece
    return written


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
