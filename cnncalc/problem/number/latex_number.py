r"""A number in LaTeX to the plain grammar: `-\log\frac{1}{5}` becomes `-log(((1)/(5)))`."""

import re

from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.tensor.symbols import is_letter
from cnncalc.problem.text.faults import quoted

_OVER = re.compile(r"\{?\s*([^{}\\]+?)\s*\\over(?![a-z])\s*([^{}\\]+?)\s*(?:\}|$)")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]*)?|\.[0-9]+|[A-Za-z]+|\*\*|\S")
_BLANKS = frozenset(
    ["\\,", "\\;", "\\!", "\\:", "\\ ", "~", "$", "\\quad", "\\qquad", "\\left", "\\right", "\\displaystyle"]
)
_FONTS = frozenset([
    "\\mathrm", "\\text", "\\mathit", "\\operatorname", "\\mathbf", "\\textbf", "\\boldsymbol", "\\bm",
    "\\boxed", "\\underline", "\\num",
])  # fmt: skip
_FRACTIONS = frozenset(["\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\nicefrac", "\\sfrac"])
_FUNCTIONS = {"\\log": "log", "\\ln": "log", "\\exp": "exp", "log": "log", "ln": "log", "exp": "exp", "sqrt": "sqrt"}
_SIGNS = {"\\cdot": "*", "\\times": "*", "\\div": "/", "^": "**", "\\ast": "*"}
_CONSTANTS = {"\\pi": "pi", "pi": "pi", "e": "e"}
_OPENING = frozenset(["(", "{", "[", "\\{", "\\lbrack"])
_CLOSING = frozenset([")", "}", "]", "\\}", "\\rbrack"])
_DOTS = frozenset(["\\dots", "\\cdots", "\\ldots", "\\vdots", "\\ddots"])
_DEEPEST = 30
_EXAMPLE = r"write a number such as \frac{1}{2} or -\log(0.2)"


def plain_from_latex(text: str, letters: bool = False) -> str:
    """The same number in the plain grammar; raises NumberFault. With `letters`, `x_{12}` becomes `x_1_2`."""
    return _Translator(_OVER.sub(r"\\frac{\1}{\2}", text), letters).everything()


class _Translator:
    """Walks over the tokens once; multiplication that LaTeX leaves out is written out."""

    def __init__(self, text: str, letters: bool) -> None:
        self._text = text
        self._letters = letters
        self._tokens = [token for token in _TOKEN.findall(text) if token not in _BLANKS]
        self._next = 0
        self._depth = 0

    def everything(self) -> str:
        plain = self._run(frozenset())
        if self._next < len(self._tokens):
            raise NumberFault(f"a bracket closes that was not opened in {quoted(self._text)}", "delete it")
        return plain

    def _token(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _run(self, closing: frozenset[str]) -> str:
        """Tokens up to a closing bracket, or to the end."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NumberFault(f"{quoted(self._text)} is nested too deeply", "write it with fewer brackets")
        parts: list[str] = []
        after_operand = False
        while self._token() and self._token() not in _CLOSING:
            token = self._token()
            if token in _SIGNS or token in ("+", "-", "*", "/", "**"):
                self._next += 1
                parts.append(_SIGNS.get(token, token))
                after_operand = False
                continue
            if after_operand:
                # Two numbers side by side are a slip, `2\pi` and `3(1+2)` are products.
                parts.append(" " if token[0].isdigit() or token[0] == "." else "*")
            parts.append(self._operand())
            after_operand = True
        self._depth -= 1
        if closing and self._token() not in closing:
            raise NumberFault(f"a bracket is not closed in {quoted(self._text)}", "close it")
        return "".join(parts)

    def _operand(self) -> str:
        token = self._token()
        if token in _OPENING:
            return self._group()
        self._next += 1
        if token in _FRACTIONS:
            top = self._argument()
            return f"({top}/{self._argument()})"
        if token == "\\sqrt":
            if self._token() == "[":
                raise NumberFault(f"{quoted(self._text)} is a root of another degree", "write x^{1/3} for a cube root")
            return f"sqrt{self._argument()}"
        if token in _FUNCTIONS:
            return self._function(_FUNCTIONS[token])
        if token in _CONSTANTS:
            return _CONSTANTS[token]
        if token in _FONTS and self._token() == "{":
            return self._font()
        if token[0].isdigit() or token[0] == ".":
            return token
        if self._letters and is_letter(token.removeprefix("\\")):
            return token.removeprefix("\\") + self._subscript()
        raise self._unknown(token)

    def _subscript(self) -> str:
        """The index behind a letter: `_1`, `_{12}` and `_{1,2}`, each digit by itself where no comma parts them."""
        if self._token() != "_":
            return ""
        self._next += 1
        inside = [self._token()]
        if inside == ["{"]:
            end = self._next + 1
            while end < len(self._tokens) and self._tokens[end] != "}":
                end += 1
            inside, self._next = self._tokens[self._next + 1 : end], end
        self._next += 1
        digits = [token for token in inside if token != ","] if "," in inside else list("".join(inside))
        if not digits or not all(digit.isdigit() for digit in digits):
            raise NumberFault(f"the index of a letter in {quoted(self._text)} is no number", "write x_{12} or x_{1,2}")
        return "".join(f"_{digit}" for digit in digits)

    def _font(self) -> str:
        """What stands in a font, `\\mathrm{e}`, counts as without it, a function's name too."""
        end = self._next + 2
        if self._tokens[end : end + 1] == ["}"]:
            word = self._tokens[self._next + 1]
            self._tokens[self._next : end + 1] = [word]
            return self._operand()
        return self._group()

    def _function(self, name: str) -> str:
        if self._token() in ("_", "^"):
            remedy = "write log(x)/log(2) for another base, and put a power behind the brackets"
            raise NumberFault(f"{quoted(self._text)} has {quoted(self._token())} behind {name}", remedy)
        if self._token() in _OPENING:
            return name + self._group()
        if not self._token():
            raise NumberFault(f"{name} has no argument in {quoted(self._text)}", f"write \\{name}(5)")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NumberFault(f"{quoted(self._text)} is nested too deeply", "write it with fewer brackets")
        argument = f"{name}({self._operand()})"
        self._depth -= 1
        return argument

    def _group(self) -> str:
        self._next += 1
        inner = self._run(_CLOSING)
        self._next += 1
        return f"({inner})"

    def _argument(self) -> str:
        """What follows `\\frac` or `\\sqrt`: a group, or one character as in `\\frac12`."""
        token = self._token()
        if token == "{":
            return self._group()
        if token[:1].isdigit() and len(token) > 1:
            self._tokens[self._next] = token[1:]
            return f"({token[0]})"
        if not token:
            raise NumberFault(f"a number is missing at the end of {quoted(self._text)}", _EXAMPLE)
        return f"({self._operand()})"

    def _unknown(self, token: str) -> NumberFault:
        if token in _DOTS:
            return NumberFault(f"{quoted(token)} leaves entries out", "write out every entry")
        if token == "\\infty":
            return NumberFault("∞ is not finite", "write a finite number; a max pool pads with -∞ by itself")
        if token.startswith("\\"):
            return NumberFault(f"the LaTeX command {quoted(token)} is not known here", _EXAMPLE)
        if token.isalpha():
            return NumberFault(f"{quoted(token)} is not a number", "write a number")
        return NumberFault(f"{quoted(token)} stands in {quoted(self._text)}", _EXAMPLE)
