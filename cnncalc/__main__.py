"""The process of the command `cnncalc`, which `python -m cnncalc` starts as well."""

# Ctrl-C may come at any time: nothing is imported before it is seen to that Python does not hold already.
import _signal  # type: ignore[import-not-found]
import os

INTERRUPTED = 130
"""The status of a command that was stopped, as a shell has it."""


def _stop(*_: object) -> None:
    # An exception could be lost on its way: C code of other packages clears those that it does not expect.
    try:
        # On a terminal what shows that the program works is wiped away, and the cursor that it hides comes back.
        os.write(2, b"\r\x1b[K\x1b[?25hcnncalc: stopped\n" if os.isatty(2) else b"cnncalc: stopped\n")
    finally:
        os._exit(INTERRUPTED)


def main() -> None:
    """Run the command, and do not look for garbage that it does not leave.

    What is imported stays to the end, and most commands have ended before they need their memory again: to look through
    what is new, eighty times on the way, and through everything at the end took a sixth of `cnncalc solve`.
    """
    # Where somebody has turned Ctrl-C off (nohup, a job in the background), it stays off.
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _stop)
    import atexit
    import gc

    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    from cnncalc.cli import main as command

    command()


if __name__ == "__main__":
    main()
