"""The process of the command `cnncalc`, which `python -m cnncalc` starts as well."""

import atexit
import gc


def main() -> None:
    """Run the command, and do not look for garbage that it does not leave.

    What is imported stays to the end, and most commands have ended before they need their memory again: to look through
    what is new, eighty times on the way, and through everything at the end took a sixth of `cnncalc solve`.
    """
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    from cnncalc.cli import main as command

    command()


if __name__ == "__main__":
    main()
