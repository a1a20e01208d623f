"""Calendars when dates move: the same UID and a higher SEQUENCE at the new time, nothing left at the old; what waits is told to those whom it concerns, and
to the public as no more than time that is held."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

from afterbell.feeds.answer import Ready
from afterbell.feeds.door import SecretDoor
from afterbell.feeds.secret import create_feed
from afterbell.feeds.shelf import FeedShelf
from afterbell.feeds.subject import Asked, House
from afterbell.feeds.touch import touch_feeds
from afterbell.policy.projection import Viewer
from tests.conftest import District
from tests.ground import sql
from tests.notices.handing import announced
from tests.reminders.booked import ASKED, Series, series
from tests.stories.octets import faults, unfolded
from tests.stories.subscriber import Entry, entries

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HOUSE = House(b"x" * 32, "https://afterbell.example")
OLD, NEW = Asked("rooms", "night-owl-high/hall-5"), Asked("rooms", "night-owl-high/hall-4")
FREE = Asked("free", "night-owl-high/hall-5")
SCHOOL, DISTRICT = Asked("schools", "night-owl-high"), Asked("district", "district")
PUBLIC = "UPDATE bookings SET visibility = 'public' WHERE id = {id}"
EVERYWHERE = (OLD, NEW, FREE, SCHOOL, DISTRICT)


async def feed(booked: Series, wish: Asked) -> Ready:
    """Made anew, as a process does that knows nothing yet."""
    made = await FeedShelf(booked.database, HOUSE).fetch(wish, now=ASKED)
    assert made is not None
    assert faults(made.body) == []
    return made


async def told(booked: Series, wish: Asked) -> list[Entry]:
    """A room's busy times; of a programme the booking's own date, since there are others."""
    found = entries((await feed(booked, wish)).body.decode())
    return [each for each in found if wish in (OLD, NEW) or each.uid == uid(booked)]


def uid(booked: Series) -> str:
    return f"{booked.booking.dates[0].public_id}@afterbell"


def event(lines: list[str], booked: Series) -> list[str]:
    """The booking's own date, line by line."""
    at = lines.index(f"UID:{uid(booked)}")
    return lines[at : lines.index("END:VEVENT", at)]


async def bytes_of(booked: Series) -> list[bytes]:
    return [(await feed(booked, wish)).body for wish in EVERYWHERE]


async def touched(booked: Series) -> None:
    """As the relay does with the last event."""
    event = (await announced(booked.database, booked.booking.id))[-1]
    async with booked.database.writing() as session:
        await touch_feeds(session, event, event.happened_at)


async def approved(booked: Series) -> None:
    await booked.approve(now=ASKED + DAY)
    await sql.tell(booked.url, PUBLIC.format(id=booked.booking.id))
    await touched(booked)


async def secret(booked: Series, scope: str, owner: Viewer) -> str:
    async with booked.database.writing() as session:
        return (await create_feed(session, scope, {}, by=owner, now=ASKED)).token


async def opened(booked: Series, token: str) -> list[str]:
    door = SecretDoor(booked.database, HOUSE, limited=False)
    found = await door.open(f"{token}.ics", now=ASKED)
    assert isinstance(found, Ready)
    return event(unfolded(found.body), booked)


async def test_a_date_that_moved_keeps_its_uid_under_a_higher_sequence_and_the_old_time_is_gone(
    district: District,
) -> None:
    async with series(district, 1) as booked:
        await approved(booked)
        before = [(await told(booked, wish))[-1] for wish in (OLD, SCHOOL, DISTRICT)]
        await booked.move(0, 3, now=ASKED + 2 * DAY, by=booked.becker)
        after = [(await told(booked, wish))[-1] for wish in (OLD, SCHOOL, DISTRICT)]
        (mine,) = [await told(booked, OLD)]
    assert [(a.uid == b.uid, a.sequence > b.sequence, a.starts_at - b.starts_at) for a, b in zip(after, before, strict=True)] == [
        (True, True, 3 * HOUR)
    ] * 3  # fmt: skip
    assert [each.status for each in mine] == ["CONFIRMED"]


async def test_a_move_that_waits_is_held_time_in_the_room_and_nothing_in_public_programmes(district: District) -> None:
    async with series(district, 1) as booked:
        await approved(booked)
        start = booked.booking.dates[0].starts_at
        programmes = [(await feed(booked, wish)).body for wish in (SCHOOL, DISTRICT)]
        before = await told(booked, OLD)
        await booked.move(0, 1, now=ASKED + 2 * DAY)
        again = [(await feed(booked, wish)).body for wish in (SCHOOL, DISTRICT)]
        waiting = await told(booked, OLD)
        free = [line for line in unfolded((await feed(booked, FREE)).body) if line.startswith("FREEBUSY")]
    assert again == programmes, "the public sees what it saw"
    assert [(each.status, each.summary) for each in waiting] == [("CONFIRMED", "Reserved"), ("TENTATIVE", "Reserved")]
    assert waiting[:1] == before
    assert (waiting[1].starts_at, waiting[1].ends_at) == (start + 2 * HOUR, start + 3 * HOUR), "what it needs besides"
    assert [line.split(":")[0] for line in free] == ["FREEBUSY;FBTYPE=BUSY", "FREEBUSY;FBTYPE=BUSY-TENTATIVE"]


async def test_whatever_was_held_for_a_move_is_gone_when_it_is_declined_and_validators_say_so(
    district: District,
) -> None:
    async with series(district, 1) as booked:
        await approved(booked)
        first = await feed(booked, OLD)
        await booked.move(0, 1, now=ASKED + 2 * DAY)
        await touched(booked)
        second = await feed(booked, OLD)
        await booked.decline("No", now=ASKED + 3 * DAY)
        await touched(booked)
        third = await feed(booked, OLD)
    assert (first.body == third.body, first.body == second.body) == (True, False)
    times = [parsedate_to_datetime(each.last_modified) for each in (first, second, third)]
    assert times == sorted(set(times)), "each later than the one before"


