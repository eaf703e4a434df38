"""Commands on a small disk that is really full, then with room again: run in a mount namespace of its own.

    unshare --map-root-user --mount python -m tests.faults.full_disk DATABASE DISK

`DISK` is where LIEM_DATABASE_URL and TMPDIR lead. The database is copied there; what each command said comes as JSON.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cli

SIZE = 16 * 2**20
COMMANDS = {
    "scan": "scan --write",
    "export": "export out.xlsx",
    "template": "template empty.xlsx",
    "report": "report annual --period 2026 --as-of 2026-11-24 --out report.docx",
}
CHECK = "audit verify"


def main(database: Path, disk: Path) -> None:
    """Fill the disk, give each command, make room, and give them again."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", disk], check=True)
    os.chdir(disk)
    cli.build()  # once, for all the processes below
    shutil.copyfile(database, "liem.db")
    Path("out.xlsx").write_text("what was there before")
    fill("full")
    rounds = []
    for _ in range(2):
        before = set(os.listdir())
        told = {name: said(words.split()) for name, words in COMMANDS.items()}
        added = sorted(set(os.listdir()) - before)
        rounds.append({"told": told, "added": added, "kept": Path("out.xlsx").read_bytes()[:21].hex()})
        Path("full").unlink(missing_ok=True)
    print(json.dumps([*rounds, said(CHECK.split())]))


def fill(name: str) -> None:
    """Write until the system refuses."""
    handle = os.open(name, os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(handle, bytes(4096))
    except OSError:
        os.close(handle)


def said(words: list[str]) -> tuple[int, str]:
    """The exit code of a command, in a process of its own, and what it said on standard error."""
    heard, mouth = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(mouth, 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.argv = ["liem", *words]
        cli.main()
    os.close(mouth)
    with open(heard, encoding="utf-8") as told:
        text = told.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
