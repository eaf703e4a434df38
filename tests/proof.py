"""How often the long proofs repeat: in part with `make test`, in full with `make prove`."""

import os


def times(full: int, in_part: int) -> int:
    """`full` if the full proof was asked for (PROOF=full), else `in_part`."""
    return full if os.environ.get("PROOF") == "full" else in_part
