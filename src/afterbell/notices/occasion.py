"""What a letter about a booking is about, and what letters share: lines of dates, reasons, the way in, the link. Titles come through the projection; dates
are wall time at the school. The words of each act lie beside this file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from afterbell.bookings.date_rows import DateRow
from afterbell.bookings.present import because, seen
from afterbell.bookings.queries import BookingRow
from afterbell.notices.paper import Draft
from afterbell.policy.lifecycle import LIVE
from afterbell.policy.projection import Viewer
from afterbell.web.dates import day, times
from afterbell.web.words import say


@dataclass(frozen=True)
class Occasion:
    """The booking, the dates that are told, who reads it, the address that links begin with, and when it is told. `remark` is what staff or partner wrote to
    each other, where it is about that; `by_requester` says that the partner's side did it."""

    booking: BookingRow
    dates: Sequence[DateRow]
    reader: Viewer
    base_url: str
    now: datetime
    by_requester: bool = False
    remark: str = ""

    @property
    def language(self) -> str:
        """The reader's."""
        return self.reader.language

    @property
    def link(self) -> str:
        """The booking's page."""
        return f"{self.base_url}/bookings/{self.booking.reference}"

    @property
    def meant(self) -> Sequence[DateRow]:
        """The dates told, or when none is every date."""
        return self.dates or self.booking.dates

    @property
    def scattered(self) -> bool:
        """Whether these dates are in different rooms, so that each line names its own."""
        return len({tuple(room.id for room in date.rooms) for date in self.meant}) > 1

    @property
    def title(self) -> str:
        """As much of it as the reader may see now."""
        return seen(self.booking, self.reader).title

    @property
    def signs_in(self) -> bool:
        """Whether the reader can open the booking's page; nobody can whom staff only entered."""
        return self.reader.person_id is not None

    def having(self, *states: str) -> list[DateRow]:
        """The dates told that are in one of these states."""
        return [date for date in self.dates if date.state in states]

    @property
    def left(self) -> list[DateRow]:
        """The dates of the booking that wait or stand, and are still to come."""
        return [date for date in self.booking.dates if date.state in LIVE and date.starts_at > self.now]

    def lines(self, dates: Sequence[DateRow] | None = None) -> list[str]:
        """One line a date: "Tuesday, December 1, 2026, 6:00 PM – 8:00 PM"."""
        return [self.line(date) for date in (self.dates if dates is None else dates)]

    def line(self, date: DateRow, *sentences: str | None) -> str:
        """A date, and what there is to say of it alone."""
        line = self.when(date.starts_at, date.ends_at, [room.name for room in date.rooms] if self.scattered else ())
        if date.shifted:
            line += " (" + say("moved forward: the clocks change that night", self.language) + ")"
        said = " ".join(sentence for sentence in sentences if sentence)
        return f"{line}: {said}" if said else line

    def when(self, starts_at: datetime, ends_at: datetime, rooms: Sequence[str] = ()) -> str:
        """Day and times there, and where rooms are given their names."""
        zone, language = self.booking.zone, self.language
        on = day(starts_at.astimezone(ZoneInfo(zone)), language)
        return ", ".join([on, times(starts_at, ends_at, zone, language), *rooms])

    def place(self) -> str:
        """The rooms and the school; the school alone where the dates are in different rooms."""
        rooms = self.meant[0].rooms
        names = [] if self.scattered else [room.name for room in rooms]
        return ", ".join([*names, rooms[0].school])

    def on(self, moment: datetime) -> str:
        """The wall date of an instant, written out."""
        return day(moment.astimezone(ZoneInfo(self.booking.zone)), self.language)

    def draft(self, subject: str) -> Draft:
        """An empty letter in the reader's language."""
        return Draft(subject, self.language)

    def door(self, draft: Draft, words: str, beyond: str = "") -> None:
        """The link to the booking's page; none for somebody who was only entered by staff and cannot sign in."""
        if self.signs_in:
            draft.link(words, self.link + beyond)


def with_reasons(draft: Draft, about: Occasion, *lists: tuple[str, Sequence[DateRow]]) -> None:
    """Lists of dates under their headings, with why they are so: a reason that all share once below, else each on its line. Another room that was free is
    named with its date."""
    language = about.language
    reasons = {reason for _, dates in lists for date in dates if (reason := because(date, language))}
    for heading, dates in lists:
        said = [because(date, language) if len(reasons) > 1 else None for date in dates]
        lines = [about.line(date, _ended(why), _instead(date, language)) for date, why in zip(dates, said, strict=True)]
        draft.items(heading, lines)
    if len(reasons) == 1:
        approved = any(date.state == "approved" and because(date, language) for _, dates in lists for date in dates)
        draft.say(_said(reasons.pop(), language, approved=approved))
    if any(date.alternative for _, dates in lists for date in dates):
        draft.say(say("A room named as free is not held for you: ask for it soon.", language))


def _said(words: str, language: str, *, approved: bool) -> str:
    """What comes with an approval is no reason for it."""
    if approved:
        return say("Message from the school: {message}", language, message=words)
    return say("Reason given: {reason}", language, reason=words)


def _ended(words: str | None) -> str | None:
    return words if not words or words[-1] in ".!?" else f"{words}."


def _instead(date: DateRow, language: str) -> str | None:
    return say("{room} is free then.", language, room=date.alternative["name"]) if date.alternative else None


def left_out(draft: Draft, about: Occasion) -> None:
    """The dates that were asked for and skipped, and why; nothing when there are none."""
    dates = about.having("skipped")
    draft.items(
        say("Left out of your request", about.language),
        [about.line(date, because(date, about.language)) for date in dates],
    )


def directions(draft: Draft, about: Occasion) -> None:
    """How to get in, by every door that the dates need, and whom to call there."""
    room = about.meant[0].rooms[0]
    doors = dict.fromkeys(each.entrance for date in about.meant for each in date.rooms if each.entrance)
    language = about.language
    lines = [say("Address: {address}", language, address=room.address)]
    lines += [say("Entrance: {entrance}", language, entrance=door) for door in doors]
    lines += [say("Phone on site: {phone}", language, phone=room.on_site_phone)] if room.on_site_phone else []
    draft.items(say("How to get in", language), lines)
