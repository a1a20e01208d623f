"""Every answer that is not a success: problem+json under /api, a page elsewhere, always with what would work, in the reader's language."""

from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from afterbell.database import is_away
from afterbell.policy.verdict import N_, Finding, Message
from afterbell.problem import Problem
from afterbell.web.instead import Instead, answer_instead
from afterbell.web.shell import language_of, render, wants_part
from afterbell.web.words import say, say_message

TITLES: Mapping[int, str] = {
    400: N_("This could not be read"),
    401: N_("Sign in first"),
    403: N_("Not permitted"),
    404: N_("Not found"),
    405: N_("Not possible here"),
    409: N_("This cannot be done as asked"),
    412: N_("It has changed since you looked"),
    413: N_("Too large"),
    415: N_("Another format is needed"),
    422: N_("Something is not filled in right"),
    428: N_("Say which version you change"),
    429: N_("Too many tries"),
    500: N_("A fault of ours"),
    503: N_("Busy for a moment"),
}
BY_STATUS: Mapping[int, str] = {
    400: N_("The body cannot be read as JSON. Send one object, in UTF-8."),
    401: N_("Send a valid token: Authorization: Bearer ab_..."),
    404: N_("There is nothing here, or it is not yours to see."),
    405: N_("This address does not take {method}."),
    413: N_("At most 1 MB can be sent here."),
    415: N_("Send application/json."),
    429: N_("Wait a minute, then try again."),
    500: N_("Something broke on our side and was written down. Nothing was changed; try again."),
    503: N_("The database is busy or away. Nothing was changed; try again in a few seconds."),
}
log = structlog.get_logger()
AnyRequest = Request[Any, Any, Any]


def answer_problem(request: AnyRequest, problem: Problem) -> Response[Any]:
    """A Problem as JSON, as a page, or as what fits into an open page. Pages may show their own form again instead: they catch it first."""
    language = language_of(request)
    if _wants_json(request):
        return Response(
            as_json(problem, language),
            status_code=problem.status,
            media_type="application/problem+json",
            headers=dict(problem.headers),
        )
    return render(
        request,
        "web/error_part.html" if wants_part(request) else "web/error.html",
        status=problem.status,
        headers=dict(problem.headers),
        problem=as_json(problem, language),
    )


def answer_http(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own refusals, in our words; a bad parameter becomes 422."""
    status = 422 if error.status_code == 400 and "alidation" in str(error.detail) else error.status_code
    headers = dict(error.headers or {})
    return answer_problem(request, Problem(status, _standard(status, request), headers=headers))


def answer_fault(request: AnyRequest, error: Exception) -> Response[Any]:
    """The unexpected: 503 when the database is away, else 500, logged with its traceback and told without it. What is logged is the route, since an address
    may hold the secret of a sign-in link."""
    route = f"{request.method} {request.scope.get('path_template', '')}"
    if is_away(error):
        log.warning("database away", route=route, error=type(error).__name__)
        return answer_problem(request, Problem(503, Message(BY_STATUS[503]), headers={"Retry-After": "2"}))
    log.error("fault", route=route, exc_info=error)
    return answer_problem(request, Problem(500, Message(BY_STATUS[500])))


def as_json(problem: Problem, language: str) -> dict[str, Any]:
    """RFC 9457, with reasons."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": say(TITLES.get(problem.status, TITLES[400]), language),
        "status": problem.status,
        "detail": say_message(problem.message, language),
    }
    if problem.reasons:
        body["reasons"] = [reason_json(finding, language) for finding in problem.reasons]
    return body


def reason_json(finding: Finding, language: str) -> dict[str, Any]:
    """One reason; fields that say nothing are left out."""
    body: dict[str, Any] = {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": say_message(finding.message, language),
    }
    more: dict[str, Any] = {
        "policy": finding.policy,
        "occurrence": finding.occurrence.isoformat(timespec="minutes") if finding.occurrence else None,
        "would_pass": finding.would_pass,
        "booking": finding.booking,
        "anyway": True if finding.anyway else None,
    }
    return body | {name: value for name, value in more.items() if value is not None}


def _standard(status: int, request: AnyRequest) -> Message:
    return Message(BY_STATUS.get(status, BY_STATUS[400]), {"method": request.method})


def _wants_json(request: AnyRequest) -> bool:
    return request.url.path.startswith("/api")


HANDLERS: Mapping[Any, Any] = {
    Instead: answer_instead,
    Problem: answer_problem,
    HTTPException: answer_http,
    Exception: answer_fault,
}
