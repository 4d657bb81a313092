"""The choices and options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

MOST_DIGITS = 1000

Format = StrEnum("Format", ("TABLE", "TEXT", "JSON", "MARKDOWN", "LATEX", "HTML"))
"""What `solve`, `shapes` and `explain` print; `table` and `text` are one."""
PlainFormat = StrEnum("PlainFormat", ("TABLE", "TEXT", "JSON"))
"""What `verify` and `entropy` print."""
ConventionsChoice = StrEnum("ConventionsChoice", {"STRICT": "strict", "ACCEPT": "accept"})
"""Whether another convention than the problem's, kept to throughout a sheet, counts as right."""
CheckFormat = StrEnum(
    "CheckFormat",
    {
        "TABLE": "table",
        "TEXT": "text",
        "JSON": "json",
        "CSV": "csv",
        "HTML": "html",
        "MARKDOWN": "markdown",
        "MOODLE": "moodle",
        "CANVAS": "canvas",
        "GRADESCOPE": "gradescope",
        "GRADESCOPE_CSV": "gradescope-csv",
    },
)
"""What `check` prints."""
FeedbackFormat = StrEnum("FeedbackFormat", {"HTML": "html", "MARKDOWN": "markdown", "PDF": "pdf"})
"""What `check` writes for each student."""
NumbersChoice = StrEnum("NumbersChoice", {"AUTO": "auto", "EXACT": "exact", "FLOAT": "float", "SYMBOLIC": "symbolic"})
"""The number systems of a problem file."""
UnitChoice = StrEnum("UnitChoice", {"NATS": "nats", "BITS": "bits", "DITS": "dits"})
"""The units of information."""
LanguageChoice = StrEnum("LanguageChoice", {"ENGLISH": "en", "CHINESE": "zh"})
"""The languages of the output."""
LibraryChoice = StrEnum("LibraryChoice", {"PYTORCH": "pytorch", "NUMPY": "numpy"})
"""The libraries that `export` writes for."""
DocumentFormat = StrEnum("DocumentFormat", ("TEXT", "TABLE", "MARKDOWN", "LATEX", "HTML"))
"""What `worked` writes."""
MethodChoice = StrEnum(
    "MethodChoice",
    {"ROTATED": "rotated", "IM2COL": "im2col", "BOTH": "both", "MATRIX": "matrix", "NONE": "none"},
)
"""The ways to a convolution's gradients that `worked` shows."""
LengthChoice = StrEnum("LengthChoice", {"BRIEF": "brief", "FULL": "full", "EVERYTHING": "everything"})
"""How much `worked` says."""
WatchOption = Annotated[bool, typer.Option("--watch", help="Run again whenever a file is saved, until Ctrl-C.")]
FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="table (or text), json for programs, markdown, latex or html. [default: table]",
        show_default=False,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", help="Write to this file; .json, .md, .tex, .pdf or .html decides the format."),
]
YamlOutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file, a .yaml file.", metavar="FILE")
]
DocumentFormatOption = Annotated[
    DocumentFormat | None,
    typer.Option("--format", help="text, markdown, latex or html. [default: text]", show_default=False),
]
DocumentOutputOption = Annotated[
    Path | None, typer.Option("--output", help="Write to this file; .md, .tex, .pdf, .html or .txt decides the format.")
]
PlainFormatOption = Annotated[
    PlainFormat | None,
    typer.Option("--format", help="table, or json for programs. [default: table]", show_default=False),
]
PlainOutputOption = Annotated[
    Path | None, typer.Option("--output", help="Write to this file; .json or .txt decides the format.")
]
ProblemArgument = Annotated[
    str, typer.Argument(help="The problem file (YAML); - is standard input.", metavar="PROBLEM")
]
NumbersOption = Annotated[
    NumbersChoice | None, typer.Option("--numbers", help="The number system, instead of the problem file's own choice.")
]
DigitsOption = Annotated[
    int, typer.Option("--digits", min=1, max=MOST_DIGITS, help="Significant digits of what has to be rounded.")
]
HeatOption = Annotated[
    bool, typer.Option("--heat", help="Shade the cells of tensors by sign and size, on a terminal with colours.")
]
LanguageOption = Annotated[LanguageChoice, typer.Option("--language", help="en or zh.")]
CountsOption = Annotated[
    bool, typer.Option("--counts", help="Connections, FLOPs, initial variances and memory in training instead.")
]
AllowOutsideOption = Annotated[
    bool, typer.Option("--allow-outside", help="Let files name data files outside their own folder.")
]
