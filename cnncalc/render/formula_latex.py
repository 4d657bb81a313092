r"""A formula as LaTeX with the real names: `\mathrm{conv\_1}_{f,i,j}`, `\frac{\partial L}{\partial W_{k,i}}`."""

import re
from collections.abc import Iterable, Mapping

from cnncalc.render.formula import Formula, split_gradient
from cnncalc.render.formula_nodes import Accent, Atom, Cases, Fraction, Name, Node, Root, Row, Script, Words
from cnncalc.render.formula_pieces import pieces
from cnncalc.render.formula_width import width_of
from cnncalc.render.latex_text import latex_name_text


def latex(formula: Formula) -> str:
    """The formula as LaTeX with the tensors' real names; raises FormulaError."""
    return _latex(formula.tree, formula.names)


def latex_lines(formula: Formula, width: float) -> list[str]:
    """The formula in lines of at most `width` characters, as far as it can be broken; raises FormulaError."""
    lines: list[list[Node]] = [[]]
    used = 0.0
    for _, nodes in pieces(formula):
        need = width_of(Row(tuple(nodes)), formula.names)
        if lines[-1] and used + need > width:
            lines.append([])
            used = 0.0
        lines[-1] += nodes
        used += need
    return [_latex(Row(tuple(line)), formula.names).strip() for line in lines]


def latex_name(name: str, index: str = "") -> str:
    r"""A tensor's name as LaTeX: `W`, `\mathrm{conv\_1}`, `\frac{\partial L}{\partial W}`; `index` is LaTeX too."""
    gradient = split_gradient(name)
    if gradient:
        loss, tensor = gradient
        return rf"\frac{{\partial {latex_name(loss)}}}{{\partial {latex_name(tensor, index)}}}"
    return latex_name_text(name) + (f"_{{{index}}}" if index else "")


def _latex(node: Node, names: Mapping[str, str]) -> str:
    match node:
        case Atom():
            return node.latex
        case Name():
            return latex_name(names[node.local])
        case Words():
            return f"\\{node.command}{{{node.text}}}"
        case Script(base=Name(local), below=Row() as below, above=above):
            return latex_name(names[local], _latex(below, names)) + _raised(above, names)
        case Script():
            sub = f"_{{{_latex(node.below, names)}}}" if node.below else ""
            return f"{_latex(node.base, names)}{sub}{_raised(node.above, names)}"
        case Fraction():
            return rf"\frac{{{_latex(node.numerator, names)}}}{{{_latex(node.denominator, names)}}}"
        case Root():
            return rf"\sqrt{{{_latex(node.inside, names)}}}"
        case Accent():
            return rf"\{node.command}{{{_latex(node.inside, names)}}}"
        case Cases():
            # A gradient is a fraction, which LaTeX would make too small to read here.
            written = ([_latex(cell, names).replace(r"\frac", r"\dfrac") for cell in line] for line in node.lines)
            lines = map(" & ".join, written)
            return rf"\begin{{{node.environment}}} " + r" \\ ".join(lines) + rf" \end{{{node.environment}}}"
        case Row():
            return _join(f"{{{_latex(n, names)}}}" if isinstance(n, Row) else _latex(n, names) for n in node.nodes)


def _join(pieces: Iterable[str]) -> str:
    """Pieces without blanks, except where a command would swallow the letter behind it: `\\cdot x`, not `\\cdotx`."""
    written = ""
    for piece in pieces:
        clash = piece[:1].isalpha() and re.search(r"\\[A-Za-z]+$", written)
        around = piece in ("=", "+", "-") and written and not written.endswith(" ")
        written += f" {piece} " if around else f" {piece}" if clash else piece
    return written


def _raised(above: Row | None, names: Mapping[str, str]) -> str:
    return f"^{{{_latex(above, names)}}}" if above else ""
