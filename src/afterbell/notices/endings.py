"""The words of letters about dates that are over before they began: withdrawn, cancelled, lapsed."""

from afterbell.notices.occasion import Occasion, with_reasons
from afterbell.notices.paper import Draft
from afterbell.web.words import say, say_many


def withdrawal(about: Occasion) -> Draft:
    """A confirmation for the person who withdrew, or whose colleague did."""
    language = about.language
    draft = about.draft(
        say("Withdrawn: {title} ({reference})", language, title=about.title, reference=about.booking.reference)
    )
    left = len(about.left)
    draft.say(
        say("Dates at {place} were withdrawn and are free again.", language, place=about.place())
        if left
        else say("The request for {place} was withdrawn. These dates are free again.", language, place=about.place())
    )
    draft.items(say("Withdrawn dates", language), about.lines())
    _say_left(draft, left, language)
    about.door(draft, say("See the request", language))
    return draft


def cancellation(about: Occasion) -> Draft:
    """The dates that were cancelled, why, and what remains."""
    language = about.language
    draft = about.draft(
        say("Cancelled: {title} ({reference})", language, title=about.title, reference=about.booking.reference)
    )
    draft.say(
        say("You or a colleague cancelled dates at {place}.", language, place=about.place())
        if about.by_requester
        else say("Dates at {place} were cancelled.", language, place=about.place())
    )
    with_reasons(draft, about, (say("Cancelled dates", language), about.dates))
    _say_left(draft, sum(date.state == "approved" for date in about.left), language)
    about.door(draft, say("See the booking", language))
    return draft


def lapse(about: Occasion) -> Draft:
    """Nobody answered the school, so that the dates are free for others."""
    language = about.language
    draft = about.draft(
        say("Lapsed: {title} ({reference})", language, title=about.title, reference=about.booking.reference)
    )
    draft.say(say("Your request for {place} has lapsed. These dates are free again.", language, place=about.place()))
    with_reasons(draft, about, (say("Lapsed dates", language), about.dates))
    draft.say(say("If you still need them, ask again.", language))
    _say_left(draft, len(about.left), language)
    about.door(draft, say("See the request", language))
    return draft


def _say_left(draft: Draft, left: int, language: str) -> None:
    """Nothing where nothing is left."""
    if left:
        draft.say(say_many("{count} date remains as it was.", "{count} dates remain as they were.", left, language))
