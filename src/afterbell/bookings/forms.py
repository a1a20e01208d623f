"""What outsiders send: JSON bodies as Structs, checked and turned into an Ask. Every limit is told in its complaint."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from afterbell.almanac.recurrence import Repeat
from afterbell.bookings.decide import RESTS, Part
from afterbell.bookings.listing import ListingForm, as_listing
from afterbell.people.join import is_address
from afterbell.policy.ask import MOST_DATES, Altered, Ask
from afterbell.policy.projection import VISIBILITIES
from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed
from afterbell.web.body import one_line

TITLE, NOTE, REASON, CONTACTS, MOST_ROOMS = 200, 2_000, 1_000, 20, 20

Title = Annotated[str, Meta(min_length=1, max_length=TITLE)]
Slug = Annotated[str, Meta(min_length=1, max_length=120)]
RoomKey = Annotated[str, Meta(min_length=1, max_length=250)]
Rooms = Annotated[list[RoomKey], Meta(min_length=1, max_length=MOST_ROOMS)]
Layout = Annotated[str, Meta(min_length=1, max_length=60)]
Token = Annotated[str, Meta(min_length=1, max_length=100_000)]
Minutes = Annotated[int, Meta(ge=0, le=480)]
People = Annotated[int, Meta(ge=1, le=100_000)]
Reason = Annotated[str, Meta(min_length=1, max_length=REASON)]
Words = Annotated[str, Meta(max_length=NOTE)]
Moment = Annotated[str, Meta(max_length=40)]
Program = Annotated[str, Meta(min_length=1, max_length=120)]
ContactWord = Annotated[str, Meta(max_length=40)]
ContactLine = Annotated[str, Meta(max_length=200)]
Names = Annotated[list[str], Meta(min_length=1, max_length=MOST_DATES)]
Contact = Annotated[dict[ContactWord, ContactLine], Meta(max_length=CONTACTS)]


class RepeatForm(Struct, forbid_unknown_fields=True, rename={"except_": "except"}):
    """How a date repeats: a rule, wall dates to leave out, further starts."""

    rrule: Annotated[str, Meta(max_length=500)] = ""
    except_: Annotated[list[str], Meta(max_length=MOST_DATES)] = []
    also: Annotated[list[Moment], Meta(max_length=MOST_DATES + 1)] = []


class CallerForm(Struct, forbid_unknown_fields=True):
    """For whom staff enter a booking: somebody who called or came by. `organization` is in their own words; whose booking it is says the booking's own."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    email: Annotated[str, Meta(max_length=254)] | None = None
    phone: ContactLine | None = None
    organization: ContactLine | None = None


class AlteredForm(Struct, forbid_unknown_fields=True):
    """One date of the series, named by the start that the series gives it, that is to be in other rooms or at another time."""

    original_start: Moment
    rooms: Rooms | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class BookingForm(Struct, forbid_unknown_fields=True):
    """The body of POST /bookings and of its preview, where organization and title may be left out."""

    rooms: Rooms
    starts_at: Moment
    ends_at: Moment
    headcount: People
    organization: Slug | None = None
    title: Title | UnsetType = UNSET
    activity: Slug | None = None
    visibility: str | None = None
    repeat: RepeatForm | None = None
    setup_minutes: Minutes = 0
    takedown_minutes: Minutes = 0
    minors_unaccompanied: bool = False
    contact: Contact | None = None
    note: Words | None = None
    on_behalf_of: CallerForm | None = None
    on_conflict: Literal["refuse", "skip"] = "refuse"
    listing: ListingForm | None = None
    program: Program | None = None
    changes: Annotated[list[AlteredForm], Meta(max_length=MOST_DATES)] = []
    layout: Layout | None = None
    anyway: Reason | None = None
    preview_token: Token | None = None


class ApprovalForm(Struct, forbid_unknown_fields=True):
    """POST .../approval: every date that waits, or some, by id or original start, and what becomes of the `rest`; with words for the partner. `rooms` are
    given in place of those that were asked for."""

    message: Annotated[str, Meta(max_length=REASON)] | None = None
    occurrences: Names | None = None
    rest: str | None = None
    rooms: Rooms | None = None


class DeclineForm(Struct, forbid_unknown_fields=True):
    """POST .../decline: the reason is required, the partner reads it; some waiting dates, by id or original start, or all."""

    reason: Reason
    occurrences: Names | None = None


class MessageForm(Struct, forbid_unknown_fields=True):
    """POST .../question by the school, POST .../answer by the organization."""

    message: Reason


class WithdrawalForm(Struct, forbid_unknown_fields=True):
    """POST .../withdrawal: some waiting dates, by id or original start, or all."""

    occurrences: Names | None = None
    reason: Annotated[str, Meta(max_length=REASON)] | None = None


class CancellationForm(Struct, forbid_unknown_fields=True):
    """POST .../cancellation: some approved dates, by id or original start, or the rest."""

    reason: Reason
    occurrences: Names | None = None


