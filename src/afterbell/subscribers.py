"""THE TABLE: event -> who listens. Read it first. A new consequence is one more line here, never a call inside an act."""

from afterbell.bookings import events
from afterbell.feeds.touch import touch_feeds
from afterbell.notices.compose import Notices
from afterbell.outbox.relay import Listeners
from afterbell.reminders.fall_due import DUE
from afterbell.reminders.plan import plan_reminders


def subscribers(base_url: str) -> Listeners:
    """Names are kept in receipts: renaming one makes it listen again to what is not handled yet."""
    notices = Notices(base_url)
    everything_about_a_booking = (
        ("feeds.touch", touch_feeds),
        ("reminders.plan", plan_reminders),
        ("notices.tell_requester", notices.tell_requester),
    )
    return {
        events.REQUESTED: everything_about_a_booking,
        events.APPROVED: everything_about_a_booking,
        events.DECLINED: everything_about_a_booking,
        events.WITHDRAWN: everything_about_a_booking,
        events.CANCELLED: everything_about_a_booking,
        DUE: (("notices.remind", notices.remind),),
    }
