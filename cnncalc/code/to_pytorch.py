"""A solved problem as a script of PyTorch."""

from collections.abc import Iterable, Mapping, Sequence

from cnncalc.code.literals import indented
from cnncalc.code.pytorch import LAYERS, LOSSES, RULES
from cnncalc.code.recipes import Recipe
from cnncalc.code.script import Script
from cnncalc.layers.joining.meeting import VIA
from cnncalc.step import Step
from cnncalc.trace import Tensor

TABLES = {**LAYERS, **LOSSES}


class PyTorchScript(Script):
    """Forward by PyTorch's functions, backward by its autograd."""

    library = "PyTorch"
    make = "torch.tensor"
    imports = ("import torch", "from torch.nn import functional")
    layers: Mapping[str, Recipe] = TABLES
    compared: Mapping[str, str] = {
        "module": "torch", "tensors": "torch.tensor(numbers, dtype=torch.float64)",
        "numbers": "float(numbers.abs().max())", "found": "found[name].detach().reshape(numbers.shape)",
        "difference": "float((tensor - numbers).abs().max())", "shape": "tuple(numbers.shape)",
    }  # fmt: skip

    def given(self) -> None:
        """With the gradients asked for."""
        super().given()
        self.leaves = {given.name for given in (*self.problem.inputs, *self.problem.parameters)}
        """What is given, or made by a step of an update."""
        if any(tensor.stage == "backward" for tensor in self.trace):
            learned = [given for given in self.problem.parameters if self.gradient(given.name) in self.trace]
            self.require([given.name for given in (*self.problem.inputs, *learned)])

    def require(self, names: Iterable[str]) -> None:
        """Gradients of these."""
        self.body += [f"for given in [{', '.join(self.names[name] for name in names)}]:", "    given.requires_grad_()"]

    def backward(self, steps: Sequence[Step], meetings: Sequence[Step]) -> None:
        """Autograd; before it runs again, the gradients that it adds to are kept."""
        made = [step.names["y"] for step in steps]
        made += [step.names[local] for step in steps for local in step.tensors if f"d{local}" in step.tensors]
        made = [name for name in dict.fromkeys(made) if name in self.made and name not in self.leaves]
        last = made[len(steps) - 1]
        if self.problem.loss:
            made.remove(last)
        if made:
            self.body += [f"for made in [{', '.join(self.names[name] for name in made)}]:", "    made.retain_grad()"]
        upstream = "" if self.problem.loss else self.names[self.upstream_name()]
        self.body.append(f"{self.names[last]}.backward({upstream})")
        for step in steps if self.problem.update else ():
            for local in step.used():
                name, gradient = step.names[local], step.names[f"d{local}"].partition(VIA)[0]
                if name in self.leaves and gradient not in self.made:
                    self.body.append(f"{self.names[gradient]}, {self.names[name]}.grad = {self.names[name]}.grad, None")
                    self.made[gradient] = self.made[name]

    def sample(self, name: str, text: str, shape: tuple[int, ...]) -> None:
        """With a gradient of its own."""
        self.assign(name, f"{text}.detach().requires_grad_()", shape)
        self.leaves.add(name)

    def rules(self, steps: Sequence[Step]) -> None:
        """By the optimizer, where it is the first step of one that PyTorch has; what it remembers is written out."""
        update = self.problem.update
        assert update is not None, "it is one of its steps"
        rule, new = update.rule_at(1), [step.names["y"] for step in steps]
        is_plain = update.steps == 1 and not update.done and not update.state and rule.type in RULES and not rule.clips
        is_plain = is_plain and getattr(rule, "convention", "pytorch") == "pytorch"
        start = len(self.body)
        self.clipping(steps)
        for step in steps:
            for local, terms in step.layer.lines().items():  # type: ignore[attr-defined]
                if local != "y" or not is_plain:
                    self.line(step, local, terms)
        if self.body[start:]:
            self.body[start:] = ["with torch.no_grad():", *(indented(line) for line in self.body[start:])]
        if not is_plain:
            self.require(new)
        else:
            old = [step.names["x"] for step in steps]
            # The gradients were put aside.
            self.body += [f"{self.names[name]}.grad = {self.names[self.gradient(name)]}" for name in old]
            options = {name: getattr(rule, name) for name in rule.options()}
            parameters = ", ".join(self.names[name] for name in old)
            self.body.append(f"torch.optim.{RULES[rule.type].format(parameters=parameters, **options)}.step()")
            for step in steps:
                self.assign(step.names["y"], self.names[step.names["x"]], step.tensors["x"].shape)
        self.leaves.update(new)

    def taken(self, name: str) -> str:
        """A gradient that no variable has is that of a leaf."""
        base = name.removeprefix(self.gradient(""))
        if name != base and name not in self.made and base in self.made:
            return f"{self.names[base]}.grad"
        return super().taken(name)

    def found(self, tensor: Tensor) -> str | None:
        """A variable, or its `grad`."""
        if tensor.stage == "backward":
            base = tensor.name.removeprefix(self.gradient(""))
            return self.taken(tensor.name) if tensor.name in self.made or base in self.made else None
        return super().found(tensor)