async def test_a_date_in_another_room_leaves_the_old_rooms_calendar_and_stands_in_the_new(district: District) -> None:
    async with series(district, 1) as booked:
        await approved(booked)
        await booked.change(rooms=("night-owl-high/hall-4",), now=ASKED + 2 * DAY)
        waiting = [[each.status for each in await told(booked, wish)] for wish in (OLD, NEW)]
        await booked.approve(now=ASKED + 3 * DAY)
        after = [[each.status for each in await told(booked, wish)] for wish in (OLD, NEW)]
        (place,) = [
            line for line in event(unfolded((await feed(booked, SCHOOL)).body), booked) if line.startswith("LOCATION")
        ]
    assert (waiting, after) == ([["CONFIRMED"], ["TENTATIVE"]], [[], ["CONFIRMED"]])
    assert place.startswith("LOCATION:Hall 4")


async def test_in_another_room_a_date_is_absent_from_the_old_rooms_snapshot_and_keeps_its_uid_where_titles_are_seen(
    district: District,
) -> None:
    """A room's calendar is a snapshot without METHOD, and its UIDs are its own, so what left is not in it (CALENDARS.md 9, 14, 22); whoever reads the title
    reads the same UID under a higher SEQUENCE in another place. Back again, it is the UID of before under a SEQUENCE that never fell."""
    there, back = ("night-owl-high/hall-4",), ("night-owl-high/hall-5",)
    async with series(district, 1) as booked:
        await approved(booked)
        event_ics = Asked("events", booked.booking.dates[0].public_id)
        token = await secret(booked, "mine", booked.lin)
        seen: list[list[list[Entry]]] = []
        lines: list[list[str]] = []
        for rooms in (None, there, back):
            if rooms:
                await booked.change(rooms=rooms, now=ASKED + (2 + len(seen)) * DAY, by=booked.becker)
            seen.append([await told(booked, wish) for wish in (OLD, NEW, SCHOOL, event_ics)])
            lines.append(await opened(booked, token))
    here = [[len(each) for each in step[:2]] for step in seen]
    assert here == [[1, 0], [0, 1], [1, 0]], "in exactly the room where it is"
    assert (seen[0][0][0].uid == seen[2][0][0].uid, seen[0][0][0].uid == seen[1][1][0].uid) == (True, False)
    busy = [seen[0][0][0], seen[1][1][0], seen[2][0][0]]
    for titled in ([step[2][0] for step in seen], [step[3][0] for step in seen], busy):
        assert [each.status for each in titled] == ["CONFIRMED"] * 3
        assert [each.sequence for each in titled] == sorted({each.sequence for each in titled})
    assert {step[at][0].uid for step in seen for at in (2, 3)} == {uid(booked)}
    assert [f"UID:{uid(booked)}" in each for each in lines] == [True] * 3
    places = [next(line for line in each if line.startswith("LOCATION")).partition("\\")[0] for each in lines]
    assert places == ["LOCATION:Hall 5", "LOCATION:Hall 4", "LOCATION:Hall 5"]


async def test_those_whom_it_concerns_read_where_it_is_to_go_and_the_bytes_stay_until_something_changes(
    district: District,
) -> None:
    async with series(district, 1) as booked:
        await approved(booked)
        tokens = [
            await secret(booked, scope, owner)
            for scope, owner in (("mine", booked.lin), ("organization", booked.lin), ("campus_staff", booked.becker))
        ]
        before = [await opened(booked, token) for token in tokens]
        await booked.move(0, 48, now=ASKED + 2 * DAY)
        waiting = [await opened(booked, token) for token in tokens]
        assert waiting == [await opened(booked, token) for token in tokens]
        await booked.take_back(now=ASKED + 3 * DAY)
        after = [await opened(booked, token) for token in tokens]
    assert [("Asked to move to" in "".join(each)) for each in (*before, *waiting, *after)] == [False] * 3 + [
        True
    ] * 3 + [False] * 3
    assert [sequences(each) for each in waiting] == [sequences(each) for each in before]
    assert modified(before) < modified(waiting) < modified(after)


def sequences(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("SEQUENCE")]


def modified(feeds: list[list[str]]) -> str:
    """The newest revision."""
    return max(line for lines in feeds for line in lines if line.startswith("LAST-MODIFIED"))


async def test_new_words_for_families_are_a_later_revision_and_a_busy_time_knows_nothing_of_them(
    district: District,
) -> None:
    async with series(district, 1) as booked:
        await approved(booked)
        room, school = (await feed(booked, OLD)).body, await feed(booked, SCHOOL)
        await booked.change(words={"listing": {"summary": {"en": "Come and see"}}}, now=ASKED + 2 * DAY)
        await touched(booked)
        assert (await feed(booked, OLD)).body == room
        before, after = (event(unfolded(each.body), booked) for each in (school, await feed(booked, SCHOOL)))
    assert "SUMMARY:Come and see" in after
    assert modified([before]) < modified([after])


async def test_a_new_title_shows_in_secret_calendars_alone(district: District) -> None:
    async with series(district, 1) as booked:
        await approved(booked)
        token, before = await secret(booked, "mine", booked.lin), await bytes_of(booked)
        first = await opened(booked, token)
        await booked.change(words={"title": "Clinic, renamed"}, now=ASKED + 2 * DAY)
        after = await opened(booked, token)
        assert await bytes_of(booked) == before
    assert [line for line in after if line.startswith("SUMMARY")] == ["SUMMARY:Clinic\\, renamed"]
    assert modified([first]) < modified([after])
