"""A program of PyTorch or Keras -> the problem file of its network: shapes, and numbers where weights are given."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from cnncalc.code.graph_of_code import Array, Chain, Instance, Loss, Network, Step, Tensor, Unread, Waiting, paths
from cnncalc.code.reader import Reader, is_model
from cnncalc.code.summary import HEAD, NO_SHAPE, SAY_SHAPE, Summary, Unfit, program_of_print
from cnncalc.code.weights import LOCAL, MOST, Weights
from cnncalc.language import Language, Phrase
from cnncalc.layers.base import Shape
from cnncalc.practice.writing import Numbers, Value, yaml
from cnncalc.problem.loader import loads
from cnncalc.problem.names import is_name
from cnncalc.problem.text.faults import Fault, Place, ProblemError
from cnncalc.problem.text.nodes import Scalar
from cnncalc.problem.words.spelling import loss_word

_MAGIC = re.compile(r"^(\s*)[%!]", re.MULTILINE)
"""Commands of a notebook, which are no Python."""
DROPPED = Phrase("line {line}: {word} is left out: it changes nothing once a network is trained")
BEHIND = Phrase("line {line}: {reason}: left out")
LOSS = Phrase("line {line}: {word} is a loss; write it beside the layers: `loss: {{{word}: {{target: …}}}}`")
PRINTED = Phrase("the print of a model says its layers, and not its forward: add what that does besides (relu, sums)")
UNUSED = Phrase("weights: {name} belongs to no layer")


def import_code(
    text: str, source: str, shape: Shape | None = None, weights: Weights | None = None, language: Language = "en"
) -> tuple[str, list[str]]:
    """The problem file, and what is to be said of how the program was read; raises ProblemError with every line."""
    program = _cells(text) if source.endswith(".ipynb") or text.lstrip().startswith("{") else _in_fences(text)
    program = _MAGIC.sub(r"\1#", program)
    printed, taken = program_of_print(program), [PRINTED]
    if HEAD.search(program):
        table = Summary(program, shape)
        try:
            printed = table.program()
        except Unfit as error:
            raise ProblemError([error.fault], source, program) from error
        shape, taken = table.shape, table.said
    try:
        tree = ast.parse(printed or program)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        fault = Fault(
            "this is no program in Python", "give a whole file or cell", Place(line, getattr(error, "offset", 1) or 1)
        )
        raise ProblemError([fault], source, program) from error
    is_flax = bool(re.search(r"\bflax\b", program))
    is_keras = bool(re.search(r"\b(keras|tensorflow)\b|\bConv2D\(|\bDense\(", printed or program))
    reading = _Import(program, source, Network(is_flax or is_keras, is_flax), weights, language)
    try:
        made, said = reading.problem(tree, shape)
    except RecursionError as error:
        fault = Fault("the program is nested too deeply to be read", "write the network layer by layer", Place(1, 1))
        raise ProblemError([fault], source, program) from error
    lines = [phrase.text(language) for phrase in taken] if printed else []
    return "".join(f"# {line}\n" for line in lines) + made, [*lines, *said]


def _cells(text: str) -> str:
    """The code of a notebook."""
    try:
        cells = json.loads(text)["cells"]
        return "\n".join("".join(cell.get("source", "")) for cell in cells if cell.get("cell_type") == "code")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return text


def _in_fences(text: str) -> str:
    """What stands in blocks of Markdown code, each line where it was; any other text as it is."""
    parts = re.split(r"(?m)^[ \t]*```.*$", text)
    if len(parts) < 3:
        return text
    return "".join(part if at % 2 else "\n" * part.count("\n") for at, part in enumerate(parts))


class _Import:
    """One program."""

    def __init__(
        self, program: str, source: str, network: Network, weights: Weights | None, language: Language
    ) -> None:
        self.language: Language = language
        self.program, self.source, self.network, self.weights = program, source, network, weights
        self.reader = Reader(network)
        self.used: set[str] = set()
        """The weights that a layer has taken."""
        self.owned: dict[int, str] = {}
        """The name of the parameter that an array of the program has become."""

    def problem(self, tree: ast.Module, shape: Shape | None) -> tuple[str, list[str]]:
        """The file's text and what is said."""
        scope = self.reader.everywhere
        scope["__name__"] = "__main__"
        self.reader.run(tree.body, scope)
        output = self._output(scope, shape)
        if not isinstance(output, Tensor):
            if self.network.lost:
                raise self._fault(self.network.lost)
            if not isinstance(output, Unread):
                output = Unread(1, "no network was found: no nn.Sequential, no class with forward, no Keras model")
            raise self._fault([(output.line, output.reason)])
        steps = self._reached(output)
        inputs = list({id(x): x for step in steps for x in step.takes if isinstance(x, Array)}.values())
        names = self._names(steps, inputs)
        file: dict[str, Value] = {}
        loss = self.network.loss
        if loss is not None and isinstance(loss.x, Tensor) and loss.x.step == output.step:
            file |= self._loss(loss)
        has_numbers = bool(self.network.state) or any(x.values is not None for s in steps for x in s.weights.values())
        given = {self._input_name(array, at): self._given(array, has_numbers) for at, array in enumerate(inputs)}
        if len(given) == 1:
            ((name, tensor),) = given.items()
            file["input"] = {**({"name": name} if name != "input" else {}), **tensor}
        else:
            file["inputs"] = given
        layers = list(self._layers(steps, names, inputs))
        file["layers"] = layers
        last = max(step.line for step in steps)
        dropped = sorted(set(self.network.dropped))
        said = [DROPPED.format(line=line, word=word) for line, word in dropped]
        if "loss" not in file:
            said += [LOSS.format(line=line, word=word) for line, word in dict.fromkeys(self.network.losses)]
        else:
            file["loss"] = file.pop("loss")
        said += [BEHIND.format(line=line, reason=reason) for line, reason in self.network.lost if line > last]
        early = [lost for lost in self.network.lost if 0 < lost[0] <= last and lost[0] >= min(s.line for s in steps)]
        if early:
            raise self._fault(early)
        if self.weights is not None:
            unused = sorted(set(self.weights) - self.used)
            said += [UNUSED.format(name=name) for name in unused if not name.endswith("num_batches_tracked")]
        # The sizes that come in are checked, and then they go without saying.
        # PyTorch has channels first: 28×28×1 is none of its images.
        ordered = file if self.network.is_keras else {**file, "order": "chw"}
        loads(yaml(ordered), source=f"the network of {self.source}")
        file["layers"] = [_without_taken(layer) for layer in layers]
        lines = [phrase.text(self.language) for phrase in said]
        return "".join(f"# {line}\n" for line in lines) + yaml(file), lines

    def _output(self, scope: dict[str, Any], shape: Shape | None) -> Any:
        """What the program makes last; else what its last model makes of an input."""
        steps = [at for at, step in enumerate(self.network.steps) if not step.name.endswith("_new")]
        if steps:
            return Tensor(steps[-1])
        models = [value for name, value in scope.items() if isinstance(value, Chain | Instance) and name != "self"]
        models = [model for model in models if not isinstance(model, Instance) or is_model(model.definition)]
        if not models:
            classes = [each for each in self.reader.classes.values() if is_model(each)]
            models = [self.reader._instance(each, (), {}) for each in classes[-1:]]
        if not models:
            waiting = [value for value in scope.values() if isinstance(value, Unread)]
            return waiting[-1] if waiting else None
        model = models[-1]
        paths(model, "")
        found = shape or self._known_shape(model, scope)
        if found is None:
            return Unread(1, f"{NO_SHAPE}; {SAY_SHAPE}")
        x = Array(found, "x" if isinstance(model, Instance) else "input")
        if isinstance(model, Instance):
            return self.reader.forward(model, [x])
        return self.reader.apply(model, x)

    def _known_shape(self, model: Any, scope: dict[str, Any]) -> Shape | None:
        """Keras's `input_shape`; what `summary(model, (1, 28, 28))` is told; the features of a first Linear."""
        if isinstance(model, Chain) and model.layers and isinstance(model.layers[0], Waiting | Array):
            first = model.layers[0]
            if isinstance(first, Array):
                model.layers.pop(0)
                return first.shape
            given = first.options.get("input_shape", first.options.get("shape"))
            if isinstance(given, tuple | list) and all(isinstance(each, int) for each in given):
                has_channels_last = self.network.is_keras and len(given) == 3
                return (given[-1], *given[:-1]) if has_channels_last else tuple(given)
            if first.word.rpartition(".")[2] == "Linear":
                return (first.options.get("in_features", first.arguments[0] if first.arguments else 0),)
        told = re.search(r"summary\([^()]*,\s*(?:input_size\s*=\s*)?[(\[]([\d,\s]+)[)\]]", self.program)
        if told:
            sizes = tuple(int(size) for size in told[1].replace(",", " ").split())
            return sizes[1:] if len(sizes) == 4 else sizes
        return None

    @staticmethod
    def _given(array: Array, has_numbers: bool) -> dict[str, Value]:
        """An input: its shape, and its numbers where they are written out.

        All 0 or all 1 of a network without numbers only say the shape.
        """
        shape = array.shape[1:] if array.one else array.shape
        if array.values is None or (not has_numbers and set(array.values.flat) in ({0}, {1})):
            return {"shape": _list(shape)}
        return {"value": _numbers(array, shape)}

    def _loss(self, loss: Loss) -> dict[str, Value]:
        """The loss with its target; classes are counted from 0, as there."""
        texts = [str(each) for each in loss.target.values.flat]
        is_class = (
            loss_word(loss.word) in BY_CLASS
            and all(text.isdigit() for text in texts)
            and loss.target.shape in ((), (1,), (len(texts),))
        )
        reduction = loss.options.get("reduction")
        options: dict[str, Value] = {"reduction": reduction} if reduction == "sum" else {}
        options["class" if is_class else "target"] = (
            (texts[0] if len(texts) == 1 else texts) if is_class else _numbers(loss.target)
        )
        return {**({"index_base": "0"} if is_class else {}), "loss": {loss.word.rpartition(".")[2]: options}}

    def _reached(self, output: Tensor) -> list[Step]:
        """The steps that the output is made of, in order."""
        found, todo = set[int](), [output.step]
        while todo:
            at = todo.pop()
            if at not in found:
                found.add(at)
                todo += [x.step for x in self.network.steps[at].takes if isinstance(x, Tensor)]
        self.kept = sorted(found)
        return [self.network.steps[at] for at in self.kept]

    def _input_name(self, array: Array, at: int) -> str:
        return array.name if is_name(array.name) else "input" if at == 0 else f"input_{at + 1}"

    def _names(self, steps: Sequence[Step], inputs: Sequence[Array]) -> dict[int, str]:
        """By number: the name of a variable or of a module, else the type and its count."""
        counts, names, taken = (
            Counter[str](),
            dict[int, str](),
            {self._input_name(x, at) for at, x in enumerate(inputs)},
        )
        for at, step in zip(self.kept, steps, strict=True):
            counts[step.type] += 1
            wanted = step.name or step.path.replace(".", "_")
            is_free = is_name(wanted) and wanted not in taken
            names[at] = wanted if is_free else f"{step.type}_{counts[step.type]}"
            taken.add(names[at])
        return names

    def _layers(self, steps: Sequence[Step], names: dict[int, str], inputs: list[Array]) -> Iterator[Value]:
        above, counts = None, Counter[str]()
        for at, step in zip(self.kept, steps, strict=True):
            counts[step.type] += 1
            options: dict[str, Value] = {}
            if names[at] != f"{step.type}_{counts[step.type]}":
                options["name"] = names[at]
            takes = [
                names[x.step] if isinstance(x, Tensor) else self._input_name(x, inputs.index(x)) for x in step.takes
            ]
            if len(takes) > 1:
                options["inputs"] = takes
            elif takes[0] != above and not (above is None and len(inputs) == 1):
                options["input"] = takes[0]
            options |= {name: _switch(value) for name, value in step.options.items()}
            options |= self._parameters(step, names)
            if not isinstance(options.get("weight", ""), str):  # one number says nothing of sizes
                options = {name: value for name, value in options.items() if name not in ("channels", "size", "units")}
            yield {step.type: options} if options else step.type
            above = names[at]

    def _parameters(self, step: Step, names: dict[int, str]) -> dict[str, Value]:
        if step.shares is not None and step.shares in names:
            first = self.network.steps[step.shares]
            has = ["weight", *["bias"] * ("bias" in first.options)] if step.type in WITH_WEIGHT else []
            return {local: {"share": f"{names[step.shares]}.{local}"} for local in has}
        made: dict[str, Value] = {}
        for local, array in step.weights.items():
            own = names[self.network.steps.index(step)]
            full = f"{own}.{local}" if array.name in ("", f"{own}_{local}") or not is_name(array.name) else array.name
            if id(array) in self.owned:
                made[local] = {"share": self.owned[id(array)]}
                continue
            self.owned[id(array)] = full
            named: dict[str, Value] = {"name": array.name} if full == array.name else {}
            if array.values is None:
                made[local] = {**named, "shape": _list(array.shape)}
            else:
                made[local] = {**named, "value": _numbers(array)} if named else _numbers(array)
        for local in ("weight", "bias", "running_mean", "running_var"):
            put = self.network.state.get(f"{step.path}.{local}")
            if put is not None and put.values is not None:
                made[LOCAL.get(step.type, {}).get(local, local)] = _numbers(put)
        if self.weights is None or not step.path:
            return made
        for name in ("weight", "bias", "running_mean", "running_var"):
            key = f"{step.path}.{name}"
            if key in self.weights:
                self.used.add(key)
                array = self.weights[key]
                if array.size > MOST:
                    raise self._fault([(step.line, f"{key} has {array.size} numbers; at most {MOST} are written")])
                texts = [str(each) for each in array.ravel()]
                made[LOCAL.get(step.type, {}).get(name, name)] = Numbers(array.shape, texts)
        return made

    def _fault(self, lines: Sequence[tuple[int, str]]) -> ProblemError:
        rows = self.program.split("\n")
        faults = []
        for line, reason in dict.fromkeys(lines):
            row = rows[line - 1] if 0 < line <= len(rows) else ""
            indent = len(row) - len(row.lstrip())
            message, _, remedy = reason.partition("; ")
            remedy = remedy or "write it as a chain of layers, or give the part that can be read alone"
            faults.append(Fault(message, remedy, Place(max(line, 1), indent + 1, max(1, len(row.strip())))))
        return ProblemError(faults, self.source, self.program)


BY_CLASS = ("cross_entropy", "nll")
WITH_WEIGHT = ("conv", "conv1d", "conv_transpose", "conv_transpose1d", "fc", "prelu")


def _switch(value: Value) -> Value:
    """True and False as a problem file has them; all else as it is."""
    text = value.text if isinstance(value, Scalar) else value
    return text.lower() if isinstance(text, str) and text in ("True", "False") else value


def _without_taken(layer: Any) -> Value:
    if isinstance(layer, str):
        return layer
    ((type_, options),) = layer.items()
    kept = {name: value for name, value in options.items() if name != "in_channels"}
    if kept.get("bias") == "false":
        del kept["bias"]
    return {type_: kept} if kept else type_


def _numbers(array: Array, shape: Shape | None = None) -> Value:
    """Its numbers, in another shape of as many where that is given."""
    texts = [str(each) for each in array.values.flat]
    return texts[0] if array.shape == () else Numbers(shape or array.shape, texts)


def _list(shape: Shape) -> list[Value]:
    return [str(size) for size in shape]
