"""What the losses of classes have in common: smoothed labels, weights of classes, classes that do not count."""

from decimal import Decimal
from fractions import Fraction

from cnncalc.language import Phrase
from cnncalc.layers.base import Loss, Shape, ShapeError, by, option
from cnncalc.records import dataclass

Real = int | Decimal | Fraction


@dataclass(frozen=True)
class OfClasses(Loss):
    """A loss whose target is a distribution; what the options make of that, the loader has put into it."""

    label_smoothing: Real = option(
        0,
        "number",
        Phrase(
            en="what is taken from the right class and spread evenly over all: t becomes (1 − ε) · t + ε / K",
            zh="标签平滑：从正确类别取出、平均分给所有类别的部分，t 变为 (1 − ε) · t + ε / K",
        ),
    )
    class_weights: tuple[Real, ...] = option(
        (), "numbers", Phrase(en="what the part of each class in the loss is multiplied by", zh="各类别在损失中的权重")
    )
    mean_over: str = option(
        "weights",
        "choice",
        Phrase(
            en="with weights and `class`: the mean divides by the weights of the samples' classes (PyTorch), or by the"
            " number of samples",
            zh="有类别权重且用 `class` 时：平均除以各样本类别权重之和（PyTorch），或除以样本数",
        ),
        ("weights", "samples"),
    )
    ignore: tuple[int, ...] = option(
        (),
        "classes",
        Phrase(en="classes whose samples do not count, as `class` counts", zh="不计入损失的类别，编号同 `class`"),
    )
    mean_divisor: Fraction | None = None
    """What the mean divides by, where that is not the number of samples."""

    def check_options(self) -> None:
        """Smoothing is a part of 1; weights are not negative."""
        if not 0 <= self.label_smoothing <= 1:
            raise ShapeError(
                f"label_smoothing of {{y}} is {self.label_smoothing}", "give a number from 0 to 1", "label_smoothing"
            )
        if any(weight < 0 for weight in self.class_weights):
            raise ShapeError("a class weight of {y} is negative", "give weights from 0 upwards", "class_weights")

    def check_input(self, x: Shape) -> None:
        """A weight for each class."""
        super().check_input(x)
        if self.class_weights and len(self.class_weights) != x[0]:
            message = f"{{y}} has {len(self.class_weights)} class weights, {{x}} has {x[0]} classes ({by(x)})"
            raise ShapeError(message, f"give {x[0]} weights", "class_weights")
