"""THE LIST: every page of the product, whom it is for, and the states in which it is looked at. test_routes.py fails when a page is missing here."""

import re
from dataclasses import dataclass

NEWCOMER = "nora"
# A field's selector and what is typed into it, or the selector of what is pressed.
Step = tuple[str, str] | str
SEND = "main form .button"
GYM = "/bookings/new?room=venice-high/gym&from=18:00&to=20:00&people=60"
CLASSROOM = "/bookings/new?room=24th-street-elementary/room-12&from=16:00&to=18:00&people=20"
ROOMS = (
    "/bookings/new?room=24th-street-elementary/any:classroom&more=24th-street-elementary/mpr&layout=banquet"
    "&from=16:00&to=18:00&people=140"
)


@dataclass(frozen=True)
class Sight:
    """One page in one state. `at` is the English address, with slots in braces that the demo fills; `then` is done there; `lands` is the address, with {}
    for any part, where that leads; `status` is what is answered last."""

    name: str
    at: str
    who: str = ""
    then: tuple[Step, ...] = ()
    lands: str = ""
    status: int = 200

    @property
    def route(self) -> str:
        """Its place among the product's addresses, with {} for whatever changes."""
        return self.lands or re.sub(r"\{[^}]*\}", "{}", self.at.partition("?")[0].partition("#")[0])

    def lies_at(self, path: str) -> bool:
        """Whether a local path is this page's, in either language."""
        plain = (path.removeprefix("/es") or "/") if path == "/es" or path.startswith("/es/") else path
        shape = re.escape(self.route).replace(r"\{\}", "[^/]+")
        return re.fullmatch(shape, plain.rstrip("/") or "/") is not None


