"""A solved problem as a script of PyTorch."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.code.pytorch import LAYERS, LOSSES, RULES
from cnncalc.code.recipes import Recipe
from cnncalc.code.script import BACKWARD, Script
from cnncalc.problem.names import NEW
from cnncalc.problem.problem import GivenTensor
from cnncalc.trace import Tensor

TABLES = {**LAYERS, **LOSSES}
ENDING = """\
torch.set_printoptions(precision=6, linewidth=120)
expected = {{name: torch.tensor(numbers, dtype=torch.float64) for name, numbers in expected.items()}}
largest = max((float(numbers.abs().max()) for numbers in expected.values()), default=0)
wrong = 0
for name, numbers in expected.items():
    tensor = found[name].detach().reshape(numbers.shape)
    # In float64 a true 0 comes out as some 1e-17 of what it is the difference of.
    tolerance = 1e-9 * float(numbers.abs().max()) + 1e-12 * largest
    difference = float((tensor - numbers).abs().max())
    agrees = difference <= tolerance
    wrong += not agrees
    print(f"{{name}}, {{tuple(numbers.shape)}}:", "{agrees}" if agrees else f"{differs} {{difference:.3g}}")
    print(tensor)
print(f"{{len(expected) - wrong}}/{{len(expected)}} {all}")
if wrong:
    print("{lost}")
raise SystemExit(1 if wrong else 0)"""


class PyTorchScript(Script):
    """Forward by PyTorch's functions, backward by its autograd."""

    library = "PyTorch"
    make = "torch.tensor"
    imports = ("import torch", "from torch.nn import functional")
    layers: Mapping[str, Recipe] = TABLES

    def given(self) -> None:
        """With the gradients asked for."""
        super().given()
        if self.has_backward:
            names = [self.names[given.name] for given in (*self.problem.inputs, *self.learned())]
            self.body += [f"for given in [{', '.join(names)}]:", "    given.requires_grad_()"]

    @property
    def has_backward(self) -> bool:
        """Whether there are gradients."""
        return any(tensor.stage == "backward" for tensor in self.trace)

    def learned(self) -> list[GivenTensor]:
        """The parameters that have a gradient."""
        return [given for given in self.problem.parameters if self.gradient(given.name) in self.trace]

    def backward(self) -> None:
        """Autograd."""
        kept = [
            self.names[name]
            for tensor in self.trace
            if tensor.stage == "backward" and (name := self.base(tensor)) in self.made and not self.is_leaf(name)
        ]
        self.heading(BACKWARD)
        if kept:
            self.body += [f"for made in [{', '.join(dict.fromkeys(kept))}]:", "    made.retain_grad()"]
        if self.problem.loss:
            self.body.append(f"{self.names[self.problem.loss.name]}.backward()")
        else:
            output = self.problem.output
            self.body.append(f"{self.names[output]}.backward({self.names[self.upstream_name()]})")

    def base(self, tensor: Tensor) -> str:
        """What a gradient is of."""
        return tensor.name.removeprefix(self.gradient(""))

    def is_leaf(self, name: str) -> bool:
        """Whether the file gives it."""
        return name in {tensor.name for tensor in self.trace if tensor.kind in ("input", "parameter")}

    def update(self) -> None:
        """PyTorch's optimizer changes the parameters in place."""
        update = self.problem.update
        assert update is not None, "there are steps after it"
        rule = update.rule
        if rule.type not in RULES:
            raise self.no_rule(update)
        options = {name: getattr(rule, name) for name in rule.options()}
        parameters = [self.names[name] for name in update.parameters]
        self.body.append(RULES[rule.type].format(parameters=", ".join(parameters), **options) + ".step()")
        for name in update.parameters:
            self.body.append(f"{self.names[name + NEW]} = {self.names[name]}")
            self.made[name + NEW] = self.made[name]
        for step in self.trace.after:
            if step.layer.type not in RULES:
                self.forward(step)

    def found(self, tensor: Tensor) -> str | None:
        """A variable, or its `grad`."""
        if tensor.stage == "backward":
            base = self.base(tensor)
            return f"{self.names[base]}.grad" if base in self.made else None
        if tensor.name not in self.made:
            return None
        name = self.names[tensor.name]
        return f"{name} + {self.problem.index_base}" if tensor.local == "path" and self.problem.index_base else name

    def ending(self) -> str:
        """Names, whether they agree, and the tensors."""
        return ENDING
