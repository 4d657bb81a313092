"""The grammar of numbers: what is read, exactly, and what is said of the rest."""

import time
from decimal import Decimal
from fractions import Fraction

import pytest

from cnncalc.arithmetic.expression import Call, Constant, Literal, Operation
from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.numbers import read_number

E, PI = Constant("e"), Constant("pi")

READ: dict[str, Literal] = {
    "0": 0,
    "1": 1,
    "-3": -3,
    "+2": 2,
    "−3": -3,
    "0.20": Decimal("0.20"),
    "19.60": Decimal("19.60"),
    "-0.0": Decimal("-0.0"),
    "1e-3": Decimal("0.001"),
    "2.50E2": Decimal("2.50E2"),
    ".5": Decimal("0.5"),
    "5.": Decimal("5"),
    "-.5": Decimal("-0.5"),
    "−0.25": Decimal("-0.25"),
    "1/10": Fraction(1, 10),
    "-6/4": Fraction(-3, 2),
    "10/5": 2,
    "−1/2": Fraction(-1, 2),
    "(1+2)/3": 1,
    "0.5*2": 1,
    "1 / 3 + 1/6": Fraction(1, 2),
    "1 - 2 - 3": -4,
    "12/3/2": 2,
    "-2**2": -4,
    "(-2)**2": 4,
    "2**-1": Fraction(1, 2),
    "2**3**2": 512,
    "0**0": 1,
    "(-1)**10**999": 1,
    "(-1)**(10**999+1)": -1,
    "10**1000": 10**1000,
    "--1": 1,
    "sqrt(4)": 2,
    "sqrt(1/9)": Fraction(1, 3),
    "log(1)": 0,
    "exp(0)": 1,
    "log(e)": 1,
    "e": E,
    "e**2": Call("exp", 2),
    "exp(1)": Call("exp", 1),
    "ln(5)": Call("log", 5),
    "-log(0.2)": Operation("-", 0, Call("log", Decimal("0.2"))),
    "sqrt(2)": Call("sqrt", 2),
    "pi/2": Operation("/", PI, 2),
    "2**0.5": Operation("**", 2, Fraction(1, 2)),
    "log(1e1000)": Call("log", Decimal("1e1000")),
    r"\frac{1}{10}": Fraction(1, 10),
    r"\dfrac12": Fraction(1, 2),
    r"-\frac{3}{4}": Fraction(-3, 4),
    r"-\log(0.2)": Operation("-", 0, Call("log", Decimal("0.2"))),
    r"\log 5": Call("log", 5),
    r"\ln\left(5\right)": Call("log", 5),
    r"\sqrt{2}": Call("sqrt", 2),
    r"e^{2}": Call("exp", 2),
    r"\mathrm{e}^{-1}": Call("exp", -1),
    r"2\pi": Operation("*", 2, PI),
    r"2\sqrt{3}": Operation("*", 2, Call("sqrt", 3)),
    r"\left(1+2\right)\cdot 3": 9,
    r"2 \times 3": 6,
    "１": 1,
    "－３．５": Decimal("-3.5"),
    "2×3": 6,
    "6÷4": Fraction(3, 2),
    "2^3": 8,
    "2³": 8,
    "2⁻³": Fraction(1, 8),
    "¹⁄₃": Fraction(1, 3),
    "3分之1": Fraction(1, 3),
    "三分之二": Fraction(2, 3),
    "–3": -3,
    "(1/2)(3)": Fraction(3, 2),
    "log 5": Call("log", 5),
    "LN(5)": Call("log", 5),
    "Log[5]": Call("log", 5),
    "ln 1/5": Call("log", Fraction(1, 5)),
    "np.exp(2)": Call("exp", 2),
    "√2": Call("sqrt", 2),
    "根号2": Call("sqrt", 2),
    "√(4)": 2,
    "2√2": Operation("*", 2, Call("sqrt", 2)),
    "½√2": Operation("*", Fraction(1, 2), Call("sqrt", 2)),
    "¼π": Operation("*", Fraction(1, 4), PI),
    "e⁻²": Call("exp", -2),
    "sigmoid(0)": Fraction(1, 2),
    "tanh(0)": 0,
    "np.float64(0.25)": Decimal("0.25"),
    r"\nicefrac{1}{3}": Fraction(1, 3),
    r"{1 \over 3}": Fraction(1, 3),
    r"\boxed{0.5}": Decimal("0.5"),
}


@pytest.mark.parametrize(("text", "value"), READ.items(), ids=READ.keys())
def test_reads_exactly(text: str, value: Literal) -> None:
    read = read_number(text)
    assert read == value
    assert type(read) is type(value)
    assert str(read) == str(value)  # 0.20 keeps its places


