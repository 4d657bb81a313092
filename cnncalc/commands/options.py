"""The choices and options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

MOST_DIGITS = 1000


class Format(StrEnum):
    """What `solve` and `shapes` print."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    LATEX = "latex"
    HTML = "html"

    @property
    def document_format(self) -> DocumentFormat:
        """The format of the document that it is, unless it is JSON."""
        return DocumentFormat.TEXT if self is Format.TABLE else DocumentFormat(self.value)


class PlainFormat(StrEnum):
    """What `verify` and `entropy` print."""

    TABLE = "table"
    JSON = "json"


class ConventionsChoice(StrEnum):
    """Whether another convention than the problem's, kept to throughout a sheet, counts as right."""

    STRICT = "strict"
    ACCEPT = "accept"


class CheckFormat(StrEnum):
    """What `check` prints."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    MARKDOWN = "markdown"
    MOODLE = "moodle"
    CANVAS = "canvas"
    GRADESCOPE = "gradescope"


class NumbersChoice(StrEnum):
    """The number systems of a problem file."""

    AUTO = "auto"
    EXACT = "exact"
    FLOAT = "float"
    SYMBOLIC = "symbolic"


class UnitChoice(StrEnum):
    """The units of information."""

    NATS = "nats"
    BITS = "bits"
    DITS = "dits"


class LanguageChoice(StrEnum):
    """The languages of the output."""

    ENGLISH = "en"
    CHINESE = "zh"


class LibraryChoice(StrEnum):
    """The libraries that `export` writes for."""

    PYTORCH = "pytorch"
    NUMPY = "numpy"


class DocumentFormat(StrEnum):
    """What `worked` writes."""

    TEXT = "text"
    MARKDOWN = "markdown"
    LATEX = "latex"
    HTML = "html"


class ExplanationFormat(StrEnum):
    """What `explain` writes."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    LATEX = "latex"
    HTML = "html"


class MethodChoice(StrEnum):
    """The ways to a convolution's gradients that `worked` shows."""

    ROTATED = "rotated"
    IM2COL = "im2col"
    BOTH = "both"
    NONE = "none"


class LengthChoice(StrEnum):
    """How much `worked` says."""

    BRIEF = "brief"
    FULL = "full"
    EVERYTHING = "everything"


DOCUMENT_ENDINGS = {
    ".md": DocumentFormat.MARKDOWN,
    ".markdown": DocumentFormat.MARKDOWN,
    ".tex": DocumentFormat.LATEX,
    ".pdf": DocumentFormat.LATEX,
    ".html": DocumentFormat.HTML,
    ".htm": DocumentFormat.HTML,
    ".txt": DocumentFormat.TEXT,
}
"""The format that the ending of an output file asks for, of `worked`."""
EXPLANATION_ENDINGS = {
    ".json": ExplanationFormat.JSON,
    **{ending: ExplanationFormat(meant.value) for ending, meant in DOCUMENT_ENDINGS.items()},
}
SOLUTION_ENDINGS = {
    ".json": Format.JSON,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".tex": Format.LATEX,
    ".pdf": Format.LATEX,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".txt": Format.TABLE,
}
PAGE_ENDINGS = dict.fromkeys((".html", ".htm"), DocumentFormat.HTML)
PLAIN_ENDINGS = {".json": PlainFormat.JSON, ".txt": PlainFormat.TABLE}
SCRIPT_ENDINGS = {".py": ".py", ".txt": ".txt"}
CHECK_ENDINGS = {
    ".json": CheckFormat.JSON,
    ".csv": CheckFormat.CSV,
    ".html": CheckFormat.HTML,
    ".htm": CheckFormat.HTML,
    ".md": CheckFormat.MARKDOWN,
    ".markdown": CheckFormat.MARKDOWN,
    ".txt": CheckFormat.TABLE,
}
WatchOption = Annotated[bool, typer.Option("--watch", help="Run again whenever a file is saved, until Ctrl-C.")]


FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format", help="table, json for programs, markdown, latex or html. [default: table]", show_default=False
    ),
]


OutputOption = Annotated[
    Path | None,
    typer.Option("--output", help="Write to this file; .json, .md, .tex, .pdf or .html decides the format."),
]


YamlOutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file, a .yaml file.", metavar="FILE")
]
YAML_ENDINGS = {".yaml": "yaml", ".yml": "yaml"}


DocumentFormatOption = Annotated[
    DocumentFormat | None,
    typer.Option("--format", help="text, markdown, latex or html. [default: text]", show_default=False),
]


ExplanationFormatOption = Annotated[
    ExplanationFormat | None,
    typer.Option(
        "--format", help="text, json for programs, markdown, latex or html. [default: text]", show_default=False
    ),
]
DocumentOutputOption = Annotated[
    Path | None,
    typer.Option("--output", help="Write to this file; .md, .tex, .pdf, .html or .txt decides the format."),
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
    NumbersChoice | None,
    typer.Option("--numbers", help="The number system, instead of the problem file's own choice."),
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
