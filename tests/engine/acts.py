"""The acts that commands stand for, on one side, as the API's handlers do them; and looking ahead of a request, whose token a later one sends."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.closures import days
from afterbell.almanac.recurrence import Repeat
from afterbell.bookings.ask_partner import answer, ask_partner
from afterbell.bookings.cancel import cancel, withdraw
from afterbell.bookings.change import change_booking
from afterbell.bookings.decide import Part, approve, decline
from afterbell.bookings.enter import enter_booking
from afterbell.bookings.models import Booking, Occurrence
from afterbell.bookings.promise import opened, promised_by, token_of
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.request import preview
from afterbell.bookings.submit import Wanted, submit
from afterbell.bookings.take_back import take_back
from afterbell.places.calendars import close
from afterbell.places.models import Campus
from afterbell.policy.altering import Alteration
from afterbell.policy.ask import Altered, Ask
from afterbell.rules.setting import Wanted as WantedRule
from afterbell.rules.setting import find_where, set_rule
from tests.cast import ZONE
from tests.engine.commands import Command

if TYPE_CHECKING:
    from tests.engine.sides import Side

SECRET = b"a secret of both sides' houses"
Answer = BookingRow | Sequence[BookingRow] | dict[str, Any] | None

Act = Callable[["Side", AsyncSession, Command], Awaitable[Answer]]


async def _named(side: "Side", session: AsyncSession, command: Command) -> tuple[str, Sequence[str] | None]:
    """The reference, and some dates by their original starts."""
    reference = side.references[command.about or 0]
    if command.dates is None:
        return reference, None
    query = select(Occurrence.original_start).join(Booking, Booking.id == Occurrence.booking_id)
    ordered = query.where(Booking.reference == reference).order_by(Occurrence.starts_at, Occurrence.original_start)
    starts = (await session.scalars(ordered)).all()
    return reference, [starts[number] for number in command.dates]


def _ask(more: Mapping[str, Any]) -> Ask:
    odd = more["otherwise"]
    return Ask(
        organization=more["organization"],
        title="A history",
        activity=more["activity"],
        rooms=more["rooms"],
        starts=more["starts"],
        ends=more["ends"],
        headcount=more["headcount"],
        repeat=Repeat(f"FREQ=WEEKLY;COUNT={more['weeks']}") if more["weeks"] > 1 else None,
        setup=more["setup"],
        on_behalf_of=more["caller"],
        skips=more["skips"],
        changes=[Altered(odd[0], odd[2], odd[1])] if odd else (),
        program=more.get("program"),
    )


async def _request(side: "Side", session: AsyncSession, command: Command) -> BookingRow:
    return await enter_booking(session, _ask(command.more), by=side.people[command.who], now=command.at)


async def _look(side: "Side", session: AsyncSession, command: Command) -> dict[str, Any]:
    """What a preview shows; its token is kept on the side until it is sent."""
    ask, by = _ask(command.more), side.people[command.who]
    side.token = None
    found = await preview(session, ask, by=by, now=command.at)
    side.token = token_of(found, ask, secret=SECRET, by=by, now=command.at)
    return {"findings": [repr(each) for each in found.verdict.findings], "fates": repr(promised_by(found).fates)}


async def _commit(side: "Side", session: AsyncSession, command: Command) -> BookingRow:
    """Exactly what was looked at, or nothing; without a token it is a request like any other."""
    by = side.people[command.who]
    promised = opened(side.token, secret=SECRET, by=by, now=command.at)
    row = await enter_booking(session, _ask(command.more), by=by, now=command.at, promised=promised)
    if promised is not None:
        shown = [(each.name, each.span, frozenset(each.rooms), each.state == "skipped") for each in promised.fates]
        made = [
            (d.original_start, d.span, frozenset(room.id for room in d.rooms), d.state == "skipped") for d in row.dates
        ]
        assert sorted(made) == sorted(shown), "committed otherwise than shown"
    return row


async def _submit(side: "Side", session: AsyncSession, command: Command) -> Sequence[BookingRow]:
    wanted = [Wanted(_ask(each)) for each in command.more["wanted"]]
    return await submit(session, wanted, by=side.people[command.who], now=command.at)


async def _rule(side: "Side", session: AsyncSession, command: Command) -> dict[str, Any]:
    more = command.more
    where = await find_where(session, more["campus"], more["room"])
    wanted = WantedRule(more["name"], more["value"], more["day"])
    day = await set_rule(session, wanted, where, by=side.people[command.who], now=command.at)
    return {"from": day.isoformat()}


async def _approve(side: "Side", session: AsyncSession, command: Command) -> BookingRow:
    reference, names = await _named(side, session, command)
    rooms = command.more.get("rooms", ())
    part = None if names is None and not rooms else Part(names, command.more["rest"], rooms)
    by, words = side.people[command.who], command.more["words"]
    return await approve(session, reference, by=by, now=command.at, message=words, part=part)


async def _withdraw(side: "Side", session: AsyncSession, command: Command) -> BookingRow:
    reference, names = await _named(side, session, command)
    return await withdraw(session, reference, by=side.people[command.who], now=command.at, names=names)


def _with_words(act: Callable[..., Awaitable[BookingRow]]) -> Callable[..., Awaitable[BookingRow]]:
    """Declining and cancelling: of some dates or all, with the reason."""

    async def does(side: "Side", session: AsyncSession, command: Command) -> BookingRow:
        reference, names = await _named(side, session, command)
        by, words = side.people[command.who], command.more["words"]
        return await act(session, reference, words, by=by, now=command.at, names=names)

    return does


async def _question(side: "Side", session: AsyncSession, command: Command) -> BookingRow:
    reference, _ = await _named(side, session, command)
    return await ask_partner(session, reference, command.more["words"], by=side.people[command.who], now=command.at)


async def _answer(side: "Side", session: AsyncSession, command: Command) -> BookingRow:
    reference, _ = await _named(side, session, command)
    return await answer(session, reference, command.more["words"], by=side.people[command.who], now=command.at)


async def _change(side: "Side", session: AsyncSession, command: Command) -> BookingRow:
    more = command.more
    named = [more["date"]] if "date" in more else more.get("fewer", [])
    reference, starts = await _named(side, session, replace(command, dates=tuple(named)))
    wanted = Alteration(
        scope=more.get("scope", "all"),
        occurrence=starts[0] if starts and "date" in more else None,
        starts=more.get("starts"),
        ends=more.get("ends"),
        rooms=more.get("rooms"),
        also=tuple(more.get("also", ())),
        fewer=tuple(starts or ()) if "fewer" in more else (),
        headcount=more.get("headcount"),
    )
    return await change_booking(session, reference, wanted, by=side.people[command.who], now=command.at)


async def _take_back(side: "Side", session: AsyncSession, command: Command) -> BookingRow:
    reference, names = await _named(side, session, command)
    return await take_back(session, reference, by=side.people[command.who], now=command.at, names=names)


async def _close(side: "Side", session: AsyncSession, command: Command) -> None:
    campus = await session.scalar(select(Campus.id).where(Campus.slug == command.more["campus"]))
    day = command.more["day"]
    await close(session, campus, days(day, day + timedelta(days=1), ZONE), "Staff day", now=command.at)


ACTS: Mapping[str, Act] = {
    "request": _request,
    "look": _look,
    "commit": _commit,
    "submit": _submit,
    "rule": _rule,
    "approve": _approve,
    "decline": _with_words(decline),
    "withdraw": _withdraw,
    "cancel": _with_words(cancel),
    "question": _question,
    "answer": _answer,
    "close": _close,
    "change": _change,
    "take_back": _take_back,
}
