"""The words of letters about a question of the school: the question, the two warnings while it is not answered, and the answer for whoever asked."""

from datetime import datetime

from afterbell.notices.occasion import Occasion
from afterbell.notices.paper import Draft
from afterbell.web.words import say


def question(about: Occasion, due: datetime) -> Draft:
    """At once, in the words of whoever asked, with the day by which to answer."""
    language, booking = about.language, about.booking
    draft = about.draft(
        say("A question about {title} ({reference})", language, title=about.title, reference=booking.reference)
    )
    draft.say(say("The school asks about your request for {place}:", language, place=about.place()))
    draft.say(about.remark)
    draft.say(say("Please answer by {due}. Without an answer the request lapses.", language, due=about.on(due)))
    _way_to_answer(draft, about)
    return draft


def warning(about: Occasion, due: datetime, number: int) -> Draft:
    """The first or the last one: the question once more, and the dates that are at stake."""
    language, booking = about.language, about.booking
    draft = about.draft(
        say(
            "Your answer is still needed: {title} ({reference})",
            language,
            title=about.title,
            reference=booking.reference,
        )
    )
    draft.say(say("The school has no answer yet about your request for {place}:", language, place=about.place()))
    draft.say(about.remark)
    draft.say(
        say("Please answer by {due}. One business day later these dates lapse.", language, due=about.on(due))
        if number < 2
        else say(
            "This is the last reminder: please answer by {due}. One business day later these dates lapse.",
            language,
            due=about.on(due),
        )
    )
    draft.items(say("Dates that would lapse", language), about.lines())
    _way_to_answer(draft, about)
    return draft


def _way_to_answer(draft: Draft, about: Occasion) -> None:
    """The link; whoever was only entered by staff and cannot sign in is told whom to call."""
    language, phone = about.language, about.booking.dates[0].rooms[0].on_site_phone
    if about.signs_in:
        about.door(draft, say("Answer the question", language), "/answer")
    elif phone:
        draft.say(
            say("To answer, call the school at {phone}. Its staff write your answer down.", language, phone=phone)
        )
    else:
        draft.say(say("To answer, call or visit the school. Its staff write your answer down.", language))


def answered(about: Occasion, organization: str) -> Draft:
    """For the person of the staff who asked: the partner's words, and by when to decide now."""
    language, booking = about.language, about.booking
    draft = about.draft(
        say("Answered: {title} ({reference})", language, title=about.title, reference=booking.reference)
    )
    draft.say(
        say(
            "{organization} has answered your question about {place}:",
            language,
            organization=organization,
            place=about.place(),
        )
    )
    draft.say(about.remark)
    draft.say(say("The request waits for a decision until {due}.", language, due=about.on(booking.decide_by)))
    about.door(draft, say("Decide the request", language), "/approval")
    return draft