EXAMPLE = "write a number such as 0.5, 1/2 or -log(0.2)"
LATEX_EXAMPLE = r"write a number such as \frac{1}{2} or -\log(0.2)"
KNOWN = "write numbers with + - * / ** ( ), log, exp, sqrt, e and pi"
LETTERS = "write a number"
SMALLER = ("a number of more than 1000 digits", "write smaller numbers")
ZERO = ("a division by zero", "write a divisor that is not 0")
BEYOND = ("a number beyond 1e308", "write numbers that a computer's floating point can hold")
EMPTY = ("an empty cell", "write the number; 0 is written 0")
REFUSED = {
    "": EMPTY,
    "null": EMPTY,
    "~": EMPTY,
    "?": ("a missing number (?)", "write the number"),
    "no": ("'no' is a word, not a number", "write 1 or 0"),
    "Yes": ("'Yes' is a word, not a number", "write 1 or 0"),
    "on": ("'on' is a word, not a number", "write 1 or 0"),
    "nan": ("'nan' is not a number", "write the number that is meant"),
    ".NaN": ("'.NaN' is not a number", "write the number that is meant"),
    "inf": ("'inf' is not finite", "write a finite number; a max pool pads with -∞ by itself"),
    "-.inf": ("'-.inf' is not finite", "write a finite number; a max pool pads with -∞ by itself"),
    "1:30": ("'1:30' is a time, not a number", "write a decimal (1.5) or a fraction (1/30)"),
    "2024-10-15": ("'2024-10-15' is a date, not a number", "write blanks around the minus signs of a difference"),
    "010": ("'010' begins with a zero", "write 10"),
    "-007.5": ("'-007.5' begins with a zero", "write -7.5"),
    "1+02": ("'02' begins with a zero", "write 2"),
    "1,5": ("'1,5' has a decimal comma", "write a decimal point: 1.5"),
    "-0,25": ("'-0,25' has a decimal comma", "write a decimal point: -0.25"),
    "1,000": ("'1,000' has a comma in it", "write 1000 if it parts thousands, 1.000 if it is a decimal comma"),
    "1,000,000": ("'1,000,000' has commas in it", "write the digits without them: 1000000"),
    "1,000.50": ("'1,000.50' has a comma in it", "write the digits without it: 1000.50"),
    "1_000": ("'1_000' has a separator in it", "write the digits without it: 1000"),
    "1'000": ("'1'000' has a separator in it", "write the digits without it: 1000"),
    "1 000": ("'1 000' is more than one number", "write a list of them, with commas: [1, 2]"),
    "5%": ("'5%' is a percentage", "write 5/100"),
    "0x1F": ("'0x1F' is not a decimal number", "write it with the digits 0 to 9, without a prefix: 31"),
    "3i": ("'3i' is a complex number", "write a real number"),
    "-": ("a sign without a number", "write the sign right before its number, without a blank"),
    "[1": ("a bracket stands in '[1'", "leave it out; round brackets group"),
    "1; 2": ("a semicolon stands in '1; 2'", "begin each row on a new line"),
    "1½": ("'1½' is a mixed number", "write (1 + 1/2) for 1½"),
    "2 - 10 ¾": ("'10 ¾' is a mixed number", "write (10 + 3/4) for 10 ¾"),
    "1 1/2": ("'1 1/2' is a mixed number, or two numbers", "write 3/2, or a comma between the two"),
    "-2 1/3": ("'-2 1/3' is a mixed number, or two numbers", "write -7/3, or a comma between the two"),
    "≈ 0.33": ("'≈ 0.33' says that a number is rounded", "write 0.33; it is then exact"),
    "1/2π": (
        "nothing says what is below the fraction line in '1/2π'",
        "write /(2pi) if all of it is below the line, or ()* with brackets around the fraction",
    ),
    "ln 3/2": ("nothing says where the argument ends in 'ln 3/2'", "write ln(3/2) or ln(3)/2"),
    "0·25": ("'0·25' has a dot in the middle of the line", "write 0.25, or 0*25 for the product"),
    "0.(3)": ("'0.(3)' is a recurring decimal", "write a fraction, such as 1/3"),
    "∛8": ("'∛8' is a root of another degree", "write 8**(1/3) for the cube root of 8"),
    "½½": ("nothing stands between '½' and what is beside it in '½½'", "write (1/2), and the operator that is meant"),
    "3(⅓)½": (
        "nothing stands between '⅓' and what is beside it in '3(⅓)½'",
        "write (1/3), and the operator that is meant",
    ),
    "①": ("'①' is not a number", "write a number"),
    "x": ("'x' is not a number", LETTERS),
    "w_11": ("'w_11' is not a number", LETTERS),
    "sin(1)": ("'sin' is not known in 'sin(1)'", KNOWN),
    "$5": ("'$' is not known in '$5'", KNOWN),
    "log10(5)": ("'log10(5)' is no natural logarithm", "write log(x)/log(10)"),
    "1.2.3": ("the number has '.3' where an operator or its end should be: '1.2.3'", EXAMPLE),
    "1 /": ("the number ends too early: '1 /'", EXAMPLE),
    "(1": ("a bracket is not closed in '(1'", "close it with )"),
    "1)": ("the number has ')' where an operator or its end should be: '1)'", EXAMPLE),
    "1/0": ZERO,
    "1/(1-1)": ZERO,
    "1/(log(2)-log(2))": ZERO,
    "0**-1": ZERO,
    "log(0)": ("the logarithm of a number that is not positive", "write log of a positive number"),
    "log(log(0.5))": ("the logarithm of a number that is not positive", "write log of a positive number"),
    "sqrt(-1)": ("the square root of a negative number", "write sqrt of a number that is not negative"),
    "(-8)**(1/3)": ("a power that has no real value", "write a positive base, or a whole number as exponent"),
    "1e999999999": ("the exponent of '1e999999999' is out of range", "keep it within ±1000"),
    "1e-999999999": ("the exponent of '1e-999999999' is out of range", "keep it within ±1000"),
    "1e99999999999999999999": ("the exponent of '1e99999999999999999999' is out of range", "keep it within ±1000"),
    "0e-5000": ("the exponent of '0e-5000' is out of range", "keep it within ±1000"),
    ".": ("the number has '.' where an operator or its end should be: '.'", EXAMPLE),
    "9**9**9": SMALLER,
    "2**(10**9)": SMALLER,
    "1e1000*1e1000": SMALLER,
    "exp(1000)": BEYOND,
    "exp(exp(exp(9)))": BEYOND,
    r"\frac{1}{x}": ("'x' is not a number", LETTERS),
    r"\frac{1": ("a bracket is not closed in '\\frac{1'", "close it"),
    r"\frac": ("a number is missing at the end of '\\frac'", LATEX_EXAMPLE),
    r"\alpha": ("the LaTeX command '\\alpha' is not known here", LATEX_EXAMPLE),
    r"\dots": ("'\\dots' leaves entries out", "write out every entry"),
    r"\log_2 8": (
        "'\\log_2 8' has '_' behind log",
        "write log(x)/log(2) for another base, and put a power behind the brackets",
    ),
    r"\sqrt[3]{8}": ("'\\sqrt[3]{8}' is a root of another degree", "write x^{1/3} for a cube root"),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=REFUSED.keys())
