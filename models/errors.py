"""What can go wrong in the domain; the edges turn these into one clear sentence in the reader's language."""

import errno
from collections.abc import Mapping, Sequence

from models.rules.versions import Change
from models.rules.words import Words, clipped, words

# What an operating system answers when a file or an address cannot be used, named here so that it is translated.
OS_ANSWERS = (
    words("No such file or directory"),
    words("Permission denied"),
    words("Is a directory"),
    words("Not a directory"),
    words("File exists"),
    words("File name too long"),
    words("No space left on device"),
    words("Read-only file system"),
    words("Input/output error"),
    words("Address already in use"),
    words("Cannot assign requested address"),
)


class LiemError(Exception):
    """A mistake or state the user can do something about; the text says what. `exit_code` is the command's.

    `str()` is the English sentence, for logs; `words` is the same sentence to be translated for people.
    """

    exit_code = 1

    def __init__(self, message: str | Words) -> None:
        self.words = clipped(message if isinstance(message, Words) else _as_written(message))
        super().__init__(self.words.english())


class BadUsage(LiemError):
    """The call itself is wrong: an unknown name, a value of the wrong form."""

    exit_code = 2


class CaseNotFound(LiemError):
    """No such file, or none that this viewer may see: the two are not told apart."""

    def __init__(self, code: str) -> None:
        super().__init__(words("No file has the code {code}.", code=repr(code)))
        self.code = code


class NotFound(LiemError):
    """Something named does not exist."""


class Forbidden(LiemError):
    """The viewer sees the thing but may not do this to it."""


class FieldErrors(LiemError):
    """What was entered cannot be saved: a sentence per field, by its name; "" for the entry as a whole."""

    def __init__(self, fields: Mapping[str, Words]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = {name: clipped(said) for name, said in fields.items()}


class StaleCase(LiemError):
    """Somebody else changed the file since it was shown: to this `revision`, by these `changes`, newest first."""

    def __init__(self, code: str, revision: int, changes: Sequence[Change] = ()) -> None:
        if changes:
            who, at = changes[0].name or changes[0].who or "system", changes[0].at
            said = words(
                "{who} changed file {code} at {time}, while you had it open. Nothing is saved: compare, and choose.",
                who=who, code=code, time=at,
            )  # fmt: skip
        else:
            said = words("File {code} was changed while you had it open. Nothing was saved yet: look again.", code=code)
        super().__init__(said)
        self.code, self.revision, self.changes = code, revision, tuple(changes)


class AlreadySaved(LiemError):
    """The form was submitted before: by a double click, or in another window."""


class StaleTask(LiemError):
    """Somebody else changed these tasks since they were shown; `codes` names them."""

    def __init__(self, *codes: str) -> None:
        super().__init__(words("Changed by a colleague since it was shown: {codes}.", codes=", ".join(codes)))
        self.codes = codes


class StaleSession(LiemError):
    """Somebody else changed the record of the session since it was shown."""

    def __init__(self) -> None:
        super().__init__(words("A colleague changed this session since it was shown."))


class StaleFlag(LiemError):
    """Somebody else acknowledged the flag since it was shown."""

    def __init__(self) -> None:
        super().__init__(words("A colleague acknowledged this flag since it was shown."))


class SchemaBehind(LiemError):
    """The database was made by an older version; `liem migrate` brings it up to date."""


class SchemaAhead(LiemError):
    """The database was made by a newer version of the program."""


NO_ROOM = words("The disk has no room left; nothing was kept. The administrator makes room; then try again.")


def is_no_room(error: OSError) -> bool:
    """Whether the system refused because the disk, or the account's share of it, has no room left."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


class DatabaseDown(LiemError):
    """The database does not answer."""


def os_answer(error: OSError) -> Words:
    """Why the operating system refused, without the path; translated where it is one of the usual answers."""
    return _as_written(error.strerror or str(error))


def _as_written(message: str) -> Words:
    """`message` as a sentence without gaps, its braces kept."""
    return Words(message.replace("{", "{{").replace("}", "}}"))
