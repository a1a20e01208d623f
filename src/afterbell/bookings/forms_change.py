"""The body of PATCH /bookings/{reference}: what is to be otherwise, and for which dates."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from afterbell.bookings.forms import Contact, Moment, Names, People, Reason, RoomKey, Title, Words, moment, why
from afterbell.bookings.listing import ListingForm, as_listing
from afterbell.policy.altering import Alteration
from afterbell.policy.ask import MOST_DATES
from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed
from afterbell.web.body import one_line


class ChangeForm(Struct, forbid_unknown_fields=True, rename={"except_": "except"}):
    """`starts_at` and `ends_at` are the new times of the `occurrence` that is named (id or original start), else of the first date ahead; the others of the
    `scope` move as far. `also` are starts of further dates, `except` names of dates to give back. An empty `layout` takes it off. `reason` is
    the school's, told to who asked."""

    scope: Literal["this", "following", "all"] | None = None
    occurrence: Annotated[str, Meta(max_length=60)] | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    rooms: Annotated[list[RoomKey], Meta(min_length=1, max_length=20)] | None = None
    also: Annotated[list[Moment], Meta(max_length=MOST_DATES)] = []
    except_: Names | None = None
    headcount: People | None = None
    layout: Annotated[str, Meta(max_length=60)] | None = None
    title: Title | None = None
    contact: Contact | None = None
    note: Words | None = None
    listing: ListingForm | None = None
    anyway: Reason | None = None
    reason: Reason | None = None


class TakeBackForm(Struct, forbid_unknown_fields=True):
    """POST .../change/withdrawal: the moves of some dates, by id or original start, or all that waits to be changed."""

    occurrences: Names | None = None


def as_alteration(form: ChangeForm) -> Alteration:
    """The change; 422 with what passes for a scope that names no date, or nothing at all."""
    if form.scope in ("this", "following") and form.occurrence is None:
        raise malformed(
            Message(
                N_("With scope {scope} name the occurrence, by its id or its original start."), {"scope": form.scope}
            )
        )
    _names_no_date_for_the_whole(form)
    found = Alteration(
        scope=form.scope or ("this" if form.occurrence else "all"),
        occurrence=form.occurrence,
        starts=moment(form.starts_at, "starts_at") if form.starts_at else None,
        ends=moment(form.ends_at, "ends_at") if form.ends_at else None,
        rooms=tuple(form.rooms) if form.rooms else None,
        also=tuple(moment(start, "also") for start in form.also),
        fewer=tuple(form.except_ or ()),
        headcount=form.headcount,
        layout=None if form.layout is None else one_line(form.layout).lower(),
        words=_words(form),
        anyway=why(form.anyway) if form.anyway is not None else "",
        reason=why(form.reason) if form.reason is not None else "",
    )
    whole = found.headcount is not None or found.layout is not None or found.words
    if not (found.times or found.also or found.fewer or whole):
        raise malformed(
            Message(N_("Say what is to be otherwise: times, rooms, dates, people, title, contact or note."))
        )
    return found


def _names_no_date_for_the_whole(form: ChangeForm) -> None:
    """Whoever names a date for a new title alone means that date's, which none has."""
    moves = form.starts_at or form.ends_at or form.rooms
    own = (form.title, form.contact, form.note, form.listing, form.headcount, form.layout)
    narrow = form.scope in ("this", "following") or (form.scope is None and form.occurrence)
    if narrow and not moves and any(each is not None for each in own):
        text = N_(
            'Title, contact, note, listing, people and layout are of the whole booking. Leave scope and occurrence out, or send scope "all".'
        )
        raise malformed(Message(text))


def _words(form: ChangeForm) -> dict[str, Any]:
    """What nobody has to decide about."""
    if form.title is not None and not one_line(form.title):
        raise malformed(Message(N_("The title may not be empty.")))
    given = {
        "title": None if form.title is None else one_line(form.title),
        "contact": None if form.contact is None else {one_line(k): one_line(v) for k, v in form.contact.items()},
        "note": form.note,
        "listing": as_listing(form.listing) if form.listing else None,
    }
    return {name: value for name, value in given.items() if value is not None}
