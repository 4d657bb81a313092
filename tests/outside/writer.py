"""Writes frozen numbers: one file a network, one tensor a line, so that a change is a diff that can be read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write(path: Path, about: Mapping[str, str], tensors: Mapping[str, Any]) -> None:
    """`about` (source, version, …) and the tensors as nested lists."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in about.items()]
    cells = [f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in tensors.items()]
    text = "\n".join(["{", *lines, '  "tensors": {', ",\n".join(cells), "  }", "}"])
    path.write_text(text + "\n", encoding="utf-8")


def start_afresh(folder: Path, *endings: str) -> None:
    """Remove what an earlier run wrote, so that no case outlives its maker."""
    folder.mkdir(exist_ok=True)
    for ending in endings:
        for path in folder.glob(f"*{ending}"):
            path.unlink()
