"""Which column of which table keeps which marks: all that was written somewhere, read by the bare driver."""

from collections.abc import Mapping

from afterbell import app
from afterbell.database import Base
from tests.ground import sql
from tests.stories.spotting import Mark, spotted

WORDS = frozenset(
    {
        "bookings.anyway",
        "bookings.change_reason",
        "bookings.contact",
        "bookings.layout",
        "bookings.listing",
        "bookings.note",
        "bookings.on_behalf_of",
        "bookings.title",
        "deliveries.html",
        "deliveries.identity",
        "deliveries.recipient",
        "deliveries.subject",
        "deliveries.text",
        "occurrences.reason",
        "organizations.name",
        "organizations.slug",
        "people.email",
        "people.name",
        "programs.name",
        "programs.slug",
        "remarks.text",
        "told_bookings.layout",
        "told_bookings.title",
    }
)


async def kept(url: str) -> Mapping[str, set[Mark]]:
    """The marks of each column that holds any."""
    assert app.PAGES, "imported, so that every table is known"
    found: dict[str, set[Mark]] = {}
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns]
        for row in await sql.rows(url, f"SELECT {', '.join(names)} FROM {table.name}"):
            for name, value in zip(names, row, strict=True):
                if isinstance(value, str):
                    found.setdefault(f"{table.name}.{name}", set()).update(spotted(value))
    return {column: marks for column, marks in found.items() if marks}
