"""`/rules` and `/rules/{name}` without JavaScript: read by everybody who is signed in, changed by those who may, in both languages."""

from datetime import timedelta

import pytest

from tests.cast import OWL
from tests.conftest import District
from tests.ground.processes import Server
from tests.rules.ruling import rule, sets
from tests.stories.asks import HALL, caller, today
from tests.stories.visitors import visiting

TOMORROW = (today() + timedelta(days=1)).isoformat()
NAMES = ("notice", "horizon", "lengths", "quotas", "admission", "hours", "unverified", "anyway", "delegation")


async def test_rules_are_read_by_all_who_are_signed_in_and_changed_by_form(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "whitfield", "lin") as (whitfield, lin),
        caller(server.base_url, district, "lin") as http,
    ):
        listed, theirs = await whitfield.open("/rules"), await lin.open("/rules/notice")
        pages = {name: (await whitfield.open(f"/rules/{name}")).status for name in NAMES}
        form = (await whitfield.open("/rules/notice")).form("/rules/notice")
        wrong = await whitfield.send(form, agency="many", large="61")
        past = await whitfield.send(form, agency="3", effective_from=(today() - timedelta(days=1)).isoformat())
        sent = await whitfield.send(form, agency="3")
        after = await whitfield.open(sent.goes_to)
        told = await rule(http, "notice", on=TOMORROW)
        nothing = (await lin.open("/rules/weather")).status
    assert "Business days: 15." in listed.words
    assert "For 500 people or more at least: 30." in theirs.words
    assert theirs.forms[-1].action != "/rules/notice", "Dr Lin reads, and has no form"
    assert pages == dict.fromkeys(NAMES, 200)
    assert (wrong.status, wrong.words.count("Write a whole number from 0 to 60.")) == (422, 4)
    assert (past.status, f"effective_from is a day from {today().isoformat()} to" in past.words) == (422, True)
    assert (sent.status, sent.goes_to) == (303, "/rules/notice?done=set")
    assert "Business days for public agencies with a joint-use agreement: 3." in after.words
    assert (told["source"], told["value"]["agency"], told["value"]["large"]) == ("district", 3, 30)
    assert nothing == 404


FORMS: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "lengths": ({"shortest": "30"}, {"shortest": 30, "longest": 1440}),
    "quotas": ({"dates_open": "9"}, {"hours_a_week": None, "dates_open": 9}),
    "admission": (
        {"tiers": "agency", "flag": "flag"},
        {"reserved": [{"room_kinds": [], "kinds": [], "tiers": ["agency"], "activities": [], "flag": True}]},
    ),
    "hours": (
        {"instead": "instead", "since": TOMORROW, "opens_1": "16:00", "closes_1": "20:00"},
        {
            "seasons": [
                {
                    "windows": [{"weekday": 1, "opens": "16:00", "closes": "20:00"}],
                    "instead": True,
                    "since": TOMORROW,
                    "until": None,
                }
            ]
        },
    ),
    "horizon": ({"other": "3"}, {"agency": 6, "partner": 6, "other": 3, "periods": []}),
    "unverified": ({"most_held": "4"}, {"most_held": 4}),
    "delegation": ({"names": "hours"}, {"names": ["hours"]}),
}


@pytest.mark.parametrize("name", FORMS)
async def test_each_form_sets_its_value_and_shows_it_again(district: District, name: str) -> None:
    typed, value = FORMS[name]
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "whitfield") as (whitfield,),
        caller(server.base_url, district, "whitfield") as http,
    ):
        form = (await whitfield.open(f"/rules/{name}")).form(f"/rules/{name}")
        sent = await whitfield.send(form, **typed, effective_from=today().isoformat())
        told = await rule(http, name)
        again = (await whitfield.open(f"/rules/{name}")).form(f"/rules/{name}")
        await whitfield.send(again)
        kept = await rule(http, name, on=TOMORROW)
        await whitfield.open("/language", to="es", next="/rules")
        spanish = await whitfield.open(f"/rules/{name}")
    assert (sent.status, told["value"], kept["value"]) == (303, value, value), sent.words
    assert (spanish.status, "Lo que rige hoy" in spanish.words) == (200, True)


async def test_a_form_keeps_hours_that_are_on_no_quarter_of_an_hour(district: District) -> None:
    """Sent as it is shown, it sets what stood there; what is no time at all is refused."""
    window = {"weekday": 0, "opens": "18:10", "closes": "23:59"}
    value = {"seasons": [{"windows": [window], "instead": False, "since": None, "until": None}]}
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "whitfield") as (whitfield,),
        caller(server.base_url, district, "whitfield") as http,
    ):
        await sets(http, "hours", value, effective_from=today().isoformat())
        form = (await whitfield.open("/rules/hours")).form("/rules/hours")
        sent = await whitfield.send(form, effective_from=today().isoformat())
        kept = await rule(http, "hours")
        garbage = await whitfield.send(form, opens_0="late", effective_from=today().isoformat())
    assert (sent.status, kept["value"], garbage.status) == (303, value, 422)


async def test_a_school_sets_and_takes_back_the_rule_of_its_room(district: District) -> None:
    at = f"/rules/lengths?room={HALL}"
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "becker") as (becker,),
        caller(server.base_url, district, "lin") as http,
    ):
        listed = await becker.open(f"/rules?campus={OWL}")
        sent = await becker.send((await becker.open(at)).form(at), longest="60", effective_from=today().isoformat())
        told = await rule(http, "lengths", room=HALL)
        await becker.send((await becker.open(at)).form(at), act="widen", effective_from=today().isoformat())
        back = await rule(http, "lengths", room=HALL)
        elsewhere = await becker.open(f"/rules?campus={OWL}")
        one = await becker.open(f"/rules/hours?campus={OWL}")
    assert "Campus: Night Owl High" in one.words
    assert ("Night Owl High" in listed.words, sent.goes_to) == (True, f"/rules/lengths?done=set&room={HALL}")
    assert (told["source"], told["value"]["longest"], back["source"]) == ("room", 60, "default")
    assert elsewhere.status == 200
