"""Files that hold what people said: only their owner may read them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .errors import OutputError, not_taken

# What a new file and a new folder allow: its owner everything, others nothing.
FILE_MODE = 0o600
FOLDER_MODE = 0o700
_WRITABLE = "Name a place that can be written to."


def write_private(path: str | Path, text: str) -> None:
    """Writes a text as a whole: the file is the old one or the new one, never half of it, and only its owner may read it.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    if not isinstance(path, str | Path):
        raise not_taken(OutputError, "path", path, _WRITABLE)
    path = Path(path)
    try:
        if path.exists() and not path.is_file():
            # A pipe or a device, such as /dev/stdout, is written to as it is.
            path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
            return
        place = path.resolve()
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=place.parent)  # made with the mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as stream:
                stream.write(text)
            os.replace(name, place)
        except BaseException:
            os.unlink(name)
            raise
    except (OSError, ValueError) as error:
        said = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
        raise OutputError(f"it cannot be written: {said}", where=str(path), remedy=_WRITABLE) from error


def private_opener(path: str, flags: int) -> int:
    """For ``open(..., opener=private_opener)``: a file that is made may be read and written by its owner only."""
    return os.open(path, flags, FILE_MODE)


def make_private_folder(path: Path) -> None:
    """Makes a folder, and those above it, that only its owner may open; one that is there is left as it is.

    Raises:
        OSError: it cannot be made.
    """
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
