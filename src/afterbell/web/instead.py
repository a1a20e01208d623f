"""Another answer instead of the one that was asked for. It is raised, never returned, so that nothing of a refused act is committed."""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.response import Redirect

from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem

AnyRequest = Request[Any, Any, Any]
SIGNED_OUT = N_("You were signed out. Sign in in another window: what you typed here stays.")


class Instead(Exception):
    """Carries a whole answer: a form shown again with what is wrong, or the way to another page."""

    def __init__(self, answer: Response[Any]) -> None:
        super().__init__(f"answered with {answer.status_code}")
        self.answer = answer


def answer_instead(request: AnyRequest, instead: Instead) -> Response[Any]:
    """What web.errors does with it."""
    return instead.answer


def elsewhere(path: str) -> Redirect:
    """303: the answer is read at another local address, so that a reload sends no form again."""
    return Redirect(path, status_code=303)


def sign_in_first(request: AnyRequest) -> Instead | Problem:
    """To the sign-in page, which leads back here. Only for pages that are read: a form that was posted would be lost, and so would what stands in a page
    that asks for a part of itself, which is only told so."""
    if request.headers.get("hx-request-type") == "partial":
        return Problem(401, Message(SIGNED_OUT))
    language = getattr(request.state, "language", "en")
    query = f"?{request.url.query}" if request.url.query else ""
    at = quote(request.url.path + query, safe="")
    return Instead(elsewhere(f"{'/es' if language == 'es' else ''}/sign-in?next={at}"))
