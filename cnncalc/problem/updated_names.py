"""Every name of a problem, and what an update adds: `W.step_1`, `W.new`, `W.velocity`, `dL/dW.step_1`, `L.new`."""

from collections.abc import Container, Iterable, Iterator

from cnncalc.layers.base import called
from cnncalc.problem.names import Named, NamedLayer, named_layers, parts, with_gradients
from cnncalc.problem.problem import Problem, UpdateEntry
from cnncalc.problem.text.pattern import pattern

NEW = ".new"
"""What the name of a parameter, and of the loss, ends with after the last step of an update."""
RATES = "update.lr"
"""The learning rates of all steps, where a schedule changes them."""


_REMEMBERED = frozenset(["velocity", "square_sum", "m", "v", "mhat", "vhat", "regularized", "clipped", "share"])
_ENDING = pattern(r"\.(?:new|step_\d+)$")


def suffix(number: int, steps: int) -> str:
    """What names end with after so many of the steps."""
    return NEW if number == steps else f".step_{number}"


def remembered(parameter: str, local: str, number: int, steps: int) -> str:
    """`W.velocity` after the last step, `W.velocity.step_1` after the first of several; 0 is before it."""
    whole = f"{parameter}.{called(local)}"
    return whole if number == steps else f"{whole}.step_{number}"


def after_update(
    layers: Iterable[NamedLayer], update: UpdateEntry, loss: str | None, gradients_of: str, inputs: Iterable[str]
) -> dict[str, str]:
    """Every name that the update adds, with the tensor's own name."""
    known = list(layers)
    names: dict[str, str] = {}
    parameters: dict[str, list[str]] = {}
    for layer in known:
        for local, name in layer.parameters.items():
            if name in update.parameters:
                full = f"{layer.name}.{local}"
                parameters.setdefault(name, []).extend([full] if full != name else [])
    between = tuple(local for local in update.rule.auxiliaries if local in update.rule.lines())
    inputs = list(inputs)
    parameters |= {name: [] for name in inputs if name in update.parameters}
    for number in range(update.steps + 1):
        ending = suffix(number, update.steps)
        for name, others in parameters.items():
            for each in (name, *others):
                names |= {each + ending: name + ending} if number else {}
                locals_ = between if number else update.rule.state
                for local in locals_:
                    own = remembered(name, local, number, update.steps)
                    names[remembered(each, local, number, update.steps)] = own
        if (number > 0 or update.batches) and number < update.steps:
            made = [f"d{gradients_of}/d{name}{ending}" for name in inputs]
            made += [name for layer in known for name in _of_both_passes(layer, ending, gradients_of)]
            names |= {name: name for name in (*made, *([loss + ending] if loss is not None else []))}
            names |= {f"d{gradients_of}/d{other}{ending}": f"d{gradients_of}/d{name}{ending}"
                      for name, others in parameters.items() for other in others}  # fmt: skip
    outputs: dict[str, None] = {}
    for layer in known:
        if any(name in outputs or name in parameters for name in (*layer.inputs, *layer.parameters.values())):
            outputs[layer.name] = None
    if loss is not None:
        names |= {name + NEW: name + NEW for name in (*outputs, loss)}
    if update.rates:
        names[RATES] = RATES
    # After the last step is after so many steps.
    last = f".step_{update.steps}"
    again = {name.removesuffix(NEW) + last: own for name, own in names.items() if name.endswith(NEW)}
    return names | again


def _of_both_passes(layer: NamedLayer, ending: str, gradients_of: str) -> Iterator[str]:
    for tensor in layer.tensors():
        own = tensor.name.removeprefix(layer.name)
        between = own.startswith(".") and tensor.name not in layer.parameters.values()
        again = layer.name + ending + own if between else tensor.name + ending
        if tensor.name not in layer.parameters.values():
            yield again
        if tensor.has_gradient:
            yield f"d{gradients_of}/d{again}"


def names(problem: Problem) -> dict[str, str]:
    """Every name that a question or an answer may use, with the tensor's own name; input and parameters come first."""
    layers = named_layers(problem)
    given = [Named(tensor.name) for tensor in problem.inputs]
    tensors = [*given, *(tensor for layer in layers for tensor in layer.tensors())]
    has_gradients = problem.loss is not None or problem.upstream is not None
    loss = problem.loss.name if problem.loss else None
    names = with_gradients(tensors, loss, problem.loss_name if has_gradients else None)
    names |= parts(layers, problem.loss_name) if has_gradients else {}
    if problem.update:
        inputs = [tensor.name for tensor in problem.inputs]
        names |= after_update(layers, problem.update, problem.measure, problem.loss_name, inputs)
    return names


def before_update(name: str, known: Container[str]) -> str:
    """The tensor that one after an update is shaped like: W of `W.step_1`, of `W.velocity` and of `dL/dW.new`.

    Any other name as it is.
    """
    while name not in known:
        shorter = _ENDING.sub("", name)
        head, _, last = name.rpartition(".")
        if shorter == name and last not in _REMEMBERED:
            break
        name = shorter if shorter != name else head
    return name
