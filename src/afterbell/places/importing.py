"""What both imports share: reading a CSV file whole, complaining by line, and slugs. All or nothing is the caller's transaction."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

MOST_BYTES = 20_000_000
LONGEST_CELL = 1_000
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

    def __str__(self) -> str:
        lines = len({complaint.line for complaint in self.complaints})
        return f"{lines} {'lines' if lines > 1 else 'line'} cannot be used; nothing was changed."


@dataclass(frozen=True)
class Imported:
    """How many rows were new, differed, or were as they stood; and what was ignored."""

    created: int
    changed: int
    unchanged: int
    warnings: Sequence[str] = ()


@dataclass
class Sheet:
    """The rows of a file by column, with the numbers of their first lines, and the complaints gathered on the way. What a file has no column for is
    not its business: it stays as it is."""

    columns: frozenset[str]
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
    records = _records(_text(data))
    _, first = next(records, (1, []))
    header = [name.strip().lower() for name in first]
    _check_header(header, needed)
    ignored = [name for name in header if name and name not in known]
    sheet = Sheet(frozenset(header), [], [f"Columns ignored: {', '.join(ignored)}."] if ignored else [])
    for line, cells in records:
        if len(cells) != len(header):
            sheet.complain(line, f"{len(cells)} cells where the header has {len(header)}")
        elif any(len(cell) > LONGEST_CELL for cell in cells):
            sheet.complain(line, f"a cell holds more than {LONGEST_CELL} characters")
        else:
            sheet.rows.append((line, {name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=True)}))
    return sheet


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records that are not blank, each with the line on which it begins: a quoted cell may go over many."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefused([Complaint(line, f"this is not CSV: {error}")]) from error


def _check_header(header: Sequence[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        columns = f"the header needs {', '.join(needed)}, separated by commas"
        raise ImportRefused([Complaint(1, f"the column {', '.join(missing)} is missing; {columns}")])
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise ImportRefused([Complaint(1, f"the column {', '.join(twice)} stands twice")])


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise ImportRefused([Complaint(1, "the file is larger than 20 MB; split it")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ImportRefused([Complaint(line, "this is not UTF-8; save the file as CSV UTF-8")]) from error
    before, nul, _ = text.partition("\0")
    if nul:
        line = before.count("\n") + 1
        raise ImportRefused([Complaint(line, "there is a NUL character; save the file as CSV UTF-8")])
    return text


def slug_of(name: str, otherwise: str = "") -> str:
    """ASCII words joined by hyphens, at most 80 characters; `otherwise` for a name without a Latin letter or a digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:80].strip("-") or otherwise


def free_slug(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """The slug, or the first of slug-2, slug-3... that is free."""
    slug, number = wanted, 1
    while is_taken(slug):
        number += 1
        slug = f"{wanted}-{number}"
    return slug
