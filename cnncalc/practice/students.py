"""A problem, a blank sheet and a key for each student of a list: the same every time, on every machine."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from cnncalc.language import Language, Phrase
from cnncalc.practice.blank import as_yaml, asked
from cnncalc.practice.exercise import Exercise, drawn
from cnncalc.practice.inspection import Coincidence, is_rational
from cnncalc.practice.template import Template
from cnncalc.practice.writing import Numbers, yaml
from cnncalc.problem.loader import loads
from cnncalc.problem.text.source import LARGEST
from cnncalc.records import Record
from cnncalc.solver import solve
from cnncalc.visible import visible

HEADINGS = frozenset([
    "name", "names", "id", "number", "student", "student id", "student number", "email", "mail", "sid", "username",
    "user", "login", "surname", "last name", "first name", "matriculation number", "学号", "姓名", "学生", "identifier",
    "full name", "section", "sis user id", "file", "answers", "score", "grade",
])  # fmt: skip
"""What stands at the head of a list of students, as people, Moodle, Canvas, Gradescope and cnncalc write it."""
OF_A_NAME = ("first name", "last name", "surname")
"""Two columns that say only together who it is."""
MOST = 5000
EXERCISE = Phrase("Exercise")
_NOT_IN_A_FILE_NAME = re.compile(r"[\s/\\:*?\"<>|]+")


class Student(Record):
    """One line of the list: who it is, the name of the files, and all cells as they stand."""

    who: str
    file: str
    cells: tuple[str, ...]
    seed: str
    """Who it is; of those who are called alike, for all but the first also what else the line says."""


class Task(Record):
    """What one student gets, as texts of files."""

    student: Student
    seed: str
    problem: str
    sheet: str
    key: str
    remarks: tuple[str, ...]


def students(text: str) -> list[Student]:
    """The students of a list in CSV; the first cell of a line says who it is. Raises ValueError where there is none."""
    sample = text.split("\n", 1)[0]
    comma = max(",;\t", key=sample.count)
    found: list[Student] = []
    taken: set[str] = set()
    both: list[int] = []
    csv.field_size_limit(LARGEST)
    for cells in csv.reader(text.split("\n"), delimiter=comma):
        kept = tuple(visible(cell.strip()) for cell in cells)
        who = next((cell for cell in kept if cell), "")
        if not who or (not found and who.lower() in HEADINGS):
            named = [at for at, cell in enumerate(kept) if cell.lower() in OF_A_NAME]
            both = named if len(named) == 2 else both
            continue
        who = " ".join(kept[at] for at in both if at < len(kept) and kept[at]) or who
        file = base = _NOT_IN_A_FILE_NAME.sub("_", who).strip("._")[:80] or "student"
        number = 1
        while file.lower() in taken:
            number += 1
            file = f"{base}_{number}"
        taken.add(file.lower())
        before = sum(other.who == who for other in found)
        found.append(Student(who, file, kept, "/".join((*kept, str(before))) if before else who))
    if not found:
        raise ValueError("no student stands in it; write one a line, name or number first")
    if len(found) > MOST:
        raise ValueError(f"{len(found)} students; a list has at most {MOST}")
    return found


def task(
    template: Template, student: Student, seed: str, effort: int, alike: frozenset[Coincidence], language: Language
) -> Task:
    """The problem of one student, drawn from the seed and from who it is; raises ProblemError."""
    own = f"{seed}/{student.seed}"
    exercise = drawn(template, own, effort, alike)
    title = Phrase(", ", "，").text(language).join((template.problem.title or EXERCISE.text(language), student.who))
    text = template.written(exercise.texts, language, title=title, source=f"cnncalc practice, seed {own}")
    problem = loads(text)
    remarks = tuple(finding.phrase.text(language) for finding in exercise.findings)
    return Task(student, own, text, as_yaml(problem, language), key(exercise), remarks)


def key(exercise: Exercise) -> str:
    """The right answers, as a sheet: fractions and short decimals exactly, everything else to six digits."""
    trace = solve(exercise.problem)
    answers = {}
    for each in asked(exercise.problem):
        tensor = trace[each.name]
        forms = np.asarray(tensor.exact, dtype=object).ravel().tolist()
        texts = [
            str(form) if is_rational(form) else f"{double:.6g}"
            for form, double in zip(forms, tensor.value.ravel().tolist(), strict=True)
        ]
        answers[each.name] = Numbers(tensor.shape, texts)
    return yaml(answers)


FILES = ("problems", "sheets", "keys")
"""The folders; in each a file a student."""


def written(tasks: Sequence[Task]) -> Iterator[tuple[Path, str]]:
    """The files of a class by their paths, the index last."""
    for each in tasks:
        for folder, text in zip(FILES, (each.problem, each.sheet, each.key), strict=True):
            yield Path(folder, f"{each.student.file}.yaml"), text
