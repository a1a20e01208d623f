"""What outsiders send to submit a program: several bookings under one name, each at its own campus."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, structs

from afterbell.bookings.forms import BookingForm, Program, Slug, as_ask
from afterbell.bookings.promise import opened
from afterbell.bookings.submit import Wanted, of_booking
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, malformed
from afterbell.web.body import one_line

MOST_BOOKINGS = 30


class ProgramForm(Struct, forbid_unknown_fields=True):
    """The body of POST /programs: bookings as POST /bookings takes them, less what is said once for all of them."""

    name: Program
    organization: Slug
    bookings: Annotated[list[BookingForm], Meta(min_length=1, max_length=MOST_BOOKINGS)]


def wanted_of(form: ProgramForm, *, secret: bytes, by: Viewer, now: datetime) -> list[Wanted]:
    """The bookings in their order, with what their previews promised; 422 names the booking, counted from 0."""
    name = one_line(form.name)
    if not name:
        raise malformed(Message(N_("A program needs a name.")))
    found = []
    for at, part in enumerate(form.bookings):
        try:
            ask = _ask(part, form.organization, name)
            found.append(Wanted(ask, opened(ask.token, secret=secret, by=by, now=now)))
        except Problem as problem:
            raise of_booking(problem, at) from problem
    return found


def _ask(part: BookingForm, organization: str, name: str) -> Ask:
    if part.organization is not None or part.program is not None:
        raise malformed(Message(N_("Leave out organization and program: the submission names them once.")))
    return as_ask(structs.replace(part, organization=organization, program=name), whole=True)
