"""What both imports share: reading a CSV file whole, complaining by line, and slugs. All or nothing is the caller's transaction."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_BYTES = 20_000_000
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a line (1 is the header), and what would pass."""

    line: int
    sentence: str

    def __str__(self) -> str:
        """As printed."""
        return f"line {self.line}: {self.sentence}"


@dataclass
class ImportRefused(Exception):
    """Some lines cannot be used; nothing may be kept."""

    complaints: list[Complaint]


@dataclass(frozen=True)
class Imported:
    """How many rows were new, differed, or were as they stood; and what was ignored."""

    created: int
    changed: int
    unchanged: int
    warnings: Sequence[str] = ()


@dataclass
class Sheet:
    """The rows of a file by column, with their line numbers, and the complaints gathered on the way."""

    rows: list[tuple[int, dict[str, str]]]
    warnings: list[str]
    complaints: list[Complaint] = field(default_factory=list)

    def complain(self, line: int, sentence: str) -> None:
        """Goes on reading: all complaints are told at once."""
        self.complaints.append(Complaint(line, sentence))

    def settle(self) -> None:
        """Raises ImportRefused when there was any complaint."""
        if self.complaints:
            raise ImportRefused(sorted(self.complaints, key=lambda complaint: complaint.line))


def read_sheet(data: bytes, *, needed: Sequence[str], known: Sequence[str]) -> Sheet:
    """UTF-8 with or without a byte order mark, a header line, at most 20 MB. Unknown columns are ignored aloud."""
    text = _text(data)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in needed if name not in header]
        if missing:
            raise ImportRefused(
                [Complaint(1, f"the column {', '.join(missing)} is missing; the header needs {', '.join(needed)}")]
            )
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ImportRefused([Complaint(reader.line_num, f"this is not CSV: {error}")]) from error
    ignored = [name for name in header if name and name not in known]
    sheet = Sheet([], [f"Columns ignored: {', '.join(ignored)}."] if ignored else [])
    for line, cells in rows:
        if len(cells) != len(header):
            sheet.complain(line, f"{len(cells)} cells where the header has {len(header)}")
            continue
        sheet.rows.append((line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}))
    return sheet


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise ImportRefused([Complaint(1, "the file is larger than 20 MB; split it")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ImportRefused([Complaint(line, "this is not UTF-8; save the file as CSV UTF-8")]) from error
    if "\0" in text:
        raise ImportRefused(
            [
                Complaint(
                    text[: text.index("\0")].count("\n") + 1, "there is a NUL character; save the file as CSV UTF-8"
                )
            ]
        )
    return text


def slug_of(name: str) -> str:
    """ASCII words joined by hyphens, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:80].strip("-") or "school"


def free_slug(wanted: str, taken: Mapping[str, object]) -> str:
    """The slug, or the first of slug-2, slug-3... that is free."""
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
