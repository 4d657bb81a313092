"""Text to Problem, or every fault of the text at once."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cnncalc.arithmetic.expression import identifier
from cnncalc.language import Phrase
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers.rule import Perceptron
from cnncalc.problem.drafts import Draft, check_name, read_layers
from cnncalc.problem.inputs import ORDERS, Input, channels_first, lay_out, make_input
from cnncalc.problem.links import link
from cnncalc.problem.names import Named, after_update, parts, with_gradients
from cnncalc.problem.penalty import PenaltyDraft, read_penalty, with_penalty
from cnncalc.problem.points import read_points
from cnncalc.problem.problem import NUMBERS, Numbers, Problem, UpdateEntry
from cnncalc.problem.questions import read_answers, read_questions
from cnncalc.problem.shapes import infer_shapes
from cnncalc.problem.targets import LossDraft, make_loss, make_upstream, read_loss
from cnncalc.problem.tensor.files import FileAccess
from cnncalc.problem.tensor.symbols import SymbolNames, lone_letter
from cnncalc.problem.tensor.tensors import TensorReader
from cnncalc.problem.tensor.typed import NumberCells, Typed, blank, is_blank
from cnncalc.problem.text.faults import Collector, ProblemError, closest, counted, listing, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar, read_tree
from cnncalc.problem.text.scalars import read_text
from cnncalc.problem.text.source import open_source
from cnncalc.problem.training import read_training
from cnncalc.problem.updates import UpdateDraft, fitted_update, make_update, read_update
from cnncalc.problem.words.file_words import in_our_words
from cnncalc.problem.words.other_names import Known
from cnncalc.problem.words.spelling import Said, plain
from cnncalc.problem.words.vocabulary import FILE_KEYS, NO_KEYS, TARGETS
from cnncalc.records import expect, replace

if TYPE_CHECKING:
    from cnncalc.letter_sizes import Letters


def load(path: str | Path, *, allow_outside: bool = False) -> Problem:
    """The problem in a file (`-`: standard input); raises ProblemError with every fault of it.

    Files that it names must lie in its folder or below, unless `allow_outside`.
    """
    expect(path, (str, Path), "the path of a problem")
    text, source, folder = open_source(path, ProblemError)
    return loads(text, folder=folder, source=source, allow_outside=allow_outside)


def loads(
    text: str,
    *,
    folder: Path | None = None,
    source: str = "<text>",
    allow_outside: bool = False,
    letters: "Letters | None" = None,
) -> Problem:
    """The problem in a text; raises ProblemError with every fault of it.

    Files that it names are looked for in `folder`; without one it can name none. `letters` takes sizes in letters.
    """
    expect(text, str, "the text of a problem")

    def problem(root: Node, text: str, faults: Collector) -> Problem | None:
        return _Loader(text, FileAccess(folder, allow_outside), source, faults).problem(root)

    return read_tree(text, source, problem, letters)


def load_lettered(error: ProblemError, path: str | Path, allow_outside: bool = False) -> Problem:
    """The problem of a file that could not be read, its letters taken for sizes; raises ProblemError."""
    from cnncalc.letter_sizes import Letters, as_text

    folder = Path() if path == "-" else Path(path).parent
    try:
        return loads(error.text, folder=folder, source=error.source, allow_outside=allow_outside, letters=Letters())
    except ProblemError as faulty:
        faults = [replace(fault, message=as_text(fault.message)) for fault in faulty.faults]
        raise ProblemError(faults, error.source, error.text) from faulty


def _stray(name: str, value: Node) -> str:
    """What to do about a key that is none: a word nearby, or the layer that numbers belong to."""
    near = closest(name, FILE_KEYS)
    if near is not None:
        return f"did you mean {near}?"
    if isinstance(value, Items) or (isinstance(value, Scalar) and "\n" in value.text):
        return f"name it in its layer, as in `- fc: {{weight: {name}}}`, or leave it out"
    return "leave it out; `cnncalc format` lists what stands in a problem"


class _Loader:
    """Goes through the keys of the file once, noting faults and going on."""

    def __init__(self, text: str, access: FileAccess, source: str, faults: Collector) -> None:
        self._text = text
        self._source = source
        self._faults = faults
        self._access = access
        self._said = Said()
        self._cells = NumberCells(faults, self._said.word)
        self._symbols = SymbolNames(faults)
        self._tensors = TensorReader(self._cells, faults, access, text, takes_blanks=True, letters=self._symbols)

    def problem(self, root: Node) -> Problem | None:
        """The problem; None (with faults) where it cannot be had."""
        if not isinstance(root, Fields):
            if not len(self._faults):
                self._faults.add("a problem is a mapping", "begin with `input:` and `layers:`", root.place)
            return None
        root, ends = in_our_words(root, self._said, self._faults)
        if "expressions" in root.entries:
            from cnncalc.problem.expressions import read_circuit

            return read_circuit(root, self._text, self._source, self._faults, self._tensors)
        self._check_keys(root)
        title = read_text(root.get("title"), "title", self._faults)
        origin = read_text(root.get("source"), "source", self._faults)
        index_base = self._choice(root.get("index_base"), "index_base", ("1", "0"))
        numbers = self._choice(root.get("numbers"), "numbers", NUMBERS)
        notices: list[Phrase] = []
        drafts = read_layers(root.get("layers"), LAYERS, self._tensors, self._faults)
        if "orientation" in root.entries:
            chosen = self._choice(root.get("orientation"), "orientation", ("column", "row"))
            for draft in drafts:
                is_fc = draft is not None and draft.type.type == "fc" and "orientation" not in draft.places
                if is_fc and draft is not None and draft.layer is not None:
                    draft.layer = replace(draft.layer, orientation=chosen)
        loss = read_loss(root.get("loss"), LOSSES, self._tensors, self._faults)
        inputs = self._read_inputs(root)
        link(drafts, {name: typed.place if typed else None for name, typed in inputs.items()}, self._faults, ends)
        order = self._choice(root.get("order"), "order", ORDERS) if "order" in root.entries else None
        is_channels_last = lay_out(order, inputs, drafts, notices)
        upstream = self._read_upstream(root)
        upstream = channels_first(upstream) if is_channels_last else upstream
        training = read_training(root.get("training"), self._faults)
        update = read_update(root.get("update"), root, self._tensors, self._faults)
        given = {
            name: made
            for name, typed in inputs.items()
            if typed is not None and (made := make_input(typed, name, drafts, loss, self._faults)) is not None
        }
        batch = self._batch(list(given.values()))
        made_update = self._make_update(update, given.values(), drafts, loss, batch) if update else None
        penalty = read_penalty(root.get("penalty"), drafts, self._faults)
        if penalty is not None and update is not None and update.visits:
            remedy = "leave `penalty` out, or write `sgd`"
            self._faults.add("the perceptron's rule corrects by its loss alone", remedy, penalty.place)
        names = self._names(root, inputs, drafts, loss, made_update, penalty)
        tensors: list[tuple[str | None, Typed | None]] = [*inputs.items(), (None, upstream)]
        tensors += [(d.parameter_name(local), t) for d in [*drafts, loss] if d for local, t in d.parameters.items()]
        self._check_letters(tensors, inputs, [*drafts, loss])
        known = [draft for draft in drafts if draft is not None]
        called = (
            None
            if names is None
            else Known(
                layers=[draft.named() for draft in known],
                names=list(names),
                resolve=names.get,
                axes=lambda _: None,
                inputs=list(inputs),
                loss=loss.type.type if loss else None,
                loss_name=loss.name if loss else "L",
            )
        )
        questions = read_questions(root.get("questions"), called, self._faults, self._said.word)
        points = read_points(root.get("points"), questions, self._faults)
        answers = read_answers(root.get("answers"), called, self._faults, questions)
        read_answers(root.get("given"), called, self._faults)
        is_computed = not any(typed and is_blank(typed.entries) for typed in inputs.values())
        is_computed = is_computed and not any(draft.is_outline for draft in known)
        shapes = {name: given[name].shape if name in given else None for name in inputs}
        entries, y = infer_shapes(drafts, shapes, batch or 1, self._faults, is_computed)
        last = known[-1].name if known else next(iter(inputs))
        made_loss = made_upstream = None
        if y is not None and loss is not None and given:
            first = next(iter(given.values())).tensor
            made_loss = make_loss(loss, known, last, y, batch, int(index_base), self._faults, first, notices)
        elif y is not None and upstream is not None:
            made_upstream = make_upstream(upstream, last, y, batch, self._faults)
        if penalty is not None and (made_loss is not None or loss is None):
            made_loss = with_penalty(penalty, made_loss, entries, self._faults, notices)
        if made_update is not None and update is not None:
            parameters = [tensor for entry in entries for tensor in entry.parameters.values()]
            parameters += [each.tensor for each in given.values()]
            made_update = fitted_update(made_update, update, parameters, batch, int(index_base), self._faults, notices)
        if len(self._faults) or len(given) < len(inputs):
            return None
        return Problem(
            title=title or "",
            source=origin or "",
            index_base=0 if index_base == "0" else 1,
            numbers=cast(Numbers, numbers),
            inputs=tuple(each.tensor for each in given.values()),
            batch=batch,
            layers=tuple(entries),
            loss=made_loss,
            upstream=made_upstream,
            loss_name=made_loss.name if made_loss else "L",
            questions=questions,
            points=points,
            answers=answers,
            update=made_update,
            training=training,
            file=self._source,
            text=self._text,
            has_letters=self._cells.has_letters or self._symbols.any or any(one.layer.names_input for one in entries),
            files=tuple(self._access.found),
            is_plane=next(iter(given.values())).is_plane,
            notices=(*self._said.lines(), *notices),
        )

    def _check_keys(self, root: Fields) -> None:
        for name in [name for name in root.entries if name.lower() in TARGETS and "loss" not in root.entries]:
            key, value = root.entries.pop(name)
            right = f"class: {value.text}" if isinstance(value, Scalar) else "target: […]"
            message = f"{quoted(name)} belongs to a loss, and the file has none"
            self._faults.add(message, f"write `loss: {{cross_entropy: {{{right}}}}}`, or another loss", key.place)
        for name in [name for name in root.entries if name not in FILE_KEYS and plain(name) in NO_KEYS]:
            key, _ = root.entries.pop(name)
            self._faults.add(f"a problem has no key {quoted(name)}", NO_KEYS[plain(name)], key.place)
        for name, (key, value) in root.entries.items():
            if name not in FILE_KEYS:
                self._faults.add(f"a problem has no key {quoted(name)}", _stray(name, value), key.place)
        if "loss" in root.entries and "upstream" in root.entries:
            place = root.entries["upstream"][0].place
            self._faults.add("both `loss` and `upstream` give the last gradient", "keep one of them", place)
        if "input" in root.entries and "inputs" in root.entries:
            place = root.entries["inputs"][0].place
            self._faults.add("both `input` and `inputs` give what comes in", "keep one of them", place)
        if "values" in root.entries:
            place = root.entries["values"][0].place
            self._faults.add("`values` are those of `expressions`", "write numbers in the `input` itself", place)
        if not any(key in root.entries for key in ("layers", "parts", "loss", "upstream", "training")):
            self._faults.add("there are no `layers`", "write `layers:` and a list: `- conv: {…}`", root.place)

    def _choice(self, node: Node | None, what: str, choices: Sequence[str]) -> str:
        """One of a few words; the first is the default."""
        if node is None:
            return choices[0]
        if isinstance(node, Scalar) and node.text in choices:
            return node.text
        given = quoted(node.text) if isinstance(node, Scalar) else "a list or a mapping"
        self._faults.add(f"`{what}` is {given}", f"write {listing(choices)}", node.place)
        return choices[0]

    def _read_inputs(self, root: Fields) -> dict[str, Typed | None]:
        """The inputs by name, in order; None for one whose numbers are faulty. There is at least one name."""
        node = root.get("inputs")
        if node is None or "input" in root.entries:
            typed, name = self._read_input(root)
            return {name: typed}
        if not isinstance(node, Fields) or not node.entries:
            message = "`inputs` names no tensor" if isinstance(node, Fields) else "`inputs` is no mapping"
            self._faults.add(message, "write `inputs: {x: …, h: …}`, a name and a tensor each", node.place)
            return {"input": None}
        found: dict[str, Typed | None] = {}
        for name, (key, value) in node.entries.items():
            check_name(name, key.place, self._faults)
            if isinstance(value, Scalar) and value.is_empty:
                self._faults.add(f"the input {name} has no value", "write its numbers", key.place)
                found[name] = None
                continue
            found[name] = self._tensors.read(value)
            own = found[name]
            if own is not None and own.name not in (None, name):
                message = f"the input {name} is called {own.name} as well"
                self._faults.add(message, "leave `name` out: its key is its name", own.name_place or key.place)
        return found

    def _batch(self, given: Sequence[Input]) -> int | None:
        """The size of the mini-batch, in which all inputs agree."""
        for other in given[1:]:
            if other.batch != given[0].batch:
                both = (given[0], other)
                sizes = ["no mini-batch" if b.batch is None else counted(b.batch, "sample", "samples") for b in both]
                message = f"{given[0].tensor.name} has {sizes[0]}, {other.tensor.name} has {sizes[1]}"
                self._faults.add(message, "give all inputs as many samples", other.tensor.place)
        return given[0].batch if given else None

    def _read_input(self, root: Fields) -> tuple[Typed | None, str]:
        node = root.get("input")
        if node is None or (isinstance(node, Scalar) and node.is_empty):
            if node is None and "training" in root.entries:
                return Typed((1,), blank((1,)), root.place), "input"  # counts alone, of no network
            place = root.entries["input"][0].place if node is not None else root.place
            self._faults.add("there is no `input`", "write `input:` with the numbers of the image", place)
            return None, "input"
        # The name counts even where the numbers are faulty: other faults speak of it.
        named = node.get("name") if isinstance(node, Fields) else None
        name = named.text if isinstance(named, Scalar) and not named.is_empty else "input"
        if not check_name(name, named.place if named else None, self._faults):
            name = "input"
        return self._tensors.read(node), name

    def _read_upstream(self, root: Fields) -> Typed | None:
        node = root.get("upstream")
        if node is None:
            return None
        if isinstance(node, Scalar) and node.is_empty:
            return self._faults.add("`upstream` has no value", "write the gradient, or leave the key out", node.place)
        return self._tensors.read(node)

    def _make_update(
        self,
        update: UpdateDraft,
        given: Iterable[Input],
        drafts: Sequence[Draft | None],
        loss: LossDraft | None,
        batch: int | None,
    ) -> UpdateEntry | None:
        """None where a layer is of no known type as well: its parameters are not known."""
        known, inputs = [draft for draft in drafts if draft is not None], [each.tensor for each in given]
        if len(known) < len(drafts):
            return None
        if isinstance(update.rule, Perceptron):
            from cnncalc.problem.perceptron import walk

            update.visits = walk(update, inputs, known, loss, self._faults)
        names = [tensor.name for tensor in inputs]
        return make_update(update, [draft.named() for draft in known], batch, self._faults, names)

    def _names(
        self,
        root: Fields,
        inputs: Iterable[str],
        drafts: Sequence[Draft | None],
        loss: LossDraft | None,
        update: UpdateEntry | None,
        penalty: PenaltyDraft | None,
    ) -> dict[str, str] | None:
        """Every valid name; None where a layer is of no known type, or the loss is, so that some are not known."""
        node = root.get("inputs") or root.get("input")
        tensors = [Named(name, place=node.place if node else None) for name in inputs]
        tensors += [tensor for draft in drafts if draft is not None for tensor in draft.named().tensors()]
        gradients_of = loss.name if loss else "L" if "upstream" in root.entries else None
        if loss is not None:
            tensors += [replace(tensor, has_gradient=False) for tensor in loss.named().tensors()]
            for number, typed in enumerate(loss.parameters.values() if loss.members else ()):
                alias = None if number else f"{loss.name}.target"
                tensors.append(Named(typed.name or "", alias, has_gradient=False, place=loss.place))
            tensors += [Named(f"{loss.name}.penalty", has_gradient=False, place=loss.place)] if penalty else []
        self._check_unique(tensors)
        if None in drafts or ("loss" in root.entries and loss is None) or ("update" in root.entries and update is None):
            return None
        names = with_gradients(tensors, loss.name if loss else None, gradients_of)
        layers = [draft.named() for draft in drafts if draft is not None]
        new = after_update(layers, update, loss.name if loss else None, gradients_of or "L", inputs) if update else {}
        for name in new:
            if update and name in names:
                message = f"the update makes a tensor {quoted(name)}, and another one is called so"
                self._faults.add(message, "give the other one another name", update.place)
        behind = [(loss.name, penalty.names)] if loss and penalty else []
        return names | (parts(layers, gradients_of, behind) if gradients_of else {}) | new

    def _check_letters(
        self, tensors: Iterable[tuple[str | None, Typed | None]], inputs: Iterable[str], drafts: Sequence[Draft | None]
    ) -> None:
        """Whoever writes `weight: W` and has a tensor W means that tensor, and not one letter for all weights.

        Letters p₁, p₂ of one tensor beside a tensor p would be the same unknowns as its elements, once those get names.
        """
        known = set(inputs)
        parameters = [name for draft in drafts if draft is not None for name in draft.named().parameters.values()]
        known |= {draft.name for draft in drafts if draft is not None} | set(parameters)
        shareable = {name for draft in drafts if type(draft) is Draft for name in draft.named().parameters.values()}
        written = {identifier(name): name for name in known}
        for name, typed in tensors:
            other = written.get(identifier(typed.symbol)) if typed is not None and typed.symbol else None
            if typed is not None and other not in (None, name):
                message = f"these letters would be taken for the elements of {quoted(other or '')}, another tensor"
                self._faults.add(message, "choose another letter, or call that tensor otherwise", typed.place)
            letter = lone_letter(typed.entries) if typed is not None else None
            if typed is not None and letter is not None and letter in known and letter != name:
                message = f"{quoted(letter)} is the name of a tensor of this problem, and here it would be a letter"
                remedy = f"write the numbers of {letter} again, or choose another letter"
                if {letter, name} <= shareable:
                    remedy = f"write `{{share: {letter}}}` to use that tensor once more, or choose another letter"
                self._faults.add(message, remedy, typed.place)

    def _check_unique(self, tensors: Sequence[Named]) -> None:
        first: dict[str, Named] = {}
        for tensor in tensors:
            for name in (tensor.alias if tensor.is_again else tensor.name, tensor.alias):
                if name is None:
                    continue
                other = first.setdefault(name, tensor)
                if other is tensor:
                    continue
                at = f"; the first is in line {other.place.line}, column {other.place.column}" if other.place else ""
                message = f"two tensors are called {quoted(name)}{at}"
                self._faults.add(message, "give one of them another name", tensor.place)
