"""What the committee's own programs make of our files: LibreOffice prints, poppler reads and draws."""

import shutil
import subprocess
from pathlib import Path


def docx_to_pdf(path: Path, folder: Path) -> Path:
    """`path` printed by LibreOffice into `folder`; with a profile of its own, so that two tests can print at once."""
    profile = folder / "office-profile"
    command = [
        _program("soffice"),
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    pdf = folder / f"{path.stem}.pdf"
    assert pdf.is_file(), f"LibreOffice could not print {path.name}: {done.stdout}{done.stderr}"
    return pdf


def pdf_text(path: Path) -> str:
    """The text of all pages, laid out as printed; pages end with a form feed."""
    command = [_program("pdftotext"), "-layout", "-enc", "UTF-8", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def pdf_pages(path: Path, *, dpi: int = 80) -> list[Path]:
    """A picture of each page, first page first, beside the file."""
    stem = path.with_suffix("")
    command = [_program("pdftoppm"), "-png", "-r", str(dpi), str(path), str(stem)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return sorted(path.parent.glob(f"{stem.name}-*.png"), key=lambda page: int(page.stem.rsplit("-", 1)[1]))


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is not installed; `make test` installs it"
    return found


def docx_saved_again(path: Path, folder: Path) -> Path:
    """`path` opened and saved by LibreOffice as a Word file of the same name in `folder`."""
    folder.mkdir()
    profile = folder / "office-profile"
    command = [_program("soffice"), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "docx", "--outdir", str(folder), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    saved = folder / path.name
    assert saved.is_file(), f"LibreOffice could not save {path.name}: {done.stdout}{done.stderr}"
    return saved
