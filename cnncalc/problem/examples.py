"""The problems that come with cnncalc: in the folder `problems` of a checkout, or where an installation put them."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from cnncalc.problem.text.faults import Fault, did_you_mean, quoted

PREFIX = "example:"
"""Of the name of one where a file is asked for."""
FIRST = "hw11.yaml"
_TITLE = re.compile(r"(?m)^title:[ \t]*(?P<title>.+?)[ \t]*$")


@cache
def folder() -> Path | None:
    """Where they are; None where an installation has left them out."""
    beside = Path(__file__).parents[2] / "problems"
    if (beside / FIRST).is_file():
        return beside
    try:
        files = metadata.files("cnncalc") or ()
    except metadata.PackageNotFoundError:
        return None
    found = next((Path(str(file.locate())) for file in files if file.name == FIRST), None)
    return found.parent if found is not None and found.is_file() else None


def examples() -> Mapping[str, str]:
    """The title of each, by its name."""
    where = folder()
    paths = sorted(where.glob("*.yaml")) if where is not None else []
    found = {path.stem: _TITLE.search(path.read_text(encoding="utf-8")) for path in paths}
    return {name: title["title"].strip("'\"") if title else "" for name, title in found.items()}


def located(path: str) -> Path | Fault:
    """The file behind `example:hw11`, or what is wrong with that name."""
    name = path.removeprefix(PREFIX).removesuffix(".yaml")
    where = folder()
    if where is not None and name in examples():
        return where / f"{name}.yaml"
    return Fault(
        f"there is no example {quoted(name)}", f"{did_you_mean(name, examples())} `cnncalc examples` lists them"
    )
