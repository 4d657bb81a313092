"""The numbers of a state dict: `.npz`, or `.safetensors`, whose header is JSON."""

import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from cnncalc.problem.text.faults import Fault, ProblemError, quoted
from cnncalc.visible import shown_path

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1"}
LONGEST_HEADER = 10**8
MOST = 1_000_000
"""Numbers that are written into a problem file."""
LOCAL: Mapping[str, Mapping[str, str]] = {
    "batch_norm": {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"}
}
"""What PyTorch calls the parameters of a layer and we call otherwise."""
_DAMAGE = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, RuntimeError),
    *(struct.error, zlib.error, BadZipFile),
)
Weights = Mapping[str, Any]
"""Arrays by PyTorch's names: `conv1.weight`."""


def read_weights(path: Path) -> Weights:
    """Every array of a file; raises ProblemError where it cannot be read."""
    try:
        if path.suffix == ".npz":
            # A file that NumPy itself has opened stays open where it is no archive.
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                return {name: file[name] for name in file.files}
        if path.suffix == ".safetensors":
            return _safetensors(path.read_bytes())
    except FileNotFoundError as error:
        raise _fault(path, f"there is no file {quoted(str(path))}", "check the path") from error
    except _DAMAGE as error:
        raise _fault(path, "the file is damaged, or not what its ending says", "export it once more") from error
    how = 'write `np.savez("w.npz", **{k: v.numpy() for k, v in model.state_dict().items()})` in Python'
    raise _fault(path, f"the ending {path.suffix or 'of this file'} is none of .npz and .safetensors", how)


def _fault(path: Path, message: str, remedy: str) -> ProblemError:
    return ProblemError([Fault(message, remedy)], shown_path(str(path)))


def _safetensors(content: bytes) -> Weights:
    (length,) = struct.unpack("<Q", content[:8])
    if length > min(LONGEST_HEADER, len(content)):
        raise ValueError("its header is longer than the file")
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    found = {}
    for name, about in header.items():
        if name == "__metadata__":
            continue
        start, end = about["data_offsets"]
        if about["dtype"] == "BF16":
            # The upper half of a float32.
            values = (np.frombuffer(data[start:end], "<u2").astype("<u4") << 16).view("<f4")
        else:
            values = np.frombuffer(data[start:end], TYPES[about["dtype"]])
        found[name] = values.reshape(about["shape"])
    return found
