"""A calendar of many dates takes no more statements than one of few, a warm one takes none, and a secret one that has not changed is not written again."""

from afterbell import clock
from afterbell.bookings.cancel import withdraw
from afterbell.database import Database
from afterbell.feeds.answer import Ready
from afterbell.feeds.door import SecretDoor
from afterbell.feeds.secret import create_feed
from afterbell.feeds.shelf import FeedShelf
from afterbell.feeds.subject import Asked, House
from tests.conftest import District
from tests.ground import sql
from tests.ground.statements import counted
from tests.stories.many import ask_for, viewer

HOUSE = House(b"x" * 32, "https://afterbell.example")
SECRETS = (("lin", "clinic", "mine"), ("lin", "clinic", "organization"), ("becker", "district", "campus_staff"))


async def figures(database: Database, wishes: list[Asked]) -> dict[str, tuple[int, int]]:
    """Dates and statements of each calendar when it is cold; a secret one that nobody has fetched is cold. SQLite's BEGIN is not counted."""
    shelf, door, found, now = FeedShelf(database, HOUSE), SecretDoor(database, HOUSE, limited=False), {}, clock.now()
    for wish in wishes:
        with counted() as statements:
            made = await shelf.fetch(wish, now=now)
        assert made is not None, wish
        found[wish.kind] = (dates(made), selects(statements))
        with counted() as none:
            assert shelf.warm(wish, now=now) == made
        assert none == []
    for name, place, scope in SECRETS:
        async with database.writing() as session:
            owner = await viewer(session, f"{name}@{place}.example")
            token = (await create_feed(session, scope, {}, by=owner, now=now)).token
        with counted() as statements:
            opened = await door.open(f"{token}.ics", now=now)
        assert isinstance(opened, Ready)
        found[scope] = (dates(opened), selects(statements))
    return found


def dates(made: Ready) -> int:
    return made.body.count(b"BEGIN:VEVENT")


def selects(statements: list[str]) -> int:
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in statements)


async def test_many_dates_take_no_more_statements_than_few(district: District) -> None:
    database = Database(district.url)
    measured = []
    for numbers in (range(1), range(1, 60)):
        await ask_for(database, numbers)
        await sql.tell(district.url, "UPDATE occurrences SET state = 'approved' WHERE state = 'held'")
        rooms = await sql.rows(
            district.url,
            "SELECT schools.slug, rooms.slug FROM rooms JOIN schools ON schools.id = rooms.school_id JOIN occurrence_rooms "
            "ON room_id = rooms.id GROUP BY rooms.id, schools.slug, rooms.slug ORDER BY count(*) DESC, rooms.id DESC",
        )
        school, room = rooms[0]
        wishes = [Asked("rooms", f"{school}/{room}"), Asked("free", f"{school}/{room}"), Asked("schools", school)]
        measured.append(await figures(database, [*wishes, Asked("district", "x"), Asked("closures", "x")]))
    await database.close()
    few, many = measured
    assert {kind: statements for kind, (_, statements) in few.items()} == {
        kind: statements for kind, (_, statements) in many.items()
    }
    assert {kind: statements for kind, (_, statements) in many.items()} == {
        "rooms": 5,
        "free": 5,
        "schools": 3,
        "district": 3,
        "closures": 3,
        "mine": 4,
        "organization": 4,
        "campus_staff": 4,
    }
    grown = {kind: many[kind][0] - few[kind][0] for kind in ("district", "mine", "campus_staff")}
    assert grown == {"district": 177, "mine": 177, "campus_staff": 177}, "control: there was more to tell"


async def test_a_secret_calendar_is_written_again_only_when_something_it_covers_has_changed(district: District) -> None:
    """Whoever it is of is looked at each time. Control: a change that raises no version is not noticed, so that it is the versions that tell."""
    database, now = Database(district.url), clock.now()
    door = SecretDoor(database, HOUSE, limited=False)
    references = await ask_for(database, range(2))
    async with database.writing() as session:
        lin = await viewer(session, "lin@clinic.example")
        name = f"{(await create_feed(session, 'organization', {}, by=lin, now=now)).token}.ics"
    first = await door.open(name, now=now)
    with counted() as statements:
        same = await door.open(name, now=now)
    silent = f"UPDATE bookings SET title = 'Unseen' WHERE reference = '{references[0]}'"
    await sql.tell(district.url, silent)
    unseen = await door.open(name, now=now)
    async with database.writing() as session:
        await withdraw(session, references[0], by=lin, now=now)
    after = await door.open(name, now=now)
    await database.close()
    assert isinstance(first, Ready)
    assert isinstance(after, Ready)
    assert (same is first, unseen is first, selects(statements)) == (True, True, 3)
    assert (after.body.count(b"SUMMARY:Cancelled: Unseen"), first.body.count(b"Unseen")) == (3, 0)
