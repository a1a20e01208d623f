"""What a booking tells families in the programme, as outsiders send it: every field limited, each limit told in its complaint."""

import re
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed
from afterbell.web.body import one_line

LINK = re.compile(r"https://[!-~]{3,}")
Line = Annotated[str, Meta(max_length=200)]
Word = Annotated[str, Meta(max_length=80)]
Tongue = Annotated[str, Meta(pattern="^[a-z]{2,3}$")]


class SummaryForm(Struct, forbid_unknown_fields=True):
    """What it is, in one line; one language is enough, both are better."""

    en: Line = ""
    es: Line = ""


class ListingForm(Struct, forbid_unknown_fields=True):
    """The `listing` of a booking. `languages` are codes such as "es"; `link` is needed where people join by it, and welcome elsewhere."""

    summary: SummaryForm
    languages: Annotated[list[Tongue], Meta(max_length=10)] = []
    cost: Word = ""
    ages: Word = ""
    childcare: bool | None = None
    join: Literal["walk_in", "call", "link"] | None = None
    link: Annotated[str, Meta(max_length=500)] = ""
    places: Literal["open", "full"] = "open"
    public_contact: Line = ""


def as_listing(form: ListingForm) -> dict[str, Any]:
    """As it is kept, in single lines, without what was not said; 422 when nobody could read it or come by its link."""
    said = {"en": one_line(form.summary.en), "es": one_line(form.summary.es)}
    summary = {language: text for language, text in said.items() if text}
    if not summary:
        raise malformed(Message(N_("listing.summary needs a line in en or es, better in both.")))
    link = one_line(form.link)
    if (link and not LINK.fullmatch(link)) or (form.join == "link" and not link):
        raise malformed(Message(N_("listing.link must be an address that begins with https://.")))
    given = {
        "languages": list(dict.fromkeys(form.languages)),
        "cost": one_line(form.cost),
        "ages": one_line(form.ages),
        "childcare": form.childcare,
        "join": form.join,
        "link": link,
        "public_contact": one_line(form.public_contact),
    }
    told = {name: value for name, value in given.items() if value not in (None, "", [])}
    return {"summary": summary, **told, "places": form.places}
