"""What the service logs when things go wrong in the middle of an act: that and where, and never what somebody wrote, a token or an address that is a secret."""

import json
import re
import traceback

import pytest
from sqlalchemy.exc import IntegrityError

from afterbell.logs import traced
from tests.cast import OWL
from tests.conftest import District
from tests.ground import sql
from tests.ground.browser import browser
from tests.ground.mailbox import Mailbox
from tests.ground.patience import until
from tests.ground.processes import Server, WorkerProcess
from tests.ground.tamper import refusing
from tests.stories.asks import HALL, ask, caller, card, day, token
from tests.stories.sowing import texts
from tests.stories.spotting import mark, spotted

WRITTEN = ("bookings", "remarks", "visits")
UNREADABLE = "ALTER TABLE secret_feeds RENAME COLUMN filters TO filters_behind"
WISH = ask(rooms=[HALL], **texts("standspublic"))
HELD = ask(rooms=[f"{OWL}/hall-3"], **texts("heldpublic"))
FAULTS = {
    "POST /api/v1/bookings",
    "POST /api/v1/bookings/{reference}/question",
    "POST /sign-in",
    "POST /sign-in/{token}",
}


@pytest.mark.story
async def test_a_fault_is_logged_without_a_word_of_what_was_written_or_is_secret(district: District) -> None:
    """Every road on which something is written fails at its last step, and so do the letters of the worker. Control: each fault is in the log."""
    secrets = [token(district, "lin"), token(district, "becker")]
    with Mailbox() as mailbox:
        async with (
            Server(district.url, worker=False, smtp_url=mailbox.url) as server,
            WorkerProcess(district.url, smtp_url=mailbox.url, BASE_URL=server.base_url) as worker,
            caller(server.base_url, district, "lin") as lin,
            caller(server.base_url, district, "becker") as becker,
            browser(server.base_url) as visitor,
        ):
            booked, held = [(await lin.post("/api/v1/bookings", json=each)).json() for each in (WISH, HELD)]
            feed = (await lin.post("/api/v1/feeds", json={"scope": "mine"})).json()["url"]
            page = await visitor.open("/sign-in")
            await visitor.send(page.form("/sign-in"), email=card(district, "lin")["email"])
            link, code = await link_in(mailbox)
            secrets += [feed.rpartition("/")[2].removesuffix(".ics"), link.rpartition("/")[2], code]
            secrets += [value for form in page.forms for name, value in form.fields if name == "_csrf"]
            there, waits = (f"/api/v1/bookings/{each['reference']}" for each in (booked, held))
            await sql.tell(district.url, *refusing(district.engine, "deliveries"))
            await becker.post(f"{there}/decline", json={"reason": mark("standspublic", "declined")})
            assert await until(lambda: said(worker, "listener failed")), worker.log_text()
            await break_the_rest(district)
            answers = [
                await lin.post("/api/v1/bookings", json=WISH | {"rooms": [f"{OWL}/hall-4"]}),
                await becker.post(f"{waits}/question", json={"message": mark("heldpublic", "asked")}),
                await becker.post(f"{there}/approval", json={"message": [mark("standspublic", "approved")]}),
                await lin.get(f"/api/v1/bookings?organization={mark('main', 'group')}"),
                (await visitor.send(page.form("/sign-in"), email=card(district, "lin")["email"])).answer,
                (await visitor.sign_in(link)).answer,
                await visitor.http.get(feed),
                await visitor.http.get("/find", params={"date": f"{day()}", "school": mark("main", "group")}),
            ]
    assert [answer.status_code for answer in answers] == [500, 500, 422, 200, 500, 500, 503, 422]
    assert faults(server) == (FAULTS, 1)
    logs = f"{server.log_text()}\n{worker.log_text()}"
    assert (spotted(logs), [secret for secret in secrets if secret in logs]) == (set(), [])


async def break_the_rest(district: District) -> None:
    """What the acts write, and what a secret calendar reads."""
    for table in WRITTEN:
        await sql.tell(district.url, *refusing(district.engine, table))
    await sql.tell(district.url, UNREADABLE)


def faults(server: Server) -> tuple[set[str], int]:
    """The routes at which the log tells of faults, and how many it tells of in secret calendars."""
    lines = [json.loads(line) for line in server.log_text().splitlines() if line.startswith("{")]
    told = [line["event"] for line in lines]
    return {line["route"] for line in lines if line["event"] == "fault"}, told.count("fault in a secret calendar")


async def said(worker: WorkerProcess, words: str) -> bool:
    """Whether it stands in the log by now."""
    return words in worker.log_text()


async def link_in(mailbox: Mailbox) -> tuple[str, str]:
    """The address of the newest sign-in link, and the code beside it."""
    (letter,) = await mailbox.wait_for(1, about="/sign-in/")
    address, code = re.search(r"https?://\S+/sign-in/[\w-]+", letter.text), re.search(r"\b\d{6}\b", letter.text)
    assert address, letter.text
    assert code, letter.text
    return address[0], code[0]


def test_control_what_an_error_says_would_be_noticed() -> None:
    """As Python and SQLAlchemy tell it by themselves; logs.traced tells where it was and which statement, and follows causes and groups."""
    word = mark("standspublic", "title")
    with pytest.raises(IntegrityError) as caught:
        refuse(word)
    found = (caught.type, caught.value, caught.tb)
    assert spotted("".join(traceback.format_exception(*found))) == {("standspublic", "title")}
    told = traced(found)
    assert (spotted(told), "INSERT INTO bookings (title)" in told, "builtins.ValueError" in told) == (set(), True, True)


def refuse(word: str) -> None:
    """As a database and its driver do: both quote what was to be written."""
    try:
        raise ValueError(f"Failing row contains ({word}).")
    except ValueError as cause:
        raise IntegrityError("INSERT INTO bookings (title) VALUES (?)", {"title": word}, cause) from cause
