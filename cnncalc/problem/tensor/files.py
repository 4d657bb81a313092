"""Tensors in files beside the problem: .npy, .npz and .csv. Nothing in such a file is ever run or trusted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np

from cnncalc.arithmetic.base import Array, filled
from cnncalc.problem.tensor.typed import LARGEST, CellReader
from cnncalc.problem.text.faults import Collector, Place, listing, quoted, shape_text
from cnncalc.problem.text.source import Unreadable, read_source
from cnncalc.records import Record


class BadFile(Exception):
    """A file that gives no tensor, with what to do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class FileAccess(Record):
    """Which files a problem may read: those in its folder and below; `folder` None: none at all."""

    folder: Path | None
    allow_outside: bool = False
    found: list[Path] = field(default_factory=list, compare=False)
    """The files that names have led to."""

    def resolve(self, name: str) -> Path:
        """The file behind a name, symbolic links followed; raises BadFile."""
        if self.folder is None:
            raise BadFile("a problem that is not a file can name no files", "write the numbers, or save the problem")
        try:
            base = self.folder.resolve()
            path = (base / name).resolve()
            if not self.allow_outside and not path.is_relative_to(base):
                raise BadFile(
                    f"{quoted(name)} lies outside of the problem's folder", "copy it into the folder of the problem"
                )
            if path.is_symlink():
                raise OSError("a loop of links, which Python resolves to itself from 3.13 on")
            if not path.exists():
                raise BadFile(f"there is no file {quoted(name)}", "give its path from the problem's folder")
            if not path.is_file():
                raise BadFile(f"{quoted(name)} is not a file", "name a .npy, .npz or .csv file")
        except (OSError, ValueError, RuntimeError) as error:  # a NUL, a name too long, a loop of links
            raise BadFile(f"{quoted(name)} is no usable path", "give its path from the problem's folder") from error
        self.found.append(path)
        return path


def read_array_file(
    access: FileAccess, name: str, key: str | None, place: Place, cells: CellReader, faults: Collector
) -> Array | None:
    """The array in a file; None (with faults) where there is none."""
    try:
        path = access.resolve(name)
        ending = path.suffix.lower()
        if key is not None and ending != ".npz":
            raise BadFile(f"`key` with {quoted(name)}, which holds one array only", "leave `key` out")
        if ending == ".csv":
            return _read_csv(path, name, place, cells, faults)
        if ending == ".npz":
            return read_npz(path, name, key)
        if ending == ".npy":
            with _damage_as_bad_file(name), path.open("rb") as file:
                return _checked(_read_array(file, name, path.stat().st_size), name)
        raise BadFile(f"the ending of {quoted(name)} is not known", "name a .npy, .npz or .csv file")
    except BadFile as bad:
        faults.add(bad.message, bad.remedy, place)
    except PermissionError:
        faults.add(f"{quoted(name)} may not be read", "change its permissions", place)
    return None


def _read_csv(path: Path, name: str, place: Place, cells: CellReader, faults: Collector) -> Array | None:
    from cnncalc.problem.tensor.text_block import read_text_block

    try:
        text = read_source(path)
    except Unreadable as error:
        where = f", line {error.fault.line}, column {error.fault.column}" if error.fault.place else ""
        raise BadFile(f"{quoted(name)}{where}: {error.fault.message}", error.fault.remedy) from error
    read = read_text_block(text, lambda *_: place, cells, faults, inside=f"{quoted(name)}: ")
    return None if read is None else filled(read[0], read[1])


def read_npz(path: Path, name: str, key: str | None) -> Array:
    """The array `key` of a .npz file, or its only one; raises BadFile."""
    import zipfile

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
    """What numpy and zipfile raise for what they cannot read."""
    import tokenize
    import zipfile  # all three take 15 ms
    import zlib

    damage = (
        *(ValueError, TypeError, SyntaxError, OSError, EOFError, KeyError, RuntimeError, UserWarning),
        *(zipfile.BadZipFile, zlib.error, tokenize.TokenError),
    )
    try:
        yield
    except PermissionError:
        raise
    except damage as error:
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
    array = np.frombuffer(file.read(count * dtype.itemsize), dtype=dtype)
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
