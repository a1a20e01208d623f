"""Which version an act expects to find, as HTTP says it: If-Match (RFC 9110 13.1.1) or a page's hidden field. The act judges it, under its locks."""

import re
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict

from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
LIST = re.compile(rf"[ \t]*(?:{TAG}[ \t]*)?(?:,[ \t]*(?:{TAG}[ \t]*)?)*")
OURS = re.compile(r'(W/)?"([1-9][0-9]{0,8})"')


def expected(request: Request[Any, Any, Any]) -> frozenset[int] | None:
    """The versions that If-Match names, None when any will do. Tags are compared strongly, so a weak or foreign one names none; 400 for what is no list."""
    lines = request.headers.getall("if-match", [])
    if not lines or lines == ["*"]:
        return None
    text = ",".join(lines)
    if not LIST.fullmatch(text):
        raise Problem(400, Message(N_('If-Match holds the ETag of an answer, quotes included, such as "3".')))
    tags = re.findall(TAG, text)
    return frozenset(int(ours[2]) for ours in map(OURS.fullmatch, tags) if ours and not ours[1])


def must_expect(request: Request[Any, Any, Any]) -> frozenset[int] | None:
    """The same where a change must say what it changes: 428 without If-Match (RFC 6585 3). An asterisk expects any version."""
    if "if-match" not in request.headers:
        text = N_("Say which version you change: send the ETag of your last GET as If-Match, or * for any.")
        raise Problem(428, Message(text))
    return expected(request)


def version_seen(form: FormMultiDict) -> frozenset[int] | None:
    """The same from the hidden field `version` of a page; a page without it expects any, one whose field was tampered with none."""
    text = str(form.get("version", ""))
    if not text:
        return None
    return frozenset({int(text)} if text.isascii() and text.isdigit() and len(text) < 10 else ())
