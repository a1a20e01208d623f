"""`/organizations/new` and `/organizations/{slug}`: found one, join one or book for yourself; see who belongs, invite, confirm, vouch for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Controller, Request, Response, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.partners.api import ADDRESS, NAME, check_kind, check_role, write_to
from afterbell.partners.found import found
from afterbell.partners.join import Newcomer, add_member
from afterbell.partners.members import asked_for, members, visible_organization
from afterbell.partners.models import CLOSED, INDIVIDUAL, KINDS
from afterbell.partners.organizations import called, organizations
from afterbell.partners.verify import verify
from afterbell.people.access import signed_in
from afterbell.people.models import ASKED, PARTNER
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, not_found
from afterbell.rules.reading import most_held
from afterbell.web.body import one_line, read_form
from afterbell.web.instead import Instead, elsewhere, sign_in_first
from afterbell.web.shell import render
from afterbell.web.words import say, say_message

AnyRequest = Request[Any, Any, Any]
KIND_NAMES: Mapping[str, str] = {
    "nonprofit": N_("Non-profit organization"),
    "clinic": N_("Clinic or health service"),
    "public_agency": N_("Public agency"),
    "youth": N_("Youth or school group"),
    "civic": N_("Civic or neighborhood group"),
    "business": N_("Business"),
    "individual": N_("A person who books for themselves"),
    "other": N_("Something else"),
    "school": N_("A school's own staff"),
}
DONE = ("founded", "invited", "confirmed", "asked", "verified")


@dataclass(frozen=True)
class Attempt:
    """A form that could not be taken: which field (its id) is wrong and why, and what was typed."""

    status: int = 200
    at: str = ""
    message: Message | None = None
    typed: Mapping[str, str] = field(default_factory=dict)


class OrganizationPages(Controller):
    """For everybody who is signed in; who belongs to an organization is for its members and the staff alone."""

    path = "/organizations"
    include_in_schema = False

    @get("/new")
    async def begin(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """Three ways to come to ask for rooms."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        return await _begin(request, session, Attempt())

    @post("/new")
    async def founding(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """Founds it and leads to its page; the button of the third way sends kind "individual" alone."""
        form = await read_form(request)
        name, kind = str(form.get("name", "")), str(form.get("kind", ""))
        try:
            if len(name) > NAME:
                raise Problem(422, Message(N_("At most {most} characters fit here."), {"most": NAME}))
            if kind not in KINDS:
                raise Problem(422, Message(N_("Choose what it is.")))
            check_kind(kind, name)
            made = await found(session, name, kind, by=signed_in(viewer), now=clock.now())
        except Problem as problem:
            at = "name" if kind in KINDS else "kind"
            raise Instead(await _begin(request, session, _told(problem, at, {"name": name, "kind": kind}))) from problem
        return elsewhere(f"/organizations/{made.slug}?done=founded")

    @post("/join")
    async def join(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[Any]:
        """Asks to join the organization of exactly that name: there is no list to look others up in."""
        form = await read_form(request)
        name = one_line(str(form.get("organization", "")))[:NAME]
        by = signed_in(viewer)
        try:
            slug = await called(session, name)
            if slug is None:
                text = N_("There is no organization of that name. Write it just as its manager does, or found it.")
                raise Problem(422, Message(text))
            joined = await add_member(session, slug, Newcomer(by.email, PARTNER), by=by, now=clock.now())
        except Problem as problem:
            told = _told(problem, "organization", {"organization": name})
            raise Instead(await _begin(request, session, told)) from problem
        return elsewhere("/organizations/new?done=asked" if joined.member.state == ASKED else f"/organizations/{slug}")

    @get("/{slug:str}")
    async def read(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, slug: str) -> Response[Any]:
        """Who belongs to it, and what its manager or the staff can do."""
        if viewer.person_id is None:
            raise sign_in_first(request)
        return await _show(request, session, slug, Attempt())

    @get(["/join", "/{slug:str}/members", "/{slug:str}/verification"])
    async def again(self, slug: str = "new") -> Response[Any]:
        """A form that is opened instead of posted, as the language switch does."""
        return elsewhere(f"/organizations/{slug}")

    @post("/{slug:str}/members")
    async def invite(self, request: AnyRequest, session: AsyncSession, viewer: Viewer, slug: str) -> Response[Any]:
        """The manager invites, or confirms somebody who asked."""
        form = await read_form(request)
        email, role = str(form.get("email", "")).strip()[:ADDRESS], str(form.get("role", PARTNER))
        language = str(form.get("language", "")) or None
        try:
            check_role(role)
            who = Newcomer(email, role, language if language in ("en", "es") else None)
            joined = await add_member(session, slug, who, by=signed_in(viewer), now=clock.now())
        except Problem as problem:
            if problem.status not in (409, 422):
                raise
            told = _told(problem, "email", {"email": email, "role": role})
            raise Instead(await _show(request, session, slug, told)) from problem
        await write_to(request, session, joined)
        did = "invited" if joined.new else "confirmed" if joined.link else ""
        return elsewhere(f"/organizations/{slug}" + (f"?done={did}" if did else ""))

    @post("/{slug:str}/verification")
    async def verification(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, slug: str
    ) -> Response[Any]:
        """Staff vouch for it."""
        await read_form(request)
        try:
            await verify(session, slug, by=signed_in(viewer), now=clock.now())
        except Problem as problem:
            if problem.status != 409:
                raise
            raise Instead(await _show(request, session, slug, _told(problem, "verification", {}))) from problem
        return elsewhere(f"/organizations/{slug}?done=verified")


def _told(problem: Problem, at: str, typed: Mapping[str, str]) -> Attempt:
    """The first reason says more than the whole."""
    message = problem.reasons[0].message if problem.reasons else problem.message
    return Attempt(problem.status, at, message, typed)


async def _begin(request: AnyRequest, session: AsyncSession, attempt: Attempt) -> Response[Any]:
    viewer: Viewer = request.state.viewer
    if viewer.person_id is None:
        raise sign_in_first(request)
    language = request.state.language
    kinds = [(kind, say(KIND_NAMES[kind], language)) for kind in KINDS if kind != INDIVIDUAL]
    return render(
        request,
        "partners/new.html",
        status=attempt.status,
        **_wrong(attempt, language, {"name": "", "kind": "", "organization": ""}),
        kinds=kinds,
        mine=await organizations(session, viewer.organizations),
        asked=await asked_for(session, viewer),
        most=NAME,
        held=await most_held(session, now=clock.now()),
        path="/organizations/new",
    )


async def _show(request: AnyRequest, session: AsyncSession, slug: str, attempt: Attempt) -> Response[Any]:
    viewer: Viewer = request.state.viewer
    language = request.state.language
    row = await visible_organization(session, slug, signed_in(viewer))
    people = await members(session, row.id, viewer)
    if row.kind not in KIND_NAMES:
        raise not_found()
    done = request.query_params.get("done", "")
    return render(
        request,
        "partners/organization.html",
        status=attempt.status,
        **_wrong(attempt, language, {"email": "", "role": PARTNER, "verification": ""}),
        row=row,
        kind=say(KIND_NAMES[row.kind], language),
        inside=[each for each in people if each.state != ASKED],
        asking=[each for each in people if each.state == ASKED],
        manages=row.id in viewer.manages and row.kind not in CLOSED,
        mine=row.id in viewer.organizations,
        may_verify=viewer.verifies and not row.verified and row.id not in viewer.organizations,
        done=done if done in DONE else "",
        most=ADDRESS,
        held=await most_held(session, now=clock.now()),
        path=f"/organizations/{slug}",
    )


def _wrong(attempt: Attempt, language: str, empty: Mapping[str, str]) -> dict[str, Any]:
    """What the top of the page says, and what stands in the fields."""
    sentence = say_message(attempt.message, language) if attempt.message else ""
    errors = {name: sentence if name == attempt.at else "" for name in empty}
    return {
        "failed": bool(sentence),
        "summary": [(attempt.at, sentence)] if sentence else [],
        "errors": errors,
        "typed": {**empty, **attempt.typed},
    }
