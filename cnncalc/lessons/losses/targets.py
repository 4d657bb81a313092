"""What lessons say of a loss depends on its target and on the mini-batch."""

from cnncalc.language import NOTHING, Phrase
from cnncalc.scene import Scene

OF_A_SAMPLE = Phrase(en=" of a sample", zh="每个样本的")
REDUCED = {
    "mean": Phrase(en=" Over the samples the mean is taken.", zh="再对各样本求平均。"),
    "sum": Phrase(en=" Over the samples the sum is taken.", zh="再对各样本求和。"),
}


def is_one_hot(scene: Scene) -> bool:
    """Whether the target of every sample is 1 for one class and 0 for all others."""
    numbers, target = scene.numbers, scene["target"]
    ones, zeros = numbers.is_known_equal(target, 1), numbers.is_known_equal(target, 0)
    return bool((ones.sum(axis=1) == 1).all() and (ones | zeros).all())


def over_samples(scene: Scene) -> dict[str, Phrase]:
    """The fields `sample` and `samples` of a phrase: whose loss it is, and how those of several go together."""
    if len(scene["x"]) == 1:
        return {"sample": NOTHING, "samples": NOTHING}
    return {"sample": OF_A_SAMPLE, "samples": REDUCED[getattr(scene.layer, "reduction", "mean")]}
