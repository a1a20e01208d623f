"""What families read, as people write it into the request form: optional, complained about beside its field, kept with the booking, shown once approved."""

from typing import Any

import pytest
from litestar.datastructures import MultiDict

from afterbell.bookings.listing import ListingForm, SummaryForm
from afterbell.bookings.page_form import as_body, complaints, typed
from afterbell.policy.verdict import Message
from afterbell.web.words import say_message
from tests.bookings.test_page_form import FULL
from tests.conftest import District
from tests.ground.browser import browser
from tests.ground.processes import Server
from tests.stories.asks import caller
from tests.stories.visitors import WHAT, reference_in, ticked, visiting, wish

NEW = "/bookings/new"
WRITTEN = {
    "listing_summary_en": "Dental screening",
    "listing_summary_es": "Revisión dental",
    "listing_cost": "Free",
    "listing_ages": "0-18",
    "listing_childcare": "on",
    "listing_join": "call",
    "listing_link": "https://clinic.example/dental",
    "listing_contact": "(323) 555-0170",
    "listing_places": "full",
}


def given(*spoken: str, **changes: Any) -> MultiDict[Any]:
    return MultiDict([*(FULL | changes).items(), *(("listing_languages", code) for code in spoken)])


def wrong(*spoken: str, **changes: Any) -> dict[str, str]:
    found: dict[str, Message] = complaints(typed(given(*spoken, **changes)), {"vaccination"})
    return {name: say_message(message, "en") for name, message in found.items()}


def test_what_is_written_for_families_becomes_a_listing() -> None:
    filled = typed(given("en", "es", **WRITTEN))
    assert complaints(filled, {"vaccination"}) == {}
    assert as_body(filled, every=False).listing == ListingForm(
        summary=SummaryForm("Dental screening", "Revisión dental"),
        languages=["en", "es"],
        cost="Free",
        ages="0-18",
        childcare=True,
        join="call",
        link="https://clinic.example/dental",
        places="full",
        public_contact="(323) 555-0170",
    )


def test_an_empty_part_is_no_listing_and_a_check_of_dates_needs_none() -> None:
    assert as_body(typed(given(listing_join="", listing_places="open")), every=False).listing is None
    assert as_body(typed(given("en", **WRITTEN)), every=True).listing is None
    assert complaints(typed(given(listing_cost="$5"))) == {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"listing_cost": "$5"},
            {
                "listing_summary_en": "Write in one line, in English or Spanish, what families may come to; or leave this part empty."
            },
        ),
        (
            {"listing_join": "link"},
            {"listing_link": "Write the address where people sign up; it begins with https://."},
        ),
        ({"listing_join": "call"}, {"listing_contact": "Write the phone number that families call."}),
        ({"listing_link": "http://x"}, {"listing_link": "Write a whole address that begins with https://."}),
        ({"listing_link": "javascript:alert(1)"}, {"listing_link": "Write a whole address that begins with https://."}),
        ({"listing_join": "fly"}, {"listing_join": "Choose from the list."}),
        ({"listing_places": "some"}, {"listing_places": "Choose from the list."}),
        ({"listing_ages": "x" * 81}, {"listing_ages": "At most 80 characters fit here; these are 81."}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(changes: dict[str, str], said: dict[str, str]) -> None:
    summary = {} if "listing_summary_en" in said else {"listing_summary_es": "Vacunas"}
    assert wrong(**summary, **changes) == said


def test_a_language_that_is_not_offered_is_refused() -> None:
    assert wrong("en", "xx", listing_summary_en="Vaccines") == {"listing_languages": "Choose from the list."}


async def test_families_read_it_once_the_school_has_approved(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "lin") as (lin,),
        caller(server.base_url, district, "becker") as becker,
        browser(server.base_url) as family,
    ):
        form = (await lin.open(NEW, **wish(weeks="1"))).form(NEW)
        told = {**WRITTEN, **WHAT, "listing_summary_es": "", "act": "request"}
        bad = await lin.send(form, **{**told, "listing_link": "x"})
        secret = await lin.send(ticked(form, "private", "on"), **told)
        sent = await lin.send(ticked(form, "listing_languages", "es"), **told)
        reference = reference_in(sent)
        booking = (await becker.get(f"/api/v1/bookings/{reference}")).json()
        await becker.post(f"/api/v1/bookings/{reference}/approval", json={})
        page = await family.open(f"/es/events/{booking['occurrences'][0]['id']}")
    assert (bad.status, "Write a whole address that begins with https://." in bad.words) == (422, True)
    assert "<details open>" in bad.html
    assert (secret.status, "A confidential booking has no public listing." in secret.words) == (422, True)
    assert booking["listing"] == {
        "summary": {"en": "Dental screening"},
        "languages": ["es"],
        "cost": "Free",
        "ages": "0-18",
        "childcare": True,
        "join": "call",
        "link": "https://clinic.example/dental",
        "public_contact": "(323) 555-0170",
        "places": "full",
    }
    assert (page.heading, "Gratis" in page.words, "Ya no hay lugares." in page.words) == (
        "Dental screening",
        True,
        True,
    )
