"""The pages of organizations over TCP: three ways in, what is typed wrong, who sees what; and what staff enter on the request page."""

from tests.conftest import District
from tests.ground.browser import Form, Page
from tests.ground.processes import Server
from tests.ground.sql import rows
from tests.stories.asks import CLINIC, day
from tests.stories.visitors import asked, lines, visiting, wish

NEW, JOIN = "/organizations/new", "/organizations/join"
PATH, NIGHT = f"/organizations/{CLINIC}", "/organizations/night-school"
BODIES = "SELECT name, kind FROM organizations WHERE founded_at IS NOT NULL ORDER BY id"
WAYS = "Found one, join one, or book for yourself"


async def test_somebody_without_an_organization_is_led_to_the_three_ways_and_books_for_themselves(
    district: District,
) -> None:
    async with Server(district.url, worker=False) as server, visiting(server, district, "adler", "sam") as (adler, sam):
        looking = await adler.open("/bookings/new", **wish())
        begun = await adler.open(NEW)
        alone = await adler.send(begun.forms[3])
        again = await adler.send(begun.forms[3])
        hers = await adler.open(alone.goes_to)
        sent = await asked(adler, wish(weeks="1"))
        mine = await sam.open("/bookings")
    assert (WAYS in looking.words, f'href="{NEW}"' in looking.html) == (True, True)
    assert [form.action for form in begun.forms] == ["/sign-out", NEW, JOIN, NEW]
    assert (alone.goes_to, hers.heading) == ("/organizations/ben-adler?done=founded", "Ben Adler")
    assert (again.status, "You have founded Ben Adler already" in again.words) == (409, True)
    assert [form.action for form in hers.forms] == ["/sign-out"]
    assert (sent.status, "?done=requested" in sent.goes_to) == (303, True)
    assert ("Figueroa Youth Theatre" in mine.words, "Found or join another" in mine.words) == (True, True)
    assert await rows(district.url, BODIES) == [("Ben Adler", "individual")]


async def test_whatever_is_wrong_the_page_comes_back_with_it(district: District) -> None:
    async with Server(district.url, worker=False) as server, visiting(server, district, "sam", "lin") as (sam, lin):
        found, join = (await sam.open(NEW)).forms[1:3]
        invite = (await lin.open(PATH)).form(f"{PATH}/members")
        pages = [
            await sam.send(found, name="", kind="clinic"),
            await sam.send(found, name="Night School", kind=""),
            await sam.send(found, name="é" * 121, kind="clinic"),
            await sam.send(join, organization="Nobody's"),
            await sam.send(join, organization="Ben Adler"),
            await lin.send(invite, email="rosa at clinic"),
            await lin.send(invite, email="lin@clinic.example", role="partner"),
        ]
    assert [(page.status, [line for line in lines(page, "a") if line.endswith(".")]) for page in pages] == [
        (422, ["Write the organization's name."]),
        (422, ["Choose what it is."]),
        (422, ["At most 120 characters fit here."]),
        (422, ["There is no organization of that name. Write it just as its manager does, or found it."]),
        (422, ["There is no organization of that name. Write it just as its manager does, or found it."]),
        (422, ["Write an e-mail address, such as ana@clinic.example."]),
        (409, ["Its only manager must stay one. Make somebody else one first."]),
    ]
    assert ("name", "Night School") in pages[1].forms[1].fields
    assert ("email", "rosa at clinic") in pages[5].form(f"{PATH}/members").fields
    assert await rows(district.url, BODIES) == []


async def test_who_sees_an_organization_and_which_forms(district: District) -> None:
    """Rosa sees who belongs, and no form; Sam nothing; the staff who may verify get their button for what is not verified."""
    names = ("lin", "rosa", "sam", "castillo", "becker")
    async with Server(district.url, worker=False) as server, visiting(server, district, *names) as people:
        await people[2].send((await people[2].open(NEW)).forms[1], name="Night School", kind="youth")
        shown = [await each.open(PATH) for each in people]
        night = [await each.open(NIGHT) for each in people]
        switched = await people[0].open(f"{PATH}/members")
    assert [page.status for page in shown] == [200, 200, 404, 200, 200]
    assert [actions(page) for page in shown] == [[f"{PATH}/members"], [], [], [], []]
    assert [page.status for page in night] == [404, 404, 200, 200, 200]
    assert [actions(page) for page in night] == [[], [], [f"{NIGHT}/members"], [], [f"{NIGHT}/verification"]]
    assert switched.goes_to == PATH


def actions(page: Page) -> list[str]:
    """Where its forms go, but for signing out."""
    return [form.action.partition("#")[0] for form in page.forms if form.action != "/sign-out"]


async def test_whose_forms_are_taken(district: District) -> None:
    """Every form is sent with the secret of the sender's own browser, but for the first, which has none."""
    names = ("lin", "rosa", "sam", "castillo", "becker")
    invite, vouch = Form(f"{PATH}/members", "post", []), Form(f"{NIGHT}/verification", "post", [])
    async with Server(district.url, worker=False) as server, visiting(server, district, *names) as people:
        await people[2].send((await people[2].open(NEW)).forms[1], name="Night School", kind="youth")
        pages = [await each.open(NEW) for each in people]
        bare = await people[0].send(invite, email="x@y.example")
        invited = [
            await person.send(own(invite, page), email="x@y.example")
            for person, page in zip(people[1:], pages[1:], strict=True)
        ]
        vouched = [await person.send(own(vouch, page)) for person, page in zip(people, pages, strict=True)]
    assert (bare.status, [page.status for page in invited]) == (403, [403, 404, 403, 403])
    assert [page.status for page in vouched] == [404, 404, 403, 403, 303]
    assert await rows(district.url, "SELECT count(*) FROM people WHERE email = 'x@y.example'") == [(0,)]


def own(form: Form, page: Page) -> Form:
    """Somebody else's form with the secret of this page."""
    secret = next((field for field in page.forms[0].fields if field[0] == "_csrf"), ("_csrf", ""))
    return Form(form.action, "post", [secret])


async def test_staff_enter_for_the_school_and_for_somebody_who_called(district: District) -> None:
    async with (
        Server(district.url, worker=False) as server,
        visiting(server, district, "castillo", "lin") as (castillo, lin),
    ):
        page = await castillo.open("/bookings/new", **wish(weeks="1"))
        theirs = await lin.open("/bookings/new", **wish(weeks="1"))
        entered = await asked(castillo, wish(weeks="1"), title="Family night", activity="school-event")
        done = await castillo.open(entered.goes_to)
        later = wish(day(ahead=40), weeks="1")
        nameless = await asked(castillo, later, caller_phone="(213) 555-0111")
        called = await castillo.send(
            nameless.form("/bookings/new"), act="request", caller="Ana Ruiz", caller_email="ana@example.org"
        )
        shown = await castillo.open(called.goes_to)
    assert "Twenty-Fourth Street Elementary, for the school itself" in page.words
    assert ("For somebody who called" in page.words, "For somebody who called" in theirs.words) == (True, False)
    assert ("?done=entered" in entered.goes_to, "It is entered and approved" in done.words) == (True, True)
    assert (nameless.status, "Write the name of whoever asked." in nameless.words) == (422, True)
    assert "Entered for" in lines(shown, "dt")
    assert "Ana Ruiz, ana@example.org, (213) 555-0111" in lines(shown, "dd")
    assert await rows(district.url, "SELECT entered_as, state FROM bookings WHERE id > 2 ORDER BY id") == [
        ("school", "approved"),
        ("on_behalf", "approved"),
    ]
