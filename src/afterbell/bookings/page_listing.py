"""The part of the request form that families read: its fields, what is wrong with them, and the listing that they make. All of it may stay empty."""

from collections.abc import Iterator, Mapping
from typing import Literal

from afterbell.bookings.listing import LINK, ListingForm, SummaryForm
from afterbell.policy.verdict import N_, Message

SPOKEN = ("en", "es", "ko", "hy", "fil", "zh", "vi", "ar", "fa", "ru")
LINES = {
    "listing_summary_en": 200,
    "listing_summary_es": 200,
    "listing_cost": 80,
    "listing_ages": 80,
    "listing_link": 500,
    "listing_contact": 200,
}
LISTING = {  # in the order of the page; languages are codes with blanks between them
    "listing_summary_en": "",
    "listing_summary_es": "",
    "listing_languages": "",
    "listing_cost": "",
    "listing_ages": "",
    "listing_childcare": "",
    "listing_join": "",
    "listing_link": "",
    "listing_contact": "",
    "listing_places": "open",
}
WAYS: Mapping[str, Literal["walk_in", "call", "link"]] = {"walk_in": "walk_in", "call": "call", "link": "link"}
PLACES = ("open", "full")


def listed(fields: Mapping[str, str]) -> bool:
    """Whether anything was written for families."""
    return any(fields[name] != usual for name, usual in LISTING.items())


def about_listing(fields: Mapping[str, str]) -> Iterator[tuple[str, Message]]:
    """What is wrong with it; nothing when it is empty."""
    if not listed(fields):
        return
    if not fields["listing_summary_en"] and not fields["listing_summary_es"]:
        yield (
            "listing_summary_en",
            Message(
                N_("Write in one line, in English or Spanish, what families may come to; or leave this part empty.")
            ),
        )
    yield from _about_joining(fields)
    for name, most in LINES.items():
        if len(fields[name]) > most:
            message = N_("At most {most} characters fit here; these are {count}.")
            yield name, Message(message, {"most": most, "count": len(fields[name])})


def _about_joining(fields: Mapping[str, str]) -> Iterator[tuple[str, Message]]:
    unknown = set(fields["listing_languages"].split()) - set(SPOKEN)
    for name, wrong in (
        ("listing_languages", unknown),
        ("listing_join", fields["listing_join"] not in ("", *WAYS)),
        ("listing_places", fields["listing_places"] not in PLACES),
    ):
        if wrong:
            yield name, Message(N_("Choose from the list."))
    link = fields["listing_link"]
    if link and not LINK.fullmatch(link):
        yield "listing_link", Message(N_("Write a whole address that begins with https://."))
    elif fields["listing_join"] == "link" and not link:
        yield "listing_link", Message(N_("Write the address where people sign up; it begins with https://."))
    if fields["listing_join"] == "call" and not fields["listing_contact"]:
        yield "listing_contact", Message(N_("Write the phone number that families call."))


def listing_of(fields: Mapping[str, str]) -> ListingForm | None:
    """What it makes, None when nothing was written; for fields without complaints."""
    if not listed(fields):
        return None
    return ListingForm(
        summary=SummaryForm(fields["listing_summary_en"], fields["listing_summary_es"]),
        languages=fields["listing_languages"].split(),
        cost=fields["listing_cost"],
        ages=fields["listing_ages"],
        childcare=True if fields["listing_childcare"] else None,
        join=WAYS.get(fields["listing_join"]),
        link=fields["listing_link"],
        places="full" if fields["listing_places"] == "full" else "open",
        public_contact=fields["listing_contact"],
    )
