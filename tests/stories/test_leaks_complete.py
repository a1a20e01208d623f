"""The leak test leaves nothing out: every text that a body or a form takes is marked, every route is walked. What is new fails here first."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from msgspec import inspect

import afterbell
from afterbell.app import make_app
from afterbell.bookings.page_change_form import FIELDS as CHANGED
from afterbell.bookings.page_form import EMPTY
from afterbell.database import Database
from afterbell.settings import Settings
from tests.stories import roads
from tests.stories.marked_texts import BODIES, FORMS
from tests.stories.sowing import LABELS, Booked, Sown

SETTINGS = Settings("", "http://127.0.0.1", b"", None, Path(), 60, frozenset(), False)
TAKEN = re.compile(r"(?:form|given)\)?\.(?:get|getall)\(\"(\w+)\"")
READ_AS = re.compile(r"read_json\(request, (\w+)\)")
SHUT = ("/api/_schema", "/calendars")  # the first answers 404 to all, the second has no routes: see roads.calendars


def test_every_text_of_every_body_is_marked_or_names_something() -> None:
    assert {name for shape in bodies() for name in texts_of(shape)} == set(BODIES)


def test_every_text_of_every_form_is_marked_or_names_something() -> None:
    assert {*TAKEN.findall(source()), *EMPTY, *CHANGED} == set(FORMS)


@pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")
def test_every_route_is_walked(tmp_path: Path) -> None:
    app = make_app(SETTINGS, Database(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}"))
    told = Sown(
        booked=dict.fromkeys(LABELS, Booked("AB-0000000", ("0",))),
        organizations=dict.fromkeys(("main", "quiet"), "x"),
    )
    assert set(roads.READ) == routes(app, "GET")
    written = {route for route, *_ in roads.writes(told, "x")} | {
        route for route, *_ in roads.forms(told, "nobody", "x")
    }
    assert written | set(roads.NOT_WRITTEN) == routes(app, "POST")
    assert routes(app, "DELETE") | routes(app, "PATCH") | routes(app, "PUT") == {
        "/api/v1/feeds/{id_:str}",
        "/api/v1/rules",
        "/api/v1/bookings/{reference:str}",
    }


def source() -> str:
    """All of our code."""
    return "\n".join(path.read_text() for path in sorted(Path(afterbell.__file__).parent.rglob("*.py")))


def routes(app: Litestar, method: str) -> set[str]:
    """The addresses that take it."""
    found = {route.path for route in app.routes if method in getattr(route, "methods", ())}
    return {path for path in found if not path.startswith(SHUT) or path.startswith("/calendars/mine")}


def bodies() -> set[type[msgspec.Struct]]:
    """Every Struct that a handler reads, and those within."""
    ours = {
        shape.__name__: shape for shape in msgspec.Struct.__subclasses__() if shape.__module__.startswith("afterbell.")
    }
    return {within for name in READ_AS.findall(source()) for within in reach(inspect.type_info(ours[name]))}


def reach(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """The Struct and those of its fields."""
    if isinstance(kind, inspect.StructType):
        yield kind.cls
        for field in kind.fields:
            yield from reach(field.type)
    for within in (*getattr(kind, "types", ()), *filter(None, [getattr(kind, "item_type", None)])):
        yield from reach(within)


def texts_of(shape: type[msgspec.Struct]) -> Iterator[str]:
    """Its fields that take words of any kind."""
    described = inspect.type_info(shape)
    assert isinstance(described, inspect.StructType)
    for field in described.fields:
        yield from (f"{shape.__name__}.{field.name}{more}" for more in words(field.type))


def words(kind: Any) -> Iterator[str]:
    """ "" when words can stand there, ".keys" when they can also be keys."""
    if isinstance(kind, inspect.StrType | inspect.AnyType):
        yield ""
    elif isinstance(kind, inspect.UnionType):
        yield from {more for each in kind.types for more in words(each)}
    elif isinstance(kind, inspect.ListType):
        yield from words(kind.item_type)
    elif isinstance(kind, inspect.DictType):
        yield from {*words(kind.value_type), *(".keys" for _ in words(kind.key_type))}
