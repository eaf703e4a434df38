"""What can be wrong with a backup, each in one sentence."""

from models.errors import BadUsage, LiemError
from models.rules.words import Words, words


class DamagedBackup(LiemError):
    """The archive is not what was written: changed, cut off, or its parts do not fit each other."""

    def __init__(self, what: Words | None = None) -> None:
        super().__init__(
            words("The backup is damaged: {what} Take another copy of it, or an older backup.", what=what)
            if what
            else words("The backup is damaged or was cut off. Take another copy of it, or an older backup.")
        )


class WrongPassphrase(LiemError):
    """The passphrase is not the one the archive was sealed with."""


class NewerBackup(LiemError):
    """The archive was made by a newer version of the program."""


class OtherDatabase(LiemError):
    """The archive holds a database of another kind than the one it shall be put into."""


class NotOurBackup(BadUsage):
    """A file that is no archive of ours."""


class CannotBackUp(LiemError):
    """No backup could be made; nothing that looks like one was left."""


class CannotRestore(LiemError):
    """The backup is good but cannot be put back here; the database is as it was."""


class Busy(LiemError):
    """Another process is at the same folder."""
