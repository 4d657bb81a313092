"""Arrays that NumPy saved: .npy and .npz, their headers looked at before anything is believed."""

import tokenize
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.problem.tensor.files import BadFile
from cnncalc.problem.tensor.typed import LARGEST
from cnncalc.problem.text.wording import listing, quoted, shape_text

# All that numpy and zipfile raise for what they cannot read.
_BAD_ARRAY = (
    ValueError,
    TypeError,
    SyntaxError,
    OSError,
    EOFError,
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    tokenize.TokenError,
    UserWarning,
)


def read_npy(path: Path, name: str) -> Array:
    """The array of a .npy file: float64 or integers; raises BadFile."""
    with _damage_as_bad_file(name), path.open("rb") as file:
        return _checked(_read_array(file, name, path.stat().st_size), name)


def read_npz(path: Path, name: str, key: str | None) -> Array:
    """The array `key` of a .npz file, or its only one; raises BadFile."""
    with _damage_as_bad_file(name), zipfile.ZipFile(path) as archive:
        members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
        if key is None and len(members) == 1:
            key = next(iter(members))
        if key not in members:
            known = listing(list(members)[:10]) if members else "a file with arrays"
            missing = "needs a `key`" if key is None else f"has no array {quoted(key)}"
            raise BadFile(f"{quoted(name)} {missing}", f"write `key:` with {known}")
        with archive.open(members[key]) as file:
            return _checked(_read_array(file, name, members[key].file_size), name)


@contextmanager
def _damage_as_bad_file(name: str) -> Iterator[None]:
    try:
        yield
    except PermissionError:
        raise
    except _BAD_ARRAY as error:
        message = f"{quoted(name)} is damaged, or not what its ending says"
        raise BadFile(message, "save it anew with numpy.save") from error


def _read_array(file: IO[bytes], name: str, most_bytes: int) -> Array:
    """One array, after a look at the size and type that its header claims."""
    version = np.lib.format.read_magic(file)
    readers: dict[tuple[int, int], Callable[[IO[bytes]], tuple[Any, ...]]] = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise BadFile(f"{quoted(name)} is a .npy file of an unknown version", "save it anew with numpy.save")
    shape, fortran_order, dtype = readers[version](file)
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        kind = "Python objects" if dtype.hasobject else quoted(str(dtype))
        raise BadFile(f"{quoted(name)} holds {kind}, not numbers", "save an array of float64 or of integers")
    count = prod(shape)
    if count > LARGEST:
        raise BadFile(f"{quoted(name)} holds {count} elements ({shape_text(shape)})", f"use at most {LARGEST}")
    if count <= 0:
        raise BadFile(f"{quoted(name)} holds no elements ({shape_text(shape)})", "save an array with elements")
    if count * dtype.itemsize > most_bytes:
        raise BadFile(f"{quoted(name)} is shorter than its header says", "save it anew with numpy.save")
    content = file.read(count * dtype.itemsize)
    array = np.frombuffer(content, dtype=dtype)
    return array.reshape(shape, order="F" if fortran_order else "C")


def _checked(array: Array, name: str) -> Array:
    """Native float64 or integers, all of them finite, none −0; float64 for reading only, since traces share it."""
    if array.dtype.kind == "f":
        array = array.astype(np.float64)
        array += 0.0
        array.setflags(write=False)
        if not np.isfinite(array).all():
            index = [int(i) + 1 for i in np.argwhere(~np.isfinite(array))[0]]
            raise BadFile(f"{quoted(name)} holds NaN or infinity at {index}, counted from 1", "save finite numbers")
        return array
    # uint64 beyond int64 would turn negative.
    return array.astype(object if array.dtype == np.uint64 else np.int64)
