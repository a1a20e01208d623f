"""What a check of the dates showed, as the request page carries it: sealed in the form, so that sending it commits exactly that or says what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.elsewhere import every_way_out
from afterbell.bookings.forms import as_ask
from afterbell.bookings.outlook import Instead
from afterbell.bookings.page_form import Typed, as_body
from afterbell.bookings.promise import opened, promised_by, sealed
from afterbell.bookings.request import preview
from afterbell.bookings.survey import Survey
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer
from afterbell.policy.promising import Promise, differing, fields_of
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem

LOOK_AGAIN = N_(
    "You changed the room or the times after checking the dates. Look at them once more, then send the request."
)
TOO_OLD = N_("These dates were checked long ago, or by somebody else. Look at them once more, then send the request.")
# What the dates are about. Whatever else was changed since only has to come to the same, which the act sees to.
DATES = frozenset({"rooms", "starts_at", "ends_at", "repeat", "changes", "setup_minutes", "takedown_minutes"})


@dataclass(frozen=True)
class Look:
    """How every date would fare, what could be had instead of the odd ones, and the token of it."""

    survey: Survey
    ways: Mapping[datetime, Sequence[Instead]] = field(default_factory=dict)
    token: str = ""


async def look(session: AsyncSession, filled: Typed, *, secret: bytes, by: Viewer, now: datetime) -> Look:
    """As things stand, of the dates that are left out too."""
    found = await preview(session, as_ask(as_body(filled, every=True), whole=False), by=by, now=now)
    ways = await every_way_out(session, found, now=now)
    return Look(found, ways, sealed(promised_by(found), secret=secret, by=by, now=now))


def checked(filled: Typed, *, secret: bytes, by: Viewer, now: datetime) -> tuple[Promise | None, Message | None]:
    """What the last check showed, or why it does not count: the form says other dates now, or it is too old. Neither where nothing was checked."""
    if not filled.token:
        return None, None
    try:
        shown = opened(filled.token, secret=secret, by=by, now=now)
    except Problem:
        return None, Message(TOO_OLD)
    fields = fields_of(as_ask(as_body(filled, every=True), whole=False))
    if shown is not None and not DATES.isdisjoint(differing(shown.fields, fields)):
        return None, Message(LOOK_AGAIN)
    return shown, None


def promised(shown: Promise | None, filled: Typed, ask: Ask) -> Promise | None:
    """What was shown, of the dates that are sent. Nothing binds who leaves out whatever cannot be had, also when somebody is quicker, and who asks anyway
    since."""
    fields = fields_of(ask)
    if shown is None or filled.skips or shown.fields["anyway"] != fields["anyway"]:
        return None
    fates = [fate for fate in shown.fates if fate.name.date().isoformat() not in filled.kept_out]
    return replace(shown, fields=fields, fates=fates)
