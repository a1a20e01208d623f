"""If-Match on every act: only the version that was seen is acted upon. What it may hold, and what is answered when it holds something else."""

from typing import Any

import httpx2

from tests.api.problems import Told, codes, told
from tests.cast import OWL
from tests.conftest import District
from tests.stories.asks import HALL, weekly
from tests.stories.deciding import Caller, people

BAD = (400, 'If-Match holds the ETag of an answer, quotes included, such as "3".')
SINCE = "Meanwhile dates of this booking were {}. Look at it as it is now, then decide again."
AGAIN = "This booking is at version {} now. Read it again, then send that version's ETag as If-Match."
# What is sent for a booking at version 1, and whether it is acted upon.
TAGS: dict[str, str] = {
    "the version": '"1"',
    "one of several": '"7", "1"',
    "a list with gaps": ', "1",, "7",',
    "any": "*",
    "another": '"2"',
    "several others": '"2","3"',
    "a weak one, which is never the same": 'W/"1"',
    "the number in another spelling": '"01"',
    "a foreign one": '"a,b"',
    "a number beyond all versions": f'"{"9" * 200}"',
    "an empty list": "",
    "without quotes": "1",
    "half a quote": '"1',
    "any, and more": '*, "1"',
    "words": "version one",
    "a small w": 'w/"1"',
}
PASS = {"the version", "one of several", "a list with gaps", "any"}
MALFORMED = {"without quotes", "half a quote", "any, and more", "words", "a small w"}


def with_tag(tag: str) -> dict[str, str]:
    """The header."""
    return {"If-Match": tag}


async def test_every_spelling_of_if_match_is_understood_and_only_the_present_version_acted_upon(
    district: District,
) -> None:
    async with people(district, "lin") as (_, lin):
        found: dict[str, Told] = {}
        for number, (name, tag) in enumerate(TAGS.items()):
            made = await lin.asks(rooms=[f"{OWL}/hall-{number + 2}"])
            answer = await lin.http.post(act(made, "withdrawal"), json={}, headers=with_tag(tag))
            found[name] = told(answer) if answer.status_code == 400 else codes(answer)[:2]
    expected = {name: (200,) if name in PASS else BAD if name in MALFORMED else (412, "stale_version") for name in TAGS}
    assert found == expected


def act(booking: dict[str, Any], name: str) -> str:
    """The address of an act."""
    return f"/api/v1/bookings/{booking['reference']}/{name}"


async def test_every_act_refuses_a_stale_version_and_moves_nothing(district: District) -> None:
    async with people(district, "lin", "becker") as (_, lin, becker):
        made = await lin.asks(rooms=[HALL], repeat=weekly(3))
        dates = [date["id"] for date in made["occurrences"]]
        first = {"occurrences": dates[:1], "reason": "Full"}
        await post(becker, made, "decline", first, '"1"')
        acts: list[tuple[Caller, str, dict[str, Any]]] = [
            (becker, "approval", {}),
            (becker, "decline", {"reason": "Full"}),
            (becker, "question", {"message": "Chairs?"}),
            (lin, "answer", {"message": "Ten"}),
            (lin, "withdrawal", {}),
            (lin, "cancellation", {"reason": "Ill"}),
        ]
        stale = [await post(who, made, name, body, '"1"') for who, name, body in acts]
        seen = await lin.sees(made["reference"])
        following = [acts[number] for number in (2, 3, 0, 5)]  # question, answer, approval, cancellation
        fresh = [await post(who, made, name, body, f'"{n + 2}"') for n, (who, name, body) in enumerate(following)]
    reason = ("stale_version", AGAIN.format(2))
    assert [(told(answer), answer.headers["ETag"]) for answer in stale] == [((412, reason), '"2"')] * 6
    assert {answer.json()["detail"] for answer in stale} == {SINCE.format("declined")}
    assert {answer.json()["reasons"][0]["would_pass"] for answer in stale} == {'"2"'}
    assert (seen["version"], [date["state"] for date in seen["occurrences"]]) == (2, ["declined", "held", "held"])
    assert [(answer.status_code, answer.headers["ETag"]) for answer in fresh] == [
        (200, f'"{version}"') for version in (3, 4, 5, 6)
    ]


async def post(who: Caller, booking: dict[str, Any], name: str, body: dict[str, Any], tag: str) -> httpx2.Response:
    """One act on the version of that tag."""
    return await who.http.post(act(booking, name), json=body, headers=with_tag(tag))


async def test_what_may_not_be_seen_is_404_whatever_the_version_and_spanish_is_told_in_spanish(
    district: District,
) -> None:
    async with people(district, "lin", "sam", "rosa", "becker") as (_, lin, sam, rosa, becker):
        made = await lin.asks()
        await post(becker, made, "approval", {}, "*")
        others = await post(sam, made, "withdrawal", {}, '"1"')
        spanish = await post(rosa, made, "cancellation", {"reason": "x"}, '"1"')
        bad = await post(rosa, made, "cancellation", {"reason": "x"}, "3")
    assert others.status_code == 404
    assert spanish.json() == {
        "type": "about:blank",
        "title": "Ha cambiado desde que lo vio",
        "status": 412,
        "detail": "Entretanto se aprobaron fechas de esta reservación. Vea cómo está ahora y decida de nuevo.",
        "reasons": [
            {
                "code": "stale_version",
                "severity": "refuse",
                "message": "Esta reservación está ahora en la versión 2. Léala de nuevo y envíe el ETag de esa versión como If-Match.",
                "would_pass": '"2"',
            }
        ],
    }
    assert told(bad) == (400, 'If-Match lleva el ETag de una respuesta, con sus comillas, como "3".')


# Each row has all four faults, then one fewer: the first of them is told.
ORDER = {
    "approval": ("sam", "castillo", "becker", "becker"),
    "decline": ("sam", "castillo", "becker", "becker"),
    "question": ("sam", "castillo", "becker", "becker"),
    "answer": ("sam", "castillo", "lin", "lin"),
    "withdrawal": ("sam", "castillo", "lin", "lin"),
    "cancellation": ("sam", "castillo", "lin", "lin"),
}
WORDS = {"question": {"message": "x"}, "answer": {"message": "x"}, "approval": {}, "withdrawal": {}}


async def test_what_is_invisible_is_told_before_what_is_forbidden_stale_or_settled(district: District) -> None:
    """A version says that the booking is there and moved on, so only those who may act hear of it; the state is told to those who know the version."""
    names = ("sam", "castillo", "becker", "lin")
    async with people(district, *names) as (_, *callers):
        who = dict(zip(names, callers, strict=True))
        made = await who["lin"].asks()
        await post(who["lin"], made, "withdrawal", {}, "*")
        found = {}
        for name, row in ORDER.items():
            sent = zip(row, ('"1"', '"1"', '"1"', '"2"'), strict=True)
            answers = [await post(who[each], made, name, WORDS.get(name, {"reason": "x"}), tag) for each, tag in sent]
            found[name] = [codes(answer) for answer in answers]
        seen = await who["lin"].sees(made["reference"])
    assert found == {name: [(404,), (403,), (412, "stale_version"), (409, "wrong_state")] for name in ORDER}
    assert seen["version"] == 2
