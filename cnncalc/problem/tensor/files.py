"""Tensors in files beside the problem: .npy, .npz and .csv. Nothing in such a file is ever run or trusted."""

from dataclasses import field
from pathlib import Path

from cnncalc.arithmetic.base import Array
from cnncalc.problem.tensor.cells import CellReader
from cnncalc.problem.tensor.typed import object_array
from cnncalc.problem.text.collector import Collector
from cnncalc.problem.text.faults import Place
from cnncalc.problem.text.source import Unreadable, read_source
from cnncalc.problem.text.wording import quoted
from cnncalc.records import dataclass


class BadFile(Exception):
    """A file that gives no tensor, with what to do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True)
class FileAccess:
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
        if ending in (".npy", ".npz"):
            from cnncalc.problem.tensor.array_files import read_npy, read_npz  # zipfile takes 15 ms to import

            return read_npy(path, name) if ending == ".npy" else read_npz(path, name, key)
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
    return None if read is None else object_array(read[1], read[0])
