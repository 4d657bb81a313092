"""`parts: {a: [- max_pool: …], b: [- conv: …]}`: several short networks on one input, as one graph.

Each part takes what the layers above it make, or the input where there are none; its tensors answer its letter.
"""

from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.words.beside import Entry, entries_of
from cnncalc.problem.words.layer_words import LayerWords

ALONE = ("loss", "upstream", "update", "penalty")
"""What a problem has once: it belongs to one network."""
_EXAMPLE = "write `parts: {a: […], b: […]}`, a list of layers each"
_Pair = tuple[Scalar, Node]


def with_parts(entries: dict[str, _Pair], words: LayerWords, faults: Collector) -> tuple[str, ...]:
    """Put the layers of the parts behind the others, and their names into the questions; the last name of each part.

    `parts` has their names as well, from then on.
    """
    key, node = entries["parts"]
    if not isinstance(node, Fields) or not node.entries:
        faults.add("`parts` is no mapping", _EXAMPLE, node.place)
        return ()
    for other in ALONE:
        if other in entries:
            message = f"`{other}` stands beside `parts`, and belongs to one network"
            faults.add(message, "give the part with it a file of its own", entries[other][0].place)
            del entries[other]
    layers = entries["layers"][1] if "layers" in entries else None
    items = list(layers.items) if isinstance(layers, Items) else []
    trunk = _last_name(items) or _input_name(entries)
    ends, questions = [], dict[str, _Pair]()
    for label, (word, value) in node.entries.items():
        inner = value.get("layers") if isinstance(value, Fields) and "layers" in value.entries else value
        made = words.layers(inner)
        if not isinstance(made, Items) or not made.items:
            faults.add(f"part {label} has no layers", _EXAMPLE, value.place)
            continue
        begin = len(items)
        items += [_taking(made.items[0], trunk, word), *made.items[1:]]
        names = [word.word(entry.name) for entry in entries_of(items)[begin:]]
        questions[label] = (word, Items([*names], word.place))
        ends += [name.text for name in names[-1:]]
    place = layers.place if layers is not None else key.place
    entries |= key.mapping({"layers": Items(items, place)}).entries
    entries["parts"] = (key, Fields(dict(questions), node.place))
    entries.setdefault(*key.mapping({"questions": Fields(questions, key.place)}).entries.popitem())
    return tuple(ends)


def _taking(item: Node, name: str, at: Scalar) -> Node:
    """The first layer of a part with what it takes, unless it says so itself."""
    (entry,) = entries_of([item]) or (None,)
    if entry is None or entry.options.keys() & {"input", "inputs"}:
        return item
    entry.options |= at.mapping({"input": name}).entries
    return entry.node()


def _last_name(items: list[Node]) -> str | None:
    known: list[Entry] = entries_of(items)
    return known[-1].name if known else None


def _input_name(entries: dict[str, _Pair]) -> str:
    node = entries["input"][1] if "input" in entries else None
    named = node.get("name") if isinstance(node, Fields) else None
    return named.text if isinstance(named, Scalar) else "input"
