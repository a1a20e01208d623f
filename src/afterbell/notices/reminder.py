"""The words of the reminder on the day before."""

from afterbell.notices.occasion import Occasion, directions
from afterbell.notices.paper import Draft
from afterbell.web.words import say


def reminder(about: Occasion) -> Draft:
    """The day before: when, where, how to get in, whom to call."""
    language = about.language
    draft = about.draft(say("Reminder: {title}, {when}", language, title=about.title, when=about.lines()[0]))
    draft.items(about.place(), about.lines())
    directions(draft, about)
    about.door(draft, say("See the booking or cancel this date", language))
    return draft
