"""What every page carries: its language, its headers, no inline code, HEAD where the public reads, and caches that keep only what is for everybody."""

import re
from pathlib import Path

import pytest

import afterbell
from tests.cast import OWL
from tests.conftest import District
from tests.ground.browser import Page, browser
from tests.ground.processes import Server

SOURCE = Path(afterbell.__file__).parent
PUBLIC = (
    *("/find", "/es/find", "/programme", "/es/programme", "/schools", "/es/schools"),
    *(f"/schools/{OWL}", f"/es/schools/{OWL}"),
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def lin_of(district: District) -> str:
    url = next(each["sign_in_url"] for each in district.cast["people"] if each["email"] == "lin@clinic.example")
    return "/sign-in/" + str(url).rpartition("/")[2]


async def test_public_pages_are_kept_by_caches_for_visitors_only(district: District) -> None:
    async with Server(district.url, worker=False) as server, browser(server.base_url) as person:
        visited = [await person.open(path) for path in PUBLIC]
        heads = [await person.http.head(path) for path in PUBLIC]
        small = await person.http.get(PUBLIC[0], headers={"Accept-Encoding": "identity"})
        private = await person.http.head("/sign-in")
        home = await person.http.head("/")
        await person.sign_in(lin_of(district))
        own = [await person.open(path) for path in PUBLIC]
    assert [kept(page) for page in visited] == [
        ("public, max-age=60", "Cookie, Accept-Encoding, HX-Request-Type", None)
    ] * len(PUBLIC)
    assert [kept(page) for page in own] == [
        ("private, no-cache", "Cookie, Accept-Encoding, HX-Request-Type", None)
    ] * len(PUBLIC)
    assert [(head.status_code, head.content) for head in heads] == [(200, b"")] * len(PUBLIC)
    assert [head.headers["cache-control"] for head in heads] == ["public, max-age=60"] * len(PUBLIC)
    assert {page.answer.headers.get("content-encoding") for page in visited} == {"gzip"}
    assert "content-encoding" not in small.headers
    assert small.text == visited[0].html
    assert all("_csrf" not in page.html for page in visited)
    assert (home.status_code, home.headers["cache-control"]) == (200, "no-store"), "a demo's home has forms"
    told = (private.status_code, private.content, private.headers["cache-control"])
    assert told == (200, b"", "no-store"), "control: a page with a form is kept by nobody"


def kept(page: Page) -> tuple[str, str, str | None]:
    headers = page.answer.headers
    return headers["cache-control"], headers["vary"], headers.get("set-cookie")


async def test_the_language_is_the_addresss_on_public_pages_and_the_persons_elsewhere(district: District) -> None:
    spoken = {}
    async with Server(district.url, worker=False) as server, browser(server.base_url) as person:
        for path in (
            "/find",
            "/es/find",
            "/sign-in",
            "/es/sign-in",
            "/es/nothing-here",
            "/nothing-here",
            "/es/schools/x",
        ):
            spoken[path] = await person.open(path)
        switch = re.search(r'class="tongue" href="([^"]+)"', spoken["/find"].html)
        assert switch
        chosen = await person.open(switch[1].replace("&amp;", "&"))
        later = {path: await person.open(path) for path in ("/", "/sign-in", "/find")}
    assert {path: language(page) for path, page in spoken.items()} == {
        path: "es" if path.startswith("/es") else "en" for path in spoken
    }
    assert (chosen.status, chosen.goes_to) == (303, "/es/find")
    assert later["/"].goes_to == "/es"
    assert (language(later["/sign-in"]), language(later["/find"])) == ("es", "en")
    assert [spoken[path].heading for path in ("/nothing-here", "/es/nothing-here")] == ["Not found", "No se encontró"]


def language(page: Page) -> str:
    found = re.search(r'<html lang="(\w+)"', page.html)
    return found[1] if found else ""


async def test_where_no_page_lies_nobody_is_told_to_sign_in(district: District) -> None:
    """Nobody was asked who reads it. Control: a page that lies there knows."""
    async with Server(district.url, worker=False) as server, browser(server.base_url) as person:
        before = [await person.open(path) for path in ("/find", "/nothing-here")]
        await person.sign_in(lin_of(district))
        after = [await person.open(path) for path in ("/find", "/nothing-here")]
    assert [[name in page.html for name in ('href="/sign-in"', 'action="/sign-out"')] for page in before + after] == [
        [True, False],
        [False, False],
        [False, True],
        [False, False],
    ]


async def test_every_page_runs_under_the_policy_and_its_assets_never_change(district: District) -> None:
    pages = {}
    async with Server(district.url, worker=False) as server, browser(server.base_url) as person:
        for path in (*PUBLIC, "/sign-in", lin_of(district), "/nothing", "/find?date=x", "/es"):
            pages[path] = await person.open(path)
        assets = sorted({link for page in pages.values() for link in re.findall(r'"(/static/[^"]+)"', page.html)})
        zipped = [await person.http.get(link) for link in assets]
        plain = [await person.http.get(link, headers={"Accept-Encoding": "identity"}) for link in assets]
        unknown = [
            (await person.open(f"/static/{name}")).status for name in ("app.css", "..%2fshell.py", "manifest.json", "x")
        ]
    shown = {path: page for path, page in pages.items() if page.html}
    assert {page.answer.headers["content-security-policy"] for page in shown.values()} == {POLICY}
    assert [(path, INLINE.findall(page.html)) for path, page in shown.items() if INLINE.search(page.html)] == []
    assert [re.sub(r"\.\w{12}\.", ".", link) for link in assets] == [
        "/static/app.css",
        "/static/htmx.min.js",
        "/static/mark.svg",
        "/static/public-sans-latin.woff2",
    ]
    assert {answer.headers["cache-control"] for answer in zipped} == {"public, max-age=31536000, immutable"}
    assert [answer.content for answer in zipped] == [answer.content for answer in plain]
    assert unknown == [404, 404, 404, 404]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_inline_code(path: Path) -> None:
    assert INLINE.findall(path.read_text()) == []


def test_control_inline_code_is_recognised() -> None:
    bad = ('<p style="x">', "<style>", "<script>x</script>", '<a onclick="x">', '<a href="javascript:x">')
    assert [bool(INLINE.search(text)) for text in (*bad, '<script src="/a.js">', "<p>once = 1</p>")] == [True] * 5 + [
        False
    ] * 2


def test_paper_is_not_taken_for_a_phone() -> None:
    queries = re.findall(r"@media ([^{]+){", (SOURCE / "web" / "static" / "app.css").read_text())
    assert [query.strip() for query in queries if "width" in query and not query.startswith("screen and")] == []
    assert any("width" in query for query in queries)
