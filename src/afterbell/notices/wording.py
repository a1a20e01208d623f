"""The words of each letter. Titles come through the projection; dates are wall time at the school."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from afterbell.bookings.present import seen
from afterbell.bookings.queries import BookingRow, DateRow
from afterbell.notices.paper import Draft
from afterbell.policy.projection import Viewer
from afterbell.web.dates import day, times
from afterbell.web.words import say, say_many


@dataclass(frozen=True)
class Occasion:
    """What a letter is about: the booking, the dates that are meant, who reads it, and where to look."""

    booking: BookingRow
    dates: Sequence[DateRow]
    reader: Viewer
    link: str
    by_requester: bool

    @property
    def language(self) -> str:
        """The reader's."""
        return self.reader.language

    @property
    def title(self) -> str:
        """As much of it as the reader may see now."""
        return seen(self.booking, self.reader).title

    def lines(self) -> list[str]:
        """One line a date: "Tuesday, December 1, 2026, 6:00 PM – 8:00 PM"."""
        zone = self.booking.zone
        return [_line(date, zone, self.language) for date in self.dates]

    def place(self) -> str:
        """The rooms and the school."""
        room = self.booking.dates[0].rooms[0]
        return f"{room.name}, {room.school}"


def _line(date: DateRow, zone: str, language: str) -> str:
    line = f"{day(date.starts_at.astimezone(ZoneInfo(zone)), language)}, {times(date.starts_at, date.ends_at, zone, language)}"
    if date.shifted:
        line += " (" + say("moved forward: the clocks change that night", language) + ")"
    return line


def acknowledgement(about: Occasion) -> Draft:
    """At once: the reference, every date with what became of it, who decides and by when."""
    language, booking = about.language, about.booking
    draft = _draft(
        about,
        say("We have your request {reference}: {title}", language, reference=booking.reference, title=about.title),
    )
    draft.say(
        say(
            "Your request for {place} has arrived. Its reference is {reference}.",
            language,
            place=about.place(),
            reference=booking.reference,
        )
    )
    held = [date for date in about.dates if date.state != "requested"]
    heading = (
        say("Held for you until it is decided", language)
        if held
        else say("Asked for, not held: others may ask too", language)
    )
    draft.items(heading, about.lines())
    due = day(booking.decide_by.astimezone(ZoneInfo(booking.zone)), language)
    draft.say(
        say("The school's site approver decides by {due}. You need not do anything until then.", language, due=due)
    )
    draft.link(say("See or withdraw the request", language), about.link)
    return draft


def approval(about: Occasion) -> Draft:
    """The dates that were approved, and nothing else."""
    language = about.language
    draft = _draft(
        about, say("Approved: {title} ({reference})", language, title=about.title, reference=about.booking.reference)
    )
    count = say_many(
        "{count} date at {place} is approved.",
        "{count} dates at {place} are approved.",
        len(about.dates),
        language,
        place=about.place(),
    )
    draft.say(count)
    draft.items(say("Approved dates", language), about.lines())
    _words_of_staff(draft, about)
    _directions(draft, about)
    draft.link(say("See the booking or cancel dates", language), about.link)
    return draft


def refusal(about: Occasion) -> Draft:
    """The dates that were declined, and why."""
    language = about.language
    draft = _draft(
        about, say("Declined: {title} ({reference})", language, title=about.title, reference=about.booking.reference)
    )
    draft.say(say("The school cannot give you {place} on these dates.", language, place=about.place()))
    draft.items(say("Declined dates", language), about.lines())
    _words_of_staff(draft, about)
    draft.link(say("See the request", language), about.link)
    return draft


def withdrawal(about: Occasion) -> Draft:
    """A confirmation for the person who withdrew, or whose colleague did."""
    language = about.language
    draft = _draft(
        about, say("Withdrawn: {title} ({reference})", language, title=about.title, reference=about.booking.reference)
    )
    draft.say(say("The request for {place} was withdrawn. These dates are free again.", language, place=about.place()))
    draft.items(say("Withdrawn dates", language), about.lines())
    draft.link(say("See the request", language), about.link)
    return draft


def cancellation(about: Occasion) -> Draft:
    """The dates that were cancelled, why, and what remains."""
    language = about.language
    draft = _draft(
        about, say("Cancelled: {title} ({reference})", language, title=about.title, reference=about.booking.reference)
    )
    draft.say(
        say("You or a colleague cancelled dates at {place}.", language, place=about.place())
        if about.by_requester
        else say("Dates at {place} were cancelled.", language, place=about.place())
    )
    draft.items(say("Cancelled dates", language), about.lines())
    _words_of_staff(draft, about)
    left = sum(date.state == "approved" for date in about.booking.dates)
    draft.say(say_many("{count} date remains as it was.", "{count} dates remain as they were.", left, language))
    draft.link(say("See the booking", language), about.link)
    return draft


def reminder(about: Occasion) -> Draft:
    """The day before: when, where, how to get in, whom to call."""
    language = about.language
    draft = _draft(about, say("Reminder: {title}, {when}", language, title=about.title, when=about.lines()[0]))
    draft.items(about.place(), about.lines())
    _directions(draft, about)
    draft.link(say("See the booking or cancel this date", language), about.link)
    return draft


def _draft(about: Occasion, subject: str) -> Draft:
    return Draft(subject, about.language)


def _words_of_staff(draft: Draft, about: Occasion) -> None:
    reason = next((date.reason for date in about.dates if date.reason), None)
    if reason:
        draft.say(say("Reason given: {reason}", about.language, reason=reason))


def _directions(draft: Draft, about: Occasion) -> None:
    room = about.booking.dates[0].rooms[0]
    language = about.language
    lines = [say("Address: {address}", language, address=room.address)]
    lines += [say("Entrance: {entrance}", language, entrance=room.entrance)] if room.entrance else []
    lines += [say("Phone on site: {phone}", language, phone=room.on_site_phone)] if room.on_site_phone else []
    draft.items(say("How to get in", language), lines)
