"""`/api/v1/organizations`: found one, see it, bring people in, vouch for it. Forms are parsed here, acts do the work."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from litestar import Controller, Request, Response, get, post
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.partners.found import found
from afterbell.partners.join import Joined, Newcomer, add_member
from afterbell.partners.letter import send_invitation
from afterbell.partners.members import MemberRow, members, visible_organization
from afterbell.partners.models import INDIVIDUAL, KINDS
from afterbell.partners.organizations import OrganizationRow
from afterbell.partners.verify import verify
from afterbell.people.access import signed_in
from afterbell.people.models import PARTNER, PARTNER_ROLES
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed
from afterbell.rules.reading import most_held
from afterbell.settings import Settings
from afterbell.web.body import read_json

AnyRequest = Request[Any, Any, Any]
NAME, ADDRESS = 120, 254


class OrganizationForm(Struct, forbid_unknown_fields=True):
    """The body of POST /organizations. An individual has the person's own name."""

    kind: str
    name: Annotated[str, Meta(max_length=NAME)] = ""


class MemberForm(Struct, forbid_unknown_fields=True):
    """The body of POST .../members; `language` is for somebody who is not known yet."""

    email: Annotated[str, Meta(min_length=3, max_length=ADDRESS)]
    role: str = PARTNER
    language: Literal["en", "es"] | None = None


class VerificationForm(Struct, forbid_unknown_fields=True):
    """Vouching needs no words."""


class MemberAnswer(Struct, forbid_unknown_fields=True):
    """Somebody who is in, or has asked to be; the address for those who may know it."""

    name: str
    email: str | None
    role: str
    state: str


class OrganizationAnswer(Struct, forbid_unknown_fields=True):
    """An organization; `holds_at_most` is null once it is verified."""

    slug: str
    name: str
    kind: str
    verified: bool
    holds_at_most: int | None
    members: list[MemberAnswer]


class OrganizationsApi(Controller):
    """Organizations, as API.md says."""

    path = "/api/v1/organizations"

    @post("/", takes=OrganizationForm, gives=OrganizationAnswer)
    async def founding(self, request: AnyRequest, session: AsyncSession, viewer: Viewer) -> Response[dict[str, Any]]:
        """201 with the organization, whose manager the caller is from now on."""
        form = await read_json(request, OrganizationForm)
        check_kind(form.kind, form.name)
        made = await found(session, form.name, form.kind, by=signed_in(viewer), now=clock.now())
        return Response(
            await _whole(session, made, manager_of(viewer, made)),
            status_code=201,
            headers={"Location": f"/api/v1/organizations/{made.slug}"},
        )

    @get("/{slug:str}", gives=OrganizationAnswer)
    async def read(self, session: AsyncSession, viewer: Viewer, slug: str) -> dict[str, Any]:
        """For its members and the district's staff; 404 for everybody else."""
        return await _whole(session, await visible_organization(session, slug, signed_in(viewer)), viewer)

    @post("/{slug:str}/members", takes=MemberForm, gives={201: MemberAnswer, 200: MemberAnswer})
    async def joining(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, slug: str
    ) -> Response[dict[str, Any]]:
        """201 for somebody who came in or asked, 200 when they were there already and are confirmed, changed or left as they are."""
        form = await read_json(request, MemberForm)
        check_role(form.role)
        who = Newcomer(form.email, form.role, form.language)
        joined = await add_member(session, slug, who, by=signed_in(viewer), now=clock.now())
        await write_to(request, session, joined)
        return Response(_member_json(joined.member), status_code=201 if joined.new else 200)

    @post("/{slug:str}/verification", status_code=200, takes=VerificationForm, gives=OrganizationAnswer)
    async def verification(
        self, request: AnyRequest, session: AsyncSession, viewer: Viewer, slug: str
    ) -> dict[str, Any]:
        """Staff vouch for it."""
        await read_json(request, VerificationForm)
        return await _whole(session, await verify(session, slug, by=signed_in(viewer), now=clock.now()), viewer)


def check_kind(kind: str, name: str) -> None:
    """422 with what would pass."""
    if kind not in KINDS:
        raise malformed(Message(N_("kind is one of {choices}."), {"choices": ", ".join(KINDS)}))
    if kind != INDIVIDUAL and not name.strip():
        raise malformed(Message(N_("Write the organization's name.")))


def check_role(role: str) -> None:
    """422 with what would pass."""
    if role not in PARTNER_ROLES:
        raise malformed(Message(N_("role is one of {choices}."), {"choices": ", ".join(PARTNER_ROLES)}))


async def write_to(request: AnyRequest, session: AsyncSession, joined: Joined) -> None:
    """The invitation, in the transaction that made its link."""
    settings: Settings = request.app.state.settings
    inviter = request.state.viewer.name
    await send_invitation(session, joined, inviter=inviter, base_url=settings.base_url, now=clock.now())


def manager_of(viewer: Viewer, made: OrganizationRow) -> Viewer:
    """The founder as they are once the organization is there."""
    mine = frozenset({made.id})
    return replace(viewer, organizations=viewer.organizations | mine, manages=viewer.manages | mine)


async def _whole(session: AsyncSession, found_one: OrganizationRow, viewer: Viewer) -> dict[str, Any]:
    """`holds_at_most` is None once it is verified."""
    people = await members(session, found_one.id, viewer)
    return {
        "slug": found_one.slug,
        "name": found_one.name,
        "kind": found_one.kind,
        "verified": found_one.verified,
        "holds_at_most": None if found_one.verified else await most_held(session, now=clock.now()),
        "members": [_member_json(row) for row in people],
    }


def _member_json(row: MemberRow) -> dict[str, Any]:
    return {"name": row.name, "email": row.email, "role": row.role, "state": row.state}
