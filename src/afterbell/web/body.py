"""Reading a JSON body: unparsable is 400, a field unknown or malformed is 422 with the field's name."""

import hmac
import re
from typing import Any, TypeVar
from unicodedata import category

import msgspec
from litestar import Request
from litestar.datastructures import FormMultiDict

from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, malformed
from afterbell.web.misfits import misfit
from afterbell.web.veil import unveiled

T = TypeVar("T")
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INVISIBLE = frozenset({"Cf", "Zs", "Zl", "Zp"})
ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


async def read_json(request: Request[Any, Any, Any], shape: type[T]) -> T:
    """The body as a Struct. An empty body is an empty object, so that acts without words need none."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Problem(415, Message(N_("Send application/json.")))
    body = await request.body() or b"{}"
    if ESCAPED_NUL.search(body):
        raise holds_nul()
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise malformed(
            Message(N_("A field cannot be used: {detail}."), {"detail": misfit(str(error), shape)})
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, Message(N_("The body cannot be read as JSON. Send one object, in UTF-8."))) from error


async def read_form(request: Request[Any, Any, Any]) -> FormMultiDict:
    """A posted form whose `_csrf` is this browser's; 403 for any other, so that another site cannot post in somebody's name."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Problem(415, Message(N_("Send the form from its page.")))
    form = await request.form()
    if any("\0" in value for value in (*form.keys(), *map(str, form.values()))):
        raise holds_nul()
    given = unveiled(str(form.get("_csrf", "")))
    if not hmac.compare_digest(given.encode(), request.state.csrf.encode()):
        raise Problem(
            403, Message(N_("This form is from an earlier visit. Open the page again and send it once more."))
        )
    return form


def one_line(text: str) -> str:
    """One line without control characters, and without those that turn the direction of what is printed after it: Arabic and
    Hebrew need none of them. Nothing where nothing of it can be seen."""
    kept = "".join(" " if category(c) == "Cc" else c for c in text if c not in DIRECTIONS)
    return "" if all(category(c) in INVISIBLE for c in kept) else " ".join(kept.split())


def holds_nul() -> Problem:
    """PostgreSQL keeps no NUL in text, so neither database is given one: 422."""
    return malformed(Message(N_("Text may not hold the character NUL (\\u0000). Leave it out.")))
