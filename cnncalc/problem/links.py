"""Which tensors a layer takes, and which parameters it shares: a graph, each layer below what it needs."""

from collections.abc import Mapping, Sequence

from cnncalc.layers.joining.several import MOST_INPUTS
from cnncalc.problem.drafts import Draft
from cnncalc.problem.problem import PLACES
from cnncalc.problem.text.faults import Collector, Place, did_you_mean, listing, quoted
from cnncalc.problem.text.nodes import Scalar

WEIGHT = "weight"


def link(
    drafts: Sequence[Draft | None], inputs: Mapping[str, Place | None], faults: Collector, ends: Sequence[str] = ()
) -> None:
    """Fill `takes` and `shares` of each draft: by default a layer takes what the one above it makes.

    `inputs` are those of the problem, with the places of their numbers; `ends` are outputs that nothing takes, beside
    the last one: of the parts of a problem.

    A layer whose inputs are not known, or are faulty, takes None.
    """
    before = len(faults)
    _Links(drafts, list(inputs), faults).follow()
    if len(faults) == before and None not in drafts:
        _check_uses([draft for draft in drafts if draft is not None], inputs, faults, ends)


class _Links:
    """Goes through the layers once, from the input on."""

    def __init__(self, drafts: Sequence[Draft | None], inputs: Sequence[str], faults: Collector) -> None:
        self.drafts = drafts
        self.inputs = inputs
        self.faults = faults
        self.made = list(inputs)
        """The tensors that stand above, in order."""
        self.owned: dict[str, str] = {}
        """The parameters that stand above, by their names and other names."""
        self.matrices: set[str] = set()
        """Those that are weights of a sum."""
        self.is_open = False
        """Whether a layer of an unknown type stands above, so that not all names are known."""

    def follow(self) -> None:
        """Each layer in turn."""
        above = self.inputs[0] if len(self.inputs) == 1 else None
        for at, draft in enumerate(self.drafts):
            if draft is None:
                self.is_open, above = True, None
                continue
            draft.takes = self._with_winners(draft, self._taken(draft, at, above))
            for local, typed in draft.shared.items():
                self._share(draft, at, local, typed)
            self.made.append(draft.name)
            for local, name in draft.named().parameters.items():
                self.owned |= {name: name, f"{draft.name}.{local}": name}
                self.matrices |= {name, f"{draft.name}.{local}"} if local == WEIGHT else set()
            above = draft.name

    def _taken(self, draft: Draft, at: int, above: str | None) -> tuple[str, ...] | None:
        several, typed = draft.type.takes_several, draft.inputs
        if typed is None:
            if several:
                remedy = f"write `inputs: [{', '.join((self.made * 2)[-2:])}]`, two names or more"
                return self.faults.add(f"{draft.name} has no `inputs`", remedy, draft.place)
            if above is None and not self.is_open:
                what = f"which of {listing(self.inputs)}".replace(" or ", " and ")
                self.faults.add(f"nothing says {what} {draft.name} takes", "write `input:` and a name", draft.place)
            return None if above is None else (above,)
        place = draft.places.get("inputs", draft.place)
        if several and not 2 <= len(typed) <= MOST_INPUTS:
            remedy = "write `inputs: [NAME, NAME]`, two names or more" if len(typed) < 2 else f"at most {MOST_INPUTS}"
            count = {0: "no inputs", 1: "one input"}.get(len(typed), f"{len(typed)} inputs")
            return self.faults.add(f"{draft.name} ({draft.type.type}) has {count}", remedy, place)
        if not several and len(typed) != 1:
            remedy = "write `input: NAME`, and put `add` or `concat` before it to bring several together"
            self.faults.add(f"{draft.name} ({draft.type.type}) takes one input, and has {len(typed)}", remedy, place)
            return None
        found = [self._is_made(draft, at, name) for name in typed]
        return tuple(name.text for name in typed) if all(found) else None

    def _with_winners(self, draft: Draft, takes: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """With the places of a max pool's winners, where it goes by those."""
        pool = getattr(draft.layer, "pool", None)
        if takes is None or pool is None:
            return takes
        pools = [other.name for other in self.drafts if other is not None and other.type.type == "max_pool"]
        if pool in pools and pool in self.made:
            return (*takes, pool + PLACES)
        if not self.is_open:
            above = [name for name in pools if name in self.made]
            remedy = did_you_mean(pool, above) if above else "put a `max_pool` above it"
            self.faults.add(f"{quoted(pool)} is no max pool above {draft.name}", remedy, draft.places["pool"])
        return None

    def _is_made(self, draft: Draft, at: int, name: Scalar) -> bool:
        """Whether an input is known; a fault where it is not, unless it may be that of an unknown layer."""
        if name.text in self.made:
            return True
        below = [other.name for other in self.drafts[at + 1 :] if other is not None]
        if name.text == draft.name:
            message, remedy = f"{draft.name} takes its own output", "name a tensor that is made before it"
        elif name.text in below:
            message = f"{draft.name} takes {name.text}, which is made only further down"
            remedy = f"put {name.text} before it; a network without circles has such an order"
        elif name.text in self.owned:
            message = f"{name.text} is a parameter, and {draft.name} takes outputs of layers"
            remedy = did_you_mean(name.text, self.made)
        elif self.is_open:
            return False
        else:
            message, remedy = f"there is no tensor {quoted(name.text)}", did_you_mean(name.text, self.made)
        self.faults.add(message, remedy, name.place)
        return False

    def _share(self, draft: Draft, at: int, local: str, name: Scalar) -> None:
        if name.text in self.owned:
            draft.shares[local] = self.owned[name.text]
            return
        draft.is_whole = False
        if self.is_open:
            return
        below = {
            known: other.name
            for other in self.drafts[at:]
            if other is not None
            for parameter, own in other.named().parameters.items()
            for known in (own, f"{other.name}.{parameter}")
        }
        if name.text in below:
            message = (
                f"{quoted(name.text)} is a parameter of {below[name.text]}, which does not stand above {draft.name}"
            )
            remedy = "write its numbers in the first layer that uses it, and `share` in the others"
        else:
            message = f"{quoted(name.text)} is no parameter of a layer above {draft.name}"
            # A scale is shared with a scale or a bias, and no matrix.
            alike = [known for known in self.owned if (known in self.matrices) == (local == WEIGHT)]
            remedy = did_you_mean(name.text, alike) if alike else "write the numbers here"
        self.faults.add(message, remedy, name.place)


def _check_uses(
    drafts: Sequence[Draft], inputs: Mapping[str, Place | None], faults: Collector, ends: Sequence[str]
) -> None:
    """Everything that is made is taken by somebody; the last layer is taken by the loss."""
    taken = [name for draft in drafts for name in draft.takes or ()]
    for draft in drafts[:-1]:
        if draft.name not in (*taken, *ends):
            remedy = "name it among the `inputs` of a layer further down, or leave it out"
            faults.add(f"nothing takes {draft.name}, so that it has no part in the result", remedy, draft.place)
    for name in inputs if drafts else ():
        if name not in taken:
            place = inputs[name] or drafts[0].place
            faults.add(f"no layer takes the input {name}", f"write `input: {name}` in one, or leave it out", place)
    uses = [*taken, *(name for draft in drafts for name in draft.shares.values())]
    for name in dict.fromkeys(uses):
        if uses.count(name) >= MOST_INPUTS:
            place = drafts[0].place
            faults.add(f"{name} is used {uses.count(name)} times", f"at most {MOST_INPUTS - 1} are added up", place)