PUBLIC = (
    Sight("home", "/"),
    Sight("programme", "/programme"),
    Sight("programme-filtered", "/programme?near=91367&within=20&kind=&language=es&show=week"),
    Sight("programme-refused", "/programme?near=somewhere&date=2020-02-31", status=422),
    Sight("programme-nothing", "/programme?date={next year}&show=day"),
    Sight("event", "/events/{next Inglés para adultos}"),
    Sight("event-without-room", "/events/{next Dental screening}"),
    Sight("event-cancelled", "/events/{off First-aid course}"),
    Sight("event-over", "/events/{past Inglés para adultos}"),
    Sight("event-unknown", "/events/0000", status=404),
    Sight("find", "/find"),
    Sight("find-answers", "/find?date={tuesday}&from=16:00&to=18:00&weeks=4&people=20"),
    Sight("find-some", "/find?date={thursday}&from=18:00&to=20:00&weeks=12&people=60&kind=gym&school=Venice"),
    Sight(
        "find-weekdays",
        "/find?date={tuesday}&from=16:00&to=18:00&weeks=6&weekdays=TU&weekdays=TH&people=20&near=91367&within=25&access=step_free&layout=theater",
    ),
    Sight("find-none", "/find?date={tuesday}&from=16:00&to=18:00&weeks=1&people=900"),
    Sight("find-refused", "/find?date={tomorrow}&from=18:00&to=17:00&weeks=0&people=many&school=zzz", status=422),
    Sight("schools", "/schools"),
    Sight("schools-none", "/schools?q=zzz"),
    Sight("school", "/schools/venice-high"),
    Sight("school-competing", "/schools/woodland-hills-academy"),
    Sight("room", "/schools/venice-high/rooms/gym"),
    Sight("room-unknown", "/schools/venice-high/rooms/cellar", status=404),
    Sight("not-found", "/nothing/here", status=404),
)
SIGN_IN = (
    Sight("sign-in", "/sign-in"),
    Sight("sign-in-refused", "/sign-in", then=(("#email", "no address"), SEND), status=422),
    Sight("code", "/sign-in", then=(("#email", "nobody@mail.example"), SEND)),
    Sight(
        "code-refused",
        "/sign-in",
        then=(("#email", "nobody@mail.example"), SEND, ("#code", "123456"), SEND),
        lands="/sign-in/code",
        status=422,
    ),
    Sight("new-here", "/sign-in/new"),
    Sight("new-here-refused", "/sign-in/new", then=(("#email", "nora"), SEND), status=422),
    Sight("link", "/sign-in/a-link-of-a-letter"),
    Sight("link-used", "/sign-in/a-link-of-a-letter", then=(SEND,), status=409),
)
REQUEST = (
    Sight("find-as-one", "/find?date={tuesday}&from=16:00&to=18:00&weeks=4&people=20", "lin"),
    Sight("request", "/bookings/new", "lin"),
    Sight("request-ready", GYM + "&date={tuesday}&weeks=1", "lin"),
    Sight("request-repeats", GYM + "&date={tuesday}&weeks=4&often=weekly&every=2&weekdays=TU&weekdays=TH", "sam"),
    Sight("request-odd-dates", GYM + "&date={thursday}&weeks=10", "sam"),
    Sight("request-refused", GYM + "&date={tuesday}&weeks=3", "lin", (".grid-form-end .button",), status=422),
    Sight(
        "request-competing",
        "/bookings/new?room=woodland-hills-academy/gym&date={tuesday}&weeks=2&from=16:00&to=18:00&people=40",
        "lin",
        ("section:has(#listing) summary",),
    ),
    Sight("request-too-soon", GYM + "&date={tomorrow}&weeks=1", "lin"),
    Sight("request-for-a-caller", GYM + "&date={tuesday}&weeks=1", "okafor"),
    Sight("request-several-rooms", ROOMS + "&date={tuesday}&weeks=2", "pilar"),
    Sight("request-way-taken", CLASSROOM + "&date={tuesday}&weeks=4", "sam", ("button.way",)),
    Sight("request-anyway", GYM + "&date={tomorrow}&weeks=1", "okafor"),
    Sight("request-without-organization", GYM + "&date={tuesday}&weeks=2", NEWCOMER),
)
BOOKINGS = (
    Sight("bookings", "/bookings", "lin"),
    Sight("bookings-many", "/bookings", "sam"),
    Sight("bookings-none", "/bookings", NEWCOMER),
    Sight("bookings-at-schools", "/bookings", "castillo"),
    Sight("booking-held", "/bookings/{Asthma clinic}?done=requested", "lin"),
    Sight("booking-competing", "/bookings/{Vaccination day}", "lin"),
    Sight("booking-asked", "/bookings/{Shadow theatre}", "sam"),
    Sight("booking-approved", "/bookings/{Vaccines, Tuesdays}", "lin"),
    Sight("booking-partly-approved", "/bookings/{Cuentos los jueves}", "pilar"),
    Sight("booking-partly-declined", "/bookings/{Posada for the block}", "vega"),
    Sight("booking-declined", "/bookings/{Swap meet}", "pilar"),
    Sight("booking-beaten", "/bookings/{Spring musical}", "sam"),
    Sight("booking-withdrawn", "/bookings/{Health fair planning}", "lin"),
    Sight("booking-cancelled", "/bookings/{First-aid course}", "lin"),
    Sight("booking-one-cancelled", "/bookings/{Script reading}", "sam"),
    Sight("booking-lapsed", "/bookings/{Three on three}", "dee"),
    Sight("booking-left-out", "/bookings/{Bilingual story time}", "vega"),
    Sight("booking-changing", "/bookings/{Prenatal classes}", "lin"),
    Sight("booking-any-room", "/bookings/{Parenting circle}", "rosa"),
    Sight("booking-for-staff", "/bookings/{Town hall on the park}", "becker"),
    Sight("booking-reserved", "/bookings/{Family counselling}", "herrera"),
    Sight("booking-unknown", "/bookings/AB-000000", "sam", status=404),
    Sight(
        "answer-refused", "/bookings/{Shadow theatre}", "sam", ("#thread .button",), "/bookings/{}/answer", status=422
    ),
    Sight("change", "/bookings/{Vaccines, Tuesdays}/change", "lin"),
    Sight("change-changing", "/bookings/{Prenatal classes}/change", "lin"),
    Sight(
        "change-open",
        "/bookings/{Asthma clinic}/change",
        "lin",
        tuple(f"details:nth-of-type({n}) summary" for n in (1, 2)),
    ),
    Sight(
        "change-preview",
        "/bookings/{Vaccines, Tuesdays}/change",
        "lin",
        (("#from", "17:00"), ("#people", "18"), ("[value=all]", ""), "#preview .button"),
    ),
    Sight(
        "change-preview-waiting",
        "/bookings/{Asthma clinic}/change",
        "lin",
        (("#from", "17:00"), ("#to", "19:00"), ("[value=following]", ""), "#preview .button"),
    ),
    Sight(
        "change-preview-refused",
        "/bookings/{Vaccines, Tuesdays}/change",
        "lin",
        (("#from", "05:00"), ("#people", "90"), "#preview .button"),
    ),
    Sight(
        "change-anyway",
        "/bookings/{Vaccines, Tuesdays}/change",
        "becker",
        (("#from", "22:00"), ("#to", "23:30"), "#preview .button"),
    ),
    Sight(
        "change-refused", "/bookings/{Asthma clinic}/change", "lin", (("#title", ""), "#preview .button"), status=422
    ),
    Sight("cancellation", "/bookings/{Asthma clinic}/cancellation?all=1", "lin"),
    Sight("cancellation-choosing", "/bookings/{Script reading}/cancellation", "sam"),
    Sight(
        "cancellation-refused",
        "/bookings/{Vaccines, Tuesdays}/cancellation?all=1",
        "lin",
        (SEND,),
        status=422,
    ),
)
RULES = (
    Sight("rules", "/rules", "whitfield"),
    Sight("rules-of-a-room", "/rules?room=venice-high/gym", "lin"),
    Sight("rule-notice", "/rules/notice", "whitfield"),
    Sight("rule-read", "/rules/hours", "lin"),
    Sight("rule-admission", "/rules/admission?room=venice-high/gym", "okafor"),
    Sight("rule-hours", "/rules/hours?campus=venice-high", "okafor"),
    Sight("rule-anyway", "/rules/anyway", "whitfield"),
    Sight("rule-delegation", "/rules/delegation", "whitfield"),
    Sight("rule-refused", "/rules/notice", "whitfield", (("#agency", "many"), SEND), status=422),
)
STAFF = (
    Sight("approvals", "/approvals", "okafor"),
    Sight("approvals-opened", "/approvals?ref={Asthma clinic}", "okafor"),
    Sight("approvals-some", "/approvals?ref={Asthma clinic}", "okafor", (".decide details summary",)),
    Sight("approvals-rivals", "/approvals?ref={Dance marathon}", "kwan"),
    Sight("approvals-asked", "/approvals?ref={Shadow theatre}", "okafor"),
    Sight("approvals-answered", "/approvals?ref={Community dinner}", "okafor"),
    Sight("approvals-change", "/approvals?ref={Prenatal classes}", "okafor"),
    Sight("approvals-change-of-one", "/approvals?ref={Family volleyball}", "okafor"),
    Sight("approvals-any-room", "/approvals?ref={Parenting circle}", "okafor"),
    Sight("approvals-partly", "/approvals?ref={Cuentos los jueves}", "becker"),
    Sight("approvals-done", "/approvals?done=approved&about={Winter showcase}", "okafor"),
    Sight("approvals-gone", "/approvals?ref={Swap meet}", "okafor"),
    Sight(
        "decline-refused",
        "/approvals?ref={Asthma clinic}",
        "okafor",
        (".decide > .cluster .button-danger",),
        "/bookings/{}/decline",
        status=422,
    ),
    Sight(
        "question-refused",
        "/approvals?ref={Asthma clinic}",
        "okafor",
        (".decide > .cluster .button-quiet",),
        "/bookings/{}/question",
        status=422,
    ),
    Sight(
        "approval-refused",
        "/approvals?ref={Asthma clinic}",
        "okafor",
        (".decide details:last-of-type summary", ".decide details:last-of-type .button"),
        "/bookings/{}/approval",
        status=422,
    ),
    Sight("approvals-forbidden", "/approvals", "sam", status=403),
    Sight("messages", "/messages", "okafor"),
    Sight("message", "/messages?id={letter}", "whitfield"),
    Sight("messages-none", "/messages?to=nobody", "okafor"),
    Sight("messages-untrusted", "/messages", "herrera"),
    Sight("messages-forbidden", "/messages", "lin", status=403),
)
OWN = (
    Sight("organization-new", "/organizations/new", NEWCOMER),
    Sight("organization-new-refused", "/organizations/new", "lin", (SEND,), status=422),
    Sight(
        "organization-join-refused",
        "/organizations/new",
        "lin",
        (("#organization", "No such club"), "form[action$=join] .button"),
        "/organizations/join",
        status=422,
    ),
    Sight("organization", "/organizations/eastside-community-clinic", "lin"),
    Sight("organization-unverified", "/organizations/sol-dance-circle", "becker"),
    Sight("organization-school", "/organizations/24th-street-elementary", "castillo"),
    Sight(
        "organization-invite-refused",
        "/organizations/eastside-community-clinic",
        "lin",
        (("#email", "nobody"), "#invite .button"),
        "/organizations/{}/members",
        status=422,
    ),
    Sight("calendars", "/calendars/mine", "okafor"),
    Sight("calendars-made", "/calendars/mine", "rosa", (SEND,)),
)
SIGHTS = PUBLIC + SIGN_IN + REQUEST + BOOKINGS + RULES + STAFF + OWN
