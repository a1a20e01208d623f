"""The list of pages has every page: whatever the product answers with a page is looked at somewhere."""

import re
from pathlib import Path

import pytest
from litestar.routes import HTTPRoute

from afterbell.app import make_app
from afterbell.database import Database
from afterbell.settings import Settings
from tests.browser.pages import SIGHTS

# Answered with a way elsewhere, a file, or words for programs.
NO_PAGES = {
    "/healthz",
    "/readyz",
    "/language",
    "/sign-out",
    "/demo/sign-in",
    "/static/{}",
    "/calendars",
    "/calendars/mine/revocation",
    "/organizations/{}/verification",
    "/bookings/{}/withdrawal",  # the same as /cancellation
    "/bookings/{}/change/withdrawal",  # the booking, should it be refused
}


def addresses(tmp_path: Path) -> set[str]:
    """Every address outside /api, in English, with {} for whatever changes."""
    settings = Settings("", "http://127.0.0.1", b"", None, Path(), 60, frozenset(), False)
    app = make_app(settings, Database(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}"))
    paths = [route.path_format for route in app.routes if isinstance(route, HTTPRoute)]
    plain = {re.sub(r"\{[^}]*\}", "{}", path.removeprefix("/es") or "/") for path in paths}
    return {path for path in plain if not path.startswith("/api")}


@pytest.mark.filterwarnings(
    "ignore::litestar.exceptions.LitestarDeprecationWarning"
)  # of names that Litestar 3 wants marked
def test_every_page_is_on_the_list(tmp_path: Path) -> None:
    shapes = {path: re.compile(path.replace("{}", "[^/]+")) for path in addresses(tmp_path) - NO_PAGES}
    seen = {_address(sight.route, shapes) for sight in SIGHTS if sight.status != 404}
    assert set(shapes) - seen == set()


def _address(route: str, shapes: dict[str, re.Pattern[str]]) -> str:
    """The product's address behind a page's; one that is written out comes before one that takes anything."""
    fitting = [path for path, shape in shapes.items() if shape.fullmatch(route.replace("{}", "x"))]
    assert fitting, f"the product has no {route}"
    return min(fitting, key=lambda path: (path != route, path.count("{}")))
