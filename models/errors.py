"""What can go wrong in the domain; the edges turn these into one clear sentence."""


class LiemError(Exception):
    """A mistake or state the user can do something about; the text says what. `exit_code` is the command's."""

    exit_code = 1


class BadUsage(LiemError):
    """The call itself is wrong: an unknown name, a value of the wrong form."""

    exit_code = 2


class CaseNotFound(LiemError):
    """No such file, or none that this viewer may see: the two are not told apart."""

    def __init__(self, code: str) -> None:
        super().__init__(f"No file has the code {code!r}.")
        self.code = code


class NotFound(LiemError):
    """Something named does not exist."""


class Forbidden(LiemError):
    """The viewer sees the thing but may not do this to it."""


class StaleCase(LiemError):
    """Somebody else changed the file since it was shown."""


class SchemaBehind(LiemError):
    """The database was made by an older version; `liem migrate` brings it up to date."""


class SchemaAhead(LiemError):
    """The database was made by a newer version of the program."""


class DatabaseDown(LiemError):
    """The database does not answer."""
