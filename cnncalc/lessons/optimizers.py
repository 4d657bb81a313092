"""What to say about the rules of an update."""

from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, called
from cnncalc.lessons.lesson import Lesson, Lessons

TENSORS = {
    "rates": Phrase("the learning rate of each step"),
    "share": Phrase("what the gradient is multiplied by where it is clipped"),
    "clipped": Phrase("the clipped gradient"),
    "regularized": Phrase("the gradient with weight decay"),
    "velocity": Phrase("the velocity"),
    "square_sum": Phrase("the sum of all squared gradients so far"),
    "delta": Phrase("the step, before the learning rate"),
    "u": Phrase("the running mean of the squared steps"),
    "m": Phrase("the running mean of the gradients"),
    "v": Phrase("the running mean of the squared gradients"),
    "mhat": Phrase("m, corrected for its start at 0"),
    "vhat": Phrase("v, corrected for its start at 0"),
}
AHEAD = {"nadam": {"mhat": Phrase("m looked a step ahead, corrected for its start at 0")}}
"""What a name of those means in one rule alone."""
KINDS = {
    "momentum": Phrase("momentum"),
    "adagrad": Phrase("AdaGrad"),
    "adadelta": Phrase("AdaDelta"),
    "rmsprop": Phrase("RMSprop"),
    "adam": Phrase("Adam"),
    "adamw": Phrase("AdamW"),
    "nadam": Phrase("NAdam"),
}
MEAN = Phrase("A running mean: a share of what was remembered, and the rest of what is new.")
CORRECTED = Phrase("The means begin at 0 and are too small at first; the division makes up for that.")
DIVIDED = Phrase("Each parameter has a step of its own: where gradients were large, it is smaller.")
PURPOSES = {
    "clipped": Phrase("Clipping keeps one large gradient from throwing the parameters far away."),
    "regularized": Phrase("Weight decay pulls each parameter towards 0."),
    "velocity": Phrase(
        "The velocity keeps a share of itself: directions that stay the same add up, those that change cancel out."
    ),
    "squaresum": Phrase("All squared gradients are added up."),
    "delta": Phrase("The gradient is measured by the gradients before, and the step made as long as the steps before."),
    "u": MEAN,
    "m": MEAN,
    "v": MEAN,
    "mhat": CORRECTED,
    "vhat": CORRECTED,
}
BEFORE = ("clipped", "regularized")
"""What any rule may make of the gradient first."""
MOVED = {
    False: Phrase("The parameter goes along the velocity."),
    True: Phrase(
        "The parameter goes along the gradient and the velocity together: a step ahead of the velocity (Nesterov)."
    ),
}
"""By whether a velocity is looked ahead along."""


def rule_lesson(layer: Layer) -> Lesson:
    """The lesson of a rule, with the tensors that it has."""
    purpose = {local: PURPOSES[local] for local in layer.auxiliaries}
    purpose["y"] = MOVED[getattr(layer, "nesterov", False)] if "velocity" in layer.auxiliaries else DIVIDED
    names = map(called, layer.auxiliaries)
    return Lesson(
        KINDS[layer.type],
        purpose,
        tensors={name: AHEAD.get(layer.type, TENSORS).get(name, TENSORS[name]) for name in names},
    )


LESSONS: Lessons = {
    "sgd": Lesson(
        Phrase("gradient descent"),
        {
            "y": Phrase(
                "The gradient points to where the loss grows fastest, so the parameter goes the other way; the"
                " learning rate says how far."
            ),
            **{local: PURPOSES[local] for local in BEFORE},
        },
        tensors={local: TENSORS[local] for local in BEFORE},
    ),
    "perceptron": Lesson(
        Phrase("perceptron"),
        {
            "y": Phrase(
                "A mistake corrects the weights by lr times its target times its input, which is the step against"
                " the gradient: next time its score lies nearer to its side."
            ),
            **{local: PURPOSES[local] for local in BEFORE},
        },
        tensors={local: TENSORS[local] for local in BEFORE},
    ),
    "rule": rule_lesson,
}