def as_ask(form: BookingForm, *, whole: bool) -> Ask:
    """The ask, its times as they were written; `whole` demands what a booking needs and a preview does not. Raises 422 with the limit that passes."""
    if whole:
        _demand(form)
    if form.visibility is not None and form.visibility not in VISIBILITIES:
        raise malformed(Message(N_("visibility is one of {choices}."), {"choices": ", ".join(VISIBILITIES)}))
    return Ask(
        organization=form.organization,
        title=one_line(form.title or "") if isinstance(form.title, str) else "",
        activity=form.activity,
        rooms=form.rooms,
        starts=moment(form.starts_at, "starts_at"),
        ends=moment(form.ends_at, "ends_at"),
        headcount=form.headcount,
        repeat=repeat_of(form.repeat) if form.repeat else None,
        setup=timedelta(minutes=form.setup_minutes),
        takedown=timedelta(minutes=form.takedown_minutes),
        visibility=form.visibility,
        minors_unaccompanied=form.minors_unaccompanied,
        contact={one_line(name): one_line(value) for name, value in (form.contact or {}).items()},
        note=form.note or "",
        on_behalf_of=_caller(form.on_behalf_of) if form.on_behalf_of else None,
        listing=as_listing(form.listing) if form.listing else None,
        program=one_line(form.program) or None if form.program else None,
        skips=form.on_conflict == "skip",
        changes=altered(form.changes),
        layout=one_line(form.layout).lower() or None if form.layout else None,
        anyway=why(form.anyway) if form.anyway is not None else "",
        token=form.preview_token,
    )


def altered(forms: Sequence[AlteredForm]) -> tuple[Altered, ...]:
    """The dates that are otherwise, each in something; that each is named once is seen when its wall time is known (bookings.survey)."""
    if any(not (form.rooms or form.starts_at or form.ends_at) for form in forms):
        raise malformed(
            Message(N_("Each of changes says what is otherwise about its date: rooms, starts_at or ends_at."))
        )
    return tuple(
        Altered(
            moment(form.original_start, "original_start"),
            tuple(form.rooms) if form.rooms else None,
            moment(form.starts_at, "starts_at") if form.starts_at else None,
            moment(form.ends_at, "ends_at") if form.ends_at else None,
        )
        for form in forms
    )


def _caller(form: CallerForm) -> dict[str, str]:
    """What is known of them, in single lines; letters go to the address, so it must be one."""
    given = {name: one_line(getattr(form, name) or "") for name in ("name", "email", "phone", "organization")}
    if not given["name"]:
        raise malformed(Message(N_("Write for whom you enter it: on_behalf_of needs a name.")))
    if given["email"] and not is_address(given["email"]):
        raise malformed(Message(N_("Write an e-mail address, such as ana@clinic.example.")))
    return {name: value.lower() if name == "email" else value for name, value in given.items() if value}


def part_of(form: ApprovalForm) -> Part | None:
    """Which dates an approval is about, None for all; 422 unless `occurrences` and `rest` come together."""
    if form.occurrences is None and form.rest is None:
        return Part(None, "declined", form.rooms) if form.rooms else None
    if form.occurrences is None or form.rest not in RESTS:
        raise malformed(Message(N_('With occurrences say what becomes of the rest: "waiting" or "declined".')))
    return Part(form.occurrences, form.rest, form.rooms or ())


def why(reason: str) -> str:
    """The reason without its margins; 422 for blanks, since somebody reads it."""
    if not reason.strip():
        raise malformed(Message(N_("Write why: whoever reads it can plan better.")))
    return reason.strip()


def _demand(form: BookingForm) -> None:
    missing = [
        name
        for name, given in (
            ("organization", form.organization or form.on_behalf_of),
            ("title", isinstance(form.title, str) and one_line(form.title)),
            ("activity", form.activity),
        )
        if not given
    ]
    if missing:
        raise malformed(Message(N_("A request also needs: {fields}."), {"fields": ", ".join(missing)}))


def repeat_of(form: RepeatForm) -> Repeat:
    """The rule and its exceptions; 422 for dates that cannot be read."""
    try:
        skip = frozenset(date.fromisoformat(day) for day in form.except_)
    except ValueError as error:
        raise malformed(Message(N_("repeat.except holds dates such as 2026-12-22."))) from error
    return Repeat(form.rrule, skip, tuple(moment(start, "repeat.also") for start in form.also))


def moment(text: str, field: str) -> datetime:
    """Wall time ("2026-12-01T18:00", naive) or an instant with an offset (aware), in whole minutes."""
    try:
        found = datetime.fromisoformat(text)
        if "T" not in text or not 1900 < found.year < 9000:
            raise ValueError(text)
    except (ValueError, OverflowError) as error:
        message = N_("{field} must be a time at the school such as 2026-12-01T18:00, or carry an offset.")
        raise malformed(Message(message, {"field": field})) from error
    return found.replace(second=0, microsecond=0)