def test_says_what_to_write_instead(text: str, said: tuple[str, str]) -> None:
    with pytest.raises(NumberFault, match=r"\S") as caught:
        read_number(text)
    assert (caught.value.message, caught.value.remedy) == said


@pytest.mark.parametrize(
    "text",
    ["(" * 400 + "1" + ")" * 400, "-" * 300 + "1", "2**" * 130 + "2", r"\log" * 200 + "2", "{" * 900, "1+" * 399],
)
def test_deep_and_long_texts_end_at_once(text: str) -> None:
    with pytest.raises(NumberFault, match=r"nested too deeply|1000 digits|characters"):
        read_number(text)


def test_a_number_is_at_most_1000_characters() -> None:
    assert read_number("9" * 1000) == 10**1000 - 1
    with pytest.raises(NumberFault, match="a number of 1001 characters"):
        read_number("9" * 1001)


def test_plain_numbers_are_read_fast() -> None:
    cells = ["12", "-0.125", "3/8"] * 20_000
    start = time.process_time()
    for cell in cells:
        read_number(cell)
    assert time.process_time() - start < 1  # 0.1 s on the machine of 2025 that this was written on


@pytest.mark.parametrize("letters", [False, True])
def test_a_fraction_in_one_character_is_that_fraction_and_no_letter(letters: bool) -> None:
    """All of Unicode's; what each is worth is in its own tables."""
    import unicodedata

    signs = [chr(code) for code in range(0x110000) if unicodedata.decomposition(chr(code)).startswith("<fraction>")]
    whole = [sign for sign in signs if unicodedata.numeric(sign) not in (0.0, 1.0)]
    assert len(whole) == 18
    for sign in signs:
        if sign == "⅟":  # a numerator without a denominator
            continue
        value = Fraction(unicodedata.numeric(sign)).limit_denominator(10)
        assert read_number(sign, letters=letters) == value
        assert read_number(f"−{sign}", letters=letters) == -value
        assert read_number(f"2*({sign} + 1)", letters=letters) == 2 * (value + 1)


def test_signs_for_numbers_are_no_letters() -> None:
    """Each character that has a value and is no letter: ², ⅷ, ①, ٣."""
    import unicodedata

    for code in range(0x110000):
        sign = chr(code)
        if unicodedata.category(sign) in ("Nl", "No"):
            try:
                assert isinstance(read_number(sign, letters=True), int | Fraction), sign
            except NumberFault:
                continue
