"""What to say about flattening."""

from cnncalc.language import NOTHING, Phrase
from cnncalc.lessons.lesson import IMAGE_RANK, Lesson, Lessons

Y = {
    True: Phrase(
        en="All elements{sample} are written one after the other as a single vector, which a fully connected layer"
        " needs. Nothing is computed.",
        zh="把{sample}所有元素依次排成一个向量，供全连接层使用；这里不做任何计算。",
    ),
    False: Phrase(
        en="What comes in is a vector already, so nothing changes.", zh="输入本来就是向量，因此没有任何变化。"
    ),
}
DX = {
    True: Phrase(
        en="Nothing was computed on the way forward, so the gradients only go back to where their elements came from.",
        zh="前向时没有计算，因此梯度只需放回各元素原来的位置。",
    ),
    False: Phrase(
        en="Nothing was changed on the way forward, so nothing is on the way back.",
        zh="前向时没有任何变化，反向时也一样。",
    ),
}
OF_A_SAMPLE = Phrase(en=" of a sample", zh="每个样本的")


LESSONS: Lessons = {
    "flatten": Lesson(
        Phrase(en="flattening", zh="展平"),
        {
            "y": lambda scene: Y[scene["x"].ndim == IMAGE_RANK].format(
                sample=OF_A_SAMPLE if scene.batched else NOTHING
            ),
            "dx": lambda scene: DX[scene["x"].ndim == IMAGE_RANK],
        },
    )
}
