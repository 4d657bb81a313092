"""What to say about max unpooling."""

from cnncalc.lessons.lesson import Lessons, lesson

LESSONS: Lessons = {
    "max_unpool": lesson("max unpooling", "最大反池化")(
        "Each number goes back to where the pool found its winner; all other cells are 0.",
        "每个数放回池化时最大值所在的位置，其余位置为 0。",
        "Each number has gone to one cell, whose gradient comes back to it; those of the zeros lead nowhere.",
        "每个数只放到一个位置，取回该处的梯度；补零处的梯度不再回传。",
    )
}
