"""What to say about layers that move numbers elsewhere: flattening, reshaping, padding, upsampling, unpooling."""

from cnncalc.language import NOTHING, Phrase
from cnncalc.lessons.lesson import FEATURES_RANK, Lesson, Lessons, lesson

Y = {
    True: Phrase(
        "All elements{sample} are written one after the other as a single vector, which a fully connected layer"
        " needs. Nothing is computed."
    ),
    False: Phrase("What comes in is a vector already, so nothing changes."),
}
DX = {
    True: Phrase(
        "Nothing was computed on the way forward, so the gradients only go back to where their elements came from."
    ),
    False: Phrase("Nothing was changed on the way forward, so nothing is on the way back."),
}
OF_A_SAMPLE = Phrase(" of a sample")
UPSAMPLING = lesson("upsampling")
NEAREST = UPSAMPLING(
    "Each cell is repeated along rows and columns.", "The gradients of all copies of a cell are added up."
)
BILINEAR = UPSAMPLING(
    "Each cell lies between at most four cells of the input; the nearer one is, the larger its share, and"
    " the shares add up to 1.",
    "Each cell gets, of the gradient of every output that it has a share in, that share.",
)


PADDED = {
    False: "The gradient of a cell is the sum of the gradients of all places where it stands now.",
    True: "The gradient of a cell is the one at its new place; what was put in as a zero passes none on.",
}
"""What the gradient of a cell is, by whether zeros were put in, and not the cells again."""


LESSONS: Lessons = {
    "flatten": Lesson(
        Phrase("flattening"),
        {
            "y": lambda scene: Y[scene["x"].ndim > FEATURES_RANK].format(
                sample=OF_A_SAMPLE if scene.batched else NOTHING
            ),
            "dx": lambda scene: DX[scene["x"].ndim > FEATURES_RANK],
        },
    ),
    "pad": lambda layer: lesson("padding")(
        "Cells are put around each channel.", PADDED[getattr(layer, "mode", "") == "zeros"]
    ),
    "reshape": lesson("reshaping")(
        "The numbers are laid out as an image, row after row, channel after channel; none of them changes.",
        "Each number only moves, so its gradient is the one at its new place.",
    ),
    "pixel_shuffle": lesson("pixel shuffle")(
        "The channels of each group become the cells of a small square: fewer channels, more rows and columns.",
        "Each number only moves, so its gradient is the one at its new place.",
    ),
    "upsample": lambda layer: BILINEAR if getattr(layer, "mode", "") == "bilinear" else NEAREST,
    "max_unpool": lesson("max unpooling")(
        "Each number goes back to where the pool found its winner; all other cells are 0.",
        "Each number has gone to one cell, whose gradient comes back to it; those of the zeros lead nowhere.",
    ),
}
