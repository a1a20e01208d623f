"""What a signed-in browser carries and what protects its forms, each with the control that lets the same call through."""

from http.cookies import SimpleCookie

from tests.conftest import District
from tests.ground.browser import Browser, Page, browser, read
from tests.ground.processes import Server
from tests.ground.sql import rows

REFUSED = "This form is from an earlier visit. Open the page again and send it once more."
ELSEWHERE = "This form came from another site. Open the page here and try again."


def link_of(district: District, email: str) -> str:
    """The reusable sign-in link of somebody of the cast, as a path."""
    url = next(person["sign_in_url"] for person in district.cast["people"] if person["email"] == email)
    return "/sign-in/" + str(url).rpartition("/")[2]


def cookies_set(page: Page) -> dict[str, dict[str, str | bool]]:
    """The Set-Cookie lines of an answer by name, with the attributes that protect."""
    found: dict[str, dict[str, str | bool]] = {}
    for line in page.answer.headers.get_list("set-cookie"):
        for name, morsel in SimpleCookie(line).items():
            kept = ("httponly", "secure", "samesite", "path", "domain", "max-age")
            found[name] = {key: morsel[key] for key in kept if morsel[key]}
    return found


async def visits(district: District) -> int:
    return int((await rows(district.url, "SELECT count(*) FROM visits"))[0][0])


async def test_every_sign_in_makes_a_new_visit_and_signing_out_ends_it(district: District) -> None:
    link = link_of(district, "lin@clinic.example")
    async with Server(district.url, worker=False) as server, browser(server.base_url) as lin:
        first_page = await lin.sign_in(link)
        first = lin.http.cookies["afterbell"]
        await lin.sign_in(link)
        second = lin.http.cookies["afterbell"]
        running = await visits(district)
        async with browser(server.base_url) as thief:
            thief.http.cookies.set("afterbell", first)
            stolen = await thief.open("/find")
        page = await lin.open("/schools")
        left = await lin.send(page.form("/sign-out"))
        after = await lin.open("/find")
    assert (first_page.status, first_page.goes_to) == (303, "/bookings")
    assert first != second
    assert running == 1
    assert (left.status, left.goes_to) == (303, "/find")
    assert ["Signed in as" in each.words for each in (stolen, page, after)] == [False, True, False]
    assert (await visits(district), "afterbell" in lin.http.cookies) == (0, False)


async def test_people_land_where_their_work_is(district: District) -> None:
    landings = {}
    async with Server(district.url, worker=False) as server:
        for name in ("okafor@district", "becker@district", "rosa@clinic", "herrera@district", "stone@district"):
            async with browser(server.base_url) as person:
                landings[name] = (await person.sign_in(link_of(district, f"{name}.example"))).goes_to
    assert landings == {
        "okafor@district": "/approvals",
        "becker@district": "/approvals",
        "rosa@clinic": "/bookings",
        "herrera@district": "/es/find",
        "stone@district": "/find",
    }


async def test_only_local_pages_are_gone_on_to(district: District) -> None:
    link = link_of(district, "lin@clinic.example")
    aims = ("//evil.example/x", "https://evil.example/", "/\\evil.example", "/ok\r\nSet-Cookie: a=b", "bookings", "/")
    landings, switches = set(), set()
    async with Server(district.url, worker=False) as server:
        for aim in aims:
            async with browser(server.base_url) as lin:
                page = await lin.open(link, next=aim)
                landings.add((await lin.send(page.form(link), next=aim)).goes_to)
                switches.add((await lin.open("/language", to="es", next=aim)).goes_to)
        async with browser(server.base_url) as lin:
            page = await lin.open(link, next="/bookings/new?room=a/b&x=ñ")
            fine = (await lin.send(page.form(link))).goes_to
    assert landings == {"/bookings"}
    assert switches == {"/"}
    assert fine in ("/bookings/new?room=a/b&x=ñ", "/bookings/new?room=a/b&x=%C3%B1")


async def test_a_form_of_another_site_or_another_browser_changes_nothing(district: District) -> None:
    link = link_of(district, "lin@clinic.example")
    server = Server(district.url, worker=False)
    async with server, browser(server.base_url) as lin, browser(server.base_url) as mallory:
        mine, theirs = (await lin.open(link)).form(link), (await mallory.open(link)).form(link)
        forged = await lin.send(theirs)
        empty = await lin.send(mine, _csrf="")
        bare = await without_cookies(server.base_url, mine.fields, link)
        foreign = await from_another_site(lin, mine.fields, link)
        made = await visits(district)
        entered = await lin.send(mine)
    assert [(page.status, REFUSED in page.words) for page in (forged, empty, bare)] == [(403, True)] * 3
    assert (foreign.status, ELSEWHERE in foreign.words) == (403, True)
    assert (made, entered.status, await visits(district)) == (0, 303, 1)


async def without_cookies(base_url: str, fields: list[tuple[str, str]], path: str) -> Page:
    """The same fields from a browser that carries no guest cookie."""
    async with browser(base_url) as stranger:
        page = await stranger.open(path)
        form = page.form(path)
        stranger.http.cookies.clear()
        return await stranger.send(form, _csrf=dict(fields)["_csrf"])


async def from_another_site(person: Browser, fields: list[tuple[str, str]], path: str) -> Page:
    """The right fields and cookies, but the browser says that another site sends them."""
    return read(await person.http.post(path, data=dict(fields), headers={"Sec-Fetch-Site": "cross-site"}))


async def test_cookies_are_out_of_reach_of_scripts_and_over_https_bound_to_this_host(district: District) -> None:
    link = link_of(district, "lin@clinic.example")
    async with Server(district.url, worker=False) as server, browser(server.base_url) as lin:
        plain = {**cookies_set(await lin.open(link)), **cookies_set(await lin.sign_in(link))}
    server = Server(district.url, worker=False, BASE_URL="https://127.0.0.1")
    async with server, browser(server.base_url) as lin:
        page = await lin.open(link)
        # A jar keeps Secure cookies from plain http.
        lin.http.headers["Cookie"] = page.answer.headers["set-cookie"].partition(";")[0]
        secure = {**cookies_set(page), **cookies_set(await lin.send(page.form(link)))}
    always = {"httponly": True, "samesite": "lax", "path": "/"}
    assert plain == {"guest": {**always, "max-age": "0"}, "afterbell": {**always, "max-age": "2592000"}}
    assert secure == {
        "__Host-guest": {**always, "secure": True, "max-age": "0"},
        "__Host-afterbell": {**always, "secure": True, "max-age": "2592000"},
    }
