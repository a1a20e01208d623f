"""The words of the digest: how much waits, how much of it is late, and the soonest with their links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from afterbell.bookings.present import due_at, seen
from afterbell.bookings.queries import BookingRow
from afterbell.notices.paper import Draft
from afterbell.policy.projection import Viewer
from afterbell.web.dates import day
from afterbell.web.words import say, say_many


@dataclass(frozen=True)
class Waiting:
    """What waits for one reader: `soonest` of `count` requests and changes, those due first, and how many are late."""

    reader: Viewer
    soonest: Sequence[BookingRow]
    count: int
    late: int
    base_url: str
    now: datetime


def waiting(found: Waiting) -> Draft:
    """One link a request, at most ten, then the whole list."""
    language, more = found.reader.language, found.count - len(found.soonest)
    draft = Draft(
        say_many(
            "{count} request waits for your decision", "{count} requests wait for your decision", found.count, language
        ),
        language,
    )
    draft.say(
        say_many("{count} of them is late.", "{count} of them are late.", found.late, language)
        if found.late
        else say("None of them is late.", language)
    )
    for row in found.soonest:
        draft.link(_line(row, found), f"{found.base_url}/bookings/{row.reference}/approval")
    if more:
        draft.say(say_many("{count} more waits.", "{count} more wait.", more, language))
    draft.link(say("Open your approvals", language), f"{found.base_url}/approvals")
    return draft


def _line(row: BookingRow, found: Waiting) -> str:
    language, shown = found.reader.language, seen(row, found.reader)
    due, changes = due_at(row), row.state != "requested"
    words = {
        "title": shown.title,
        "organization": shown.details.organization_name if shown.details else "",
        "due": day(due.astimezone(ZoneInfo(row.zone)), language),
    }
    if changes and due < found.now:
        return say("{title}, {organization}: a change, late, was to be decided by {due}", language, **words)
    if changes:
        return say("{title}, {organization}: a change, decide by {due}", language, **words)
    if due < found.now:
        return say("{title}, {organization}: late, was to be decided by {due}", language, **words)
    return say("{title}, {organization}: decide by {due}", language, **words)
