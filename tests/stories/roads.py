"""Every road by which something can be read: the addresses of every page, call and calendar, by the service's own table of routes, and what is sent to those
that are written to. What is sent there must be refused, so that nothing changes while everybody looks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.cast import BIRD, OWL
from tests.stories.asks import ask
from tests.stories.clearance import ELSEWHERE, LOOKERS, parts
from tests.stories.sowing import LABELS, LATER, ON, ROOMS, Sown
from tests.stories.spotting import mark

Paths = Callable[[Sown, str], Iterator[str]]
ONE_OF_A_KIND = (
    "standspublic",
    "standslisted",
    "standsbusy",
    "standshidden",
    "heldbusy",
    "competingbusy",
    "quietbusy",
    "schoolbusy",
)
SOME = ("standspublic", "heldbusy", "schoolbusy", "quietbusy")
REFUSED_ON = ("standshidden", "competingbusy")
DECIDE = ("site_approver", "facilities", "district_admin")
WORDS = {
    "approval": "message",
    "decline": "reason",
    "question": "message",
    "answer": "message",
    "withdrawal": "reason",
    "cancellation": "reason",
}
PARTS = frozenset({"/find", "/programme", "/approvals", "/bookings/new"})  # for what htmx puts into an open page
STALE = {"If-Match": '"99"'}
NARROWED = (
    f"school={OWL}",
    "near=90001",
    "kind=counselling",
    "kind=health",
    "language=es",
    f"near={mark('quietbusy', 'title')}",
)


def near(who: str) -> bool:
    """Whether somebody works at the schools of the bookings, or may know them as a member."""
    looker = LOOKERS[who]
    return bool(looker.belongs) or (bool(looker.role) and looker.campuses != ELSEWHERE)


def _at(*paths: str) -> Paths:
    return lambda sown, who: iter(paths)


def _public(*paths: str) -> Paths:
    """Pages that are the same for everybody: all of them for a visitor, one for those who are signed in."""
    return lambda sown, who: iter(paths if who == "nobody" else paths[:1])


def _of_bookings(path: str) -> Paths:
    """All of them for whoever works at the schools or belongs to the organization, else one of a kind."""
    return lambda sown, who: (
        path.format(sown.booked[label].reference) for label in (LABELS if near(who) else ONE_OF_A_KIND)
    )


def _pages_of_bookings(sown: Sown, who: str) -> Iterator[str]:
    """All of them for whoever asked for some; for others those that are confidential, since the call above reads all."""
    asked = bool(LOOKERS[who].belongs) or who == "clerk"
    confidential = [label for label in LABELS if parts(label)[1] in ("busy", "hidden")]
    labels = LABELS if asked else (*ONE_OF_A_KIND[:2], *confidential) if near(who) else ONE_OF_A_KIND
    yield from (f"/bookings/{sown.booked[label].reference}" for label in labels)


def _of_some(path: str) -> Paths:
    return lambda sown, who: (path.format(sown.booked[label].reference) for label in SOME)


def _of_dates(path: str) -> Paths:
    labels = {"nobody": LABELS}
    return lambda sown, who: (
        path.format(date)
        for label in labels.get(who, ("standspublic", "standsbusy"))
        for date in sown.booked[label].dates
    )


def _of_organizations(path: str) -> Paths:
    return lambda sown, who: (path.format(slug) for slug in sown.organizations.values())


def _programs(sown: Sown, who: str) -> Iterator[str]:
    """The program of every booking has a name of its own."""
    yield from (f"/api/v1/programs/{mark(label, 'program').lower()}" for label in LABELS)


def _programme(path: str) -> Paths:
    days = [f"{path}?date={on}&show=day" for on in (ON, LATER)]
    return _public(*days, path, *(f"{path}?date={ON}&{each}" for each in NARROWED))


def _find(path: str) -> Paths:
    when = f"{path}?date={ON}&from=16:00&to=18:00&weeks=2&people=20"
    return _public(f"{when}&school=owl", f"{when}&school=bird", path, f"{when}&school={mark('quietbusy', 'title')}")


def _lists(sown: Sown, who: str) -> Iterator[str]:
    path = "/api/v1/bookings?limit=200"
    yield from (path, f"{path}&from={ON}T00:00&to={LATER}T00:00", "/api/v1/bookings?limit=1")
    yield from (f"{path}&state={state}" for state in ("approved", "cancelled"))
    yield from (f"{path}&campus={BIRD}", *(f"{path}&organization={slug}" for slug in sown.organizations.values()))


def _letters(path: str) -> Paths:
    """Filtered by somebody to whom and by what about which there may be letters."""
    of = "sam@theatre.example"
    return lambda sown, who: iter(
        (
            f"{path}?limit=200",
            f"{path}?kind=invitation",
            f"{path}?to={of}",
            f"{path}?booking={sown.booked['standsbusy'].reference}",
        )
    )


def _approvals(sown: Sown, who: str) -> Iterator[str]:
    """For those who decide, requests of every fate; what is said after a decision, for everybody."""
    yield "/approvals"
    labels = [*ONE_OF_A_KIND, "rivalpublic", "lostpublic", "answeredhidden"] if LOOKERS[who].role in DECIDE else []
    yield from (f"/approvals?ref={sown.booked[label].reference}" for label in labels)
    yield from (f"/approvals?done=approved&about={sown.booked[label].reference}" for label in ONE_OF_A_KIND[:3:2])


# By the route's own address. A page and its Spanish twin are two; a booking's pages speak the reader's language.
READ: Mapping[str, Paths] = {
    "/": _at("/"),
    "/es": _at("/es"),
    "/programme": _programme("/programme"),
    "/es/programme": _programme("/es/programme"),
    "/events/{public_id:str}": _of_dates("/events/{}"),
    "/es/events/{public_id:str}": _of_dates("/es/events/{}"),
    "/find": _find("/find"),
    "/es/find": _find("/es/find"),
    "/schools": _public("/schools", "/schools?q=owl"),
    "/es/schools": _at("/es/schools"),
    "/schools/{slug:str}": _public(f"/schools/{OWL}", f"/schools/{BIRD}", f"/schools/{mark('quietbusy', 'title')}"),
    "/es/schools/{slug:str}": _at(f"/es/schools/{OWL}", f"/es/schools/{BIRD}"),
    "/schools/{slug:str}/rooms/{name:str}": _public(
        *(f"/schools/{room.replace('/', '/rooms/')}" for room in ROOMS.values())
    ),
    "/es/schools/{slug:str}/rooms/{name:str}": _at(f"/es/schools/{ROOMS['standsbusy'].replace('/', '/rooms/')}"),
    "/bookings": _at("/bookings", "/bookings?cursor=9999"),
    "/bookings/new": _at(
        "/bookings/new", *(f"/bookings/new?room={ROOMS[each]}&date={ON}&from=16:00&to=18:00" for each in REFUSED_ON)
    ),
    "/bookings/{reference:str}": _pages_of_bookings,
    "/bookings/{reference:str}/cancellation": _of_some("/bookings/{}/cancellation?all=1"),
    "/bookings/{reference:str}/withdrawal": _at("/bookings/AB-0000000/withdrawal"),
    "/bookings/{reference:str}/change": _of_some("/bookings/{}/change"),
    "/bookings/{reference:str}/change/withdrawal": _at("/bookings/AB-0000000/change/withdrawal"),
    "/bookings/{reference:str}/answer": _at("/bookings/AB-0000000/answer"),
    "/bookings/{reference:str}/approval": _at("/bookings/AB-0000000/approval"),
    "/bookings/{reference:str}/question": _at("/bookings/AB-0000000/question"),
    "/bookings/{reference:str}/decline": _at("/bookings/AB-0000000/decline"),
    "/approvals": _approvals,
    "/messages": _letters("/messages"),
    "/organizations/new": _at("/organizations/new?done=asked"),
    "/organizations/join": _at("/organizations/join"),
    "/organizations/{slug:str}": _of_organizations("/organizations/{}"),
    "/organizations/{slug:str}/members": lambda sown, who: iter(
        [f"/organizations/{sown.organizations['quiet']}/members"]
    ),
    "/organizations/{slug:str}/verification": lambda sown, who: iter(
        [f"/organizations/{sown.organizations['quiet']}/verification"]
    ),
    "/rules": _at("/rules", f"/rules?campus={OWL}", f"/rules?room={ROOMS['standsbusy']}"),
    "/rules/{name:str}": _at("/rules/notice", f"/rules/admission?campus={OWL}"),
    "/calendars/mine": _at("/calendars/mine"),
    "/calendars/mine/revocation": _at("/calendars/mine/revocation"),
    "/sign-in": _at("/sign-in"),
    "/es/sign-in": _at("/es/sign-in"),
    "/sign-in/new": _at("/sign-in/new"),
    "/es/sign-in/new": _at("/es/sign-in/new"),
    "/sign-in/code": _at("/sign-in/code"),
    "/es/sign-in/code": _at("/es/sign-in/code"),
    "/sign-in/{token:str}": _at("/sign-in/nothing"),
    "/es/sign-in/{token:str}": _at("/es/sign-in/nothing"),
    "/language": _at("/language?to=en&next=/bookings"),
    "/healthz": _at("/healthz"),
    "/readyz": _at("/readyz"),
    "/static/{name:str}": _at("/static/nothing"),
    "/api/openapi.json": _at("/api/openapi.json"),
    "/api/v1/activities": _at("/api/v1/activities"),
    "/api/v1/bookings": _lists,
    "/api/v1/bookings/{reference:str}": _of_bookings("/api/v1/bookings/{}"),
    "/api/v1/bookings/{reference:str}/journal": _of_some("/api/v1/bookings/{}/journal"),
    "/api/v1/programs": _at("/api/v1/programs", "/api/v1/programs?limit=1"),
    "/api/v1/programs/{slug:str}": _programs,
    "/api/v1/schools": _at("/api/v1/schools", f"/api/v1/schools?q={mark('quietbusy', 'title')}"),
    "/api/v1/schools/{slug:str}": _at(f"/api/v1/schools/{OWL}"),
    "/api/v1/schools/{slug:str}/rooms": _at(f"/api/v1/schools/{OWL}/rooms?limit=200"),
    "/api/v1/rules": _at("/api/v1/rules", f"/api/v1/rules?room={ROOMS['standsbusy']}"),
    "/api/v1/rooms/{key:str}": _at("/api/v1/rooms/0000"),
    "/api/v1/rooms/{school:str}/{slug:str}": _at(f"/api/v1/rooms/{ROOMS['standsbusy']}"),
    "/api/v1/rooms/{key:str}/free": _at("/api/v1/rooms/0000/free"),
    "/api/v1/rooms/{school:str}/{slug:str}/free": lambda sown, who: (
        f"/api/v1/rooms/{room}/free?from={ON}" for room in sorted(set(ROOMS.values()))
    ),
    "/api/v1/campuses/{slug:str}/week": lambda sown, who: (
        f"/api/v1/campuses/{campus}/week?limit=200&from={ON}" for campus in (OWL, BIRD)
    ),
    "/api/v1/messages": _letters("/api/v1/messages"),
    "/api/v1/organizations/{slug:str}": _of_organizations("/api/v1/organizations/{}"),
}
ABOUT = frozenset(route for route in READ if "/organizations/{slug:str}" in route)  # where staff read who belongs
FOR_ALL = (
    f"/calendars/schools/{OWL}.ics",
    f"/calendars/schools/{BIRD}.ics?lang=es",
    "/calendars/district.ics",
    "/calendars/closures.ics",
    "/calendars/district.ics?activity=counselling",
)


def calendars(sown: Sown) -> Iterator[str]:
    """The public ones, of which there is no table of routes: see API.md, Calendars."""
    yield from FOR_ALL
    yield from (f"/calendars/programs/{mark(label, 'program').lower()}.ics" for label in LABELS)
    yield from (f"/calendars/events/{date}.ics" for label in LABELS for date in sown.booked[label].dates)
    for room in sorted(set(ROOMS.values())):
        yield from (f"/calendars/rooms/{room}.ics", f"/calendars/rooms/{room}.ifb")


def writes(sown: Sown, organization: str) -> Iterator[tuple[str, str, Any, dict[str, str]]]:
    """(route, path, body, headers) of calls that are refused, since somebody else has the room, the version is another's or the body is wrong; what is only
    looked up is answered."""
    for label in REFUSED_ON:
        for act, word in WORDS.items():
            route = f"/api/v1/bookings/{{reference:str}}/{act}"
            yield route, f"/api/v1/bookings/{sown.booked[label].reference}/{act}", {word: "No"}, STALE
        back = f"/api/v1/bookings/{sown.booked[label].reference}/change/withdrawal"
        yield "/api/v1/bookings/{reference:str}/change/withdrawal", back, {}, STALE
        wish = ask(ON, organization=organization, rooms=[ROOMS[label]])
        yield "/api/v1/bookings/preview", "/api/v1/bookings/preview", wish, {}
        if label.startswith(("stands", "held")):
            yield "/api/v1/bookings", "/api/v1/bookings", wish, {"Idempotency-Key": "standshidden"}
            part = {name: value for name, value in wish.items() if name != "organization"}
            several = {"name": mark(label, "program"), "organization": organization, "bookings": [part]}
            yield "/api/v1/programs", "/api/v1/programs", several, {}
    need = {name: value for name, value in ask(ON).items() if name in ("starts_at", "ends_at", "headcount")}
    for school in (OWL, BIRD):
        yield "/api/v1/searches", "/api/v1/searches?limit=200", need | {"schools": [school]}, {}
    for slug in sown.organizations.values():
        yield "/api/v1/searches", "/api/v1/searches?limit=200", need | {"organization": slug}, {}
        yield (
            "/api/v1/organizations/{slug:str}/members",
            f"/api/v1/organizations/{slug}/members",
            {"email": "no address"},
            {},
        )
        yield (
            "/api/v1/organizations/{slug:str}/verification",
            f"/api/v1/organizations/{slug}/verification",
            {"no": 1},
            {},
        )
    yield "/api/v1/organizations", "/api/v1/organizations", {"kind": "clinic", "name": " "}, {}
    yield "/api/v1/feeds", "/api/v1/feeds", {"scope": "everything"}, {}


def forms(sown: Sown, who: str, organization: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The same for pages: (route, path, fields)."""
    for label in REFUSED_ON[:1]:
        booked = sown.booked[label]
        for act in WORDS:
            fields = {"version": "99", "words": "No", "reason": "No", "date": booked.dates[0]}
            yield f"/bookings/{{reference:str}}/{act}", f"/bookings/{booked.reference}/{act}", fields
        change = "/bookings/{reference:str}/change"
        for act in ("check", "change"):
            fields = {"version": "99", "act": act, "from": "19:00", "people": "30", "rooms": ROOMS["standsbusy"]}
            yield change, f"/bookings/{booked.reference}/change", fields
        yield f"{change}/withdrawal", f"/bookings/{booked.reference}/change/withdrawal", {"version": "99"}
        if label.startswith(("stands", "held")):
            when = {"room": ROOMS[label], "date": f"{ON}", "from": "16:00", "to": "18:00", "act": "request"}
            what = {"organization": organization, "title": "T", "activity": "counselling", "people": "20"}
            yield "/bookings/new", "/bookings/new", when | what
    for slug in sown.organizations.values():
        yield "/organizations/{slug:str}/members", f"/organizations/{slug}/members", {"email": "no address"}
    yield "/rules/{name:str}", "/rules/notice", {"agency": "many"}
    yield "/organizations/new", "/organizations/new", {"name": "", "kind": "clinic"}
    yield "/organizations/join", "/organizations/join", {"organization": "No such organization"}
    yield "/calendars/mine", "/calendars/mine", {"scope": "everything"}
    yield "/calendars/mine/revocation", "/calendars/mine/revocation", {"id": "nothing"}
    for tongue in ("", "/es") if who == "nobody" else ():
        yield f"{tongue}/sign-in", f"{tongue}/sign-in", {"email": "nobody"}
        yield f"{tongue}/sign-in/new", f"{tongue}/sign-in/new", {"email": "nobody", "name": "N"}
        yield f"{tongue}/sign-in/code", f"{tongue}/sign-in/code", {"email": "nobody", "code": "1"}
        yield f"{tongue}/sign-in/{{token:str}}", f"{tongue}/sign-in/nothing", {}


# Posted to nowhere here, each with the reason.
NOT_WRITTEN = {
    "/demo/sign-in": "signs in as somebody of the sample and shows nothing itself",
    "/sign-out": "ends the visit and shows nothing itself",
    "/organizations/{slug:str}/verification": "would vouch for an organization; the call of the API is refused in its place",
}
