"""Another answer instead of the one that was asked for. It is raised, never returned, so that nothing of a refused act is committed."""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.response import Redirect

AnyRequest = Request[Any, Any, Any]


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


def sign_in_first(request: AnyRequest) -> Instead:
    """To the sign-in page, which leads back here. Only for pages that are read: a form that was posted would be lost."""
    language = getattr(request.state, "language", "en")
    query = f"?{request.url.query}" if request.url.query else ""
    at = quote(request.url.path + query, safe="")
    return Instead(elsewhere(f"{'/es' if language == 'es' else ''}/sign-in?next={at}"))
