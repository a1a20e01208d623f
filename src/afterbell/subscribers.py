"""THE TABLE: event -> who listens. Read it first. A new consequence is one more line here, never a call inside an act."""

from datetime import timedelta

from afterbell.bookings import events
from afterbell.feeds.touch import touch_feeds
from afterbell.notices.changed import ChangeNotices
from afterbell.notices.compose import DECISION_DUE, Notices
from afterbell.notices.program import ProgramNotices
from afterbell.outbox.relay import Listeners
from afterbell.partners.events import ASKED
from afterbell.partners.letter import MembershipNotices
from afterbell.places.calendars import CLOSED
from afterbell.reminders.fall_due import DUE
from afterbell.reminders.plan import plan_reminders


def subscribers(base_url: str, wait: timedelta = timedelta(seconds=60)) -> Listeners:
    """Names are kept in receipts: renaming one makes it listen again to what is not handled yet. `wait` is how long a decision stands before it is told."""
    notices, changes = Notices(base_url, wait), ChangeNotices(base_url)
    follow = (("feeds.touch", touch_feeds), ("reminders.plan", plan_reminders))
    return {
        events.REQUESTED: (*follow, ("notices.tell_requester", notices.acknowledge)),
        events.APPROVED: (*follow, ("notices.tell_requester", notices.tell_later)),
        events.DECLINED: (*follow, ("notices.tell_requester", notices.tell_later)),
        events.WITHDRAWN: (*follow, ("notices.tell_requester", notices.tell_ending)),
        events.CANCELLED: (*follow, ("notices.tell_requester", notices.tell_ending)),
        events.CHANGED: (*follow, ("notices.tell_requester", changes.tell_change)),
        events.CHANGE_WITHDRAWN: (*follow, ("notices.tell_requester", changes.tell_taken_back)),
        events.CHANGE_LAPSED: (*follow, ("notices.tell_requester", changes.tell_too_late)),
        events.LAPSED: (*follow, ("notices.tell_requester", notices.tell_ending)),
        events.QUESTIONED: (("notices.tell_requester", notices.tell_question),),
        events.HOLD_WARNED: (("notices.tell_requester", notices.tell_question),),
        events.ANSWERED: (("notices.tell_asker", notices.tell_asker),),
        events.SUBMITTED: (("notices.tell_submission", ProgramNotices(base_url).tell_submission),),
        DECISION_DUE: (("notices.tell_decision", notices.tell_decision),),
        ASKED: (("partners.tell_managers", MembershipNotices(base_url).tell_managers),),
        CLOSED: (("feeds.touch", touch_feeds),),
        DUE: (("notices.remind", notices.remind),),
    }
