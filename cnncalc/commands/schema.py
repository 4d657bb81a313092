"""`cnncalc schema`: the problem file as a JSON Schema."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import guarded


@guarded()
def schema(
    output: Annotated[Path | None, typer.Option("--output", help="Write to this .json file.")] = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
) -> None:
    """Print a JSON Schema of the problem file, by which an editor completes and checks it.

    A file that begins with `# yaml-language-server: $schema=cnncalc.schema.json` is checked as it is typed.
    """
    from cnncalc.reference.schema import schema as made

    target = destination(output, [])
    target.format(None, ["json"])
    target.write(json.dumps(made(language.value), ensure_ascii=not target.is_unicode, indent=1) + "\n")
