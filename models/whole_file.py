"""A file that somebody asked for: there whole or not at all, and what had its name before stays until then."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import BadUsage, os_answer
from models.rules.words import words


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what takes the name `path` at the end of the block; in a folder of its own beside it, that goes.

    Raises BadUsage with what the system says if that is not possible; nothing of it is left then.
    """
    try:
        with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".liem-") as folder:
            made = Path(folder, path.name)
            yield made
            with made.open("rb") as written:
                os.fsync(written.fileno())
            if path.exists():
                shutil.copymode(path, made)  # who could not read the old one reads no new one
            os.replace(made, path)
    except OSError as error:
        why = words("The file {file} cannot be written: {why}.", file=str(path), why=os_answer(error))
        raise BadUsage(why) from error
