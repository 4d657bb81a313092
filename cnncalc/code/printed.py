"""What PyTorch prints of a model, `Net((conv1): Conv2d(…))`, as the program of it, each line where it was."""

import re

_OPENED = re.compile(r"\s*(?:\((?P<name>\w+)\): )?[A-Za-z_]\w*\(")
_LEAF = re.compile(r"\s*\((?P<name>\w+)\): (?P<call>(?P<word>[A-Za-z_]\w*)\(.*\))")
_OF_IMAGES = ("Conv", "Pool")


def program_of_print(text: str) -> str | None:
    """A program that makes the same layers; None where it is no such print.

    A `Flatten` is put where features begin, of which a print says nothing.
    """
    made: list[str] = []
    open_ones, has_image = 0, False
    for line in text.rstrip().split("\n"):
        leaf, opened = _LEAF.fullmatch(line), _OPENED.fullmatch(line)
        if leaf is not None and open_ones:
            word = leaf["word"]
            flat = '("flatten", nn.Flatten()), ' if word == "Linear" and has_image else ""
            has_image = (has_image and word not in ("Flatten", "Linear")) or any(part in word for part in _OF_IMAGES)
            made.append(f'{flat}("{leaf["name"]}", nn.{leaf["call"]}),')
        elif opened is not None and (open_ones or opened["name"] is None):
            name = f'("{opened["name"]}", ' if open_ones else "model = "
            made.append(f"{name}nn.Sequential(OrderedDict([")
            open_ones += 1
        elif line.strip() == ")" and open_ones:
            open_ones -= 1
            made.append("]))" + ")," * (open_ones > 0))
        elif not line.strip() or (line.lstrip().startswith(">>>") and not made):
            made.append("")
        else:
            return None
    return "\n".join(made) if made and not open_ones and any("nn." in line for line in made) else None
