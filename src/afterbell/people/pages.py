"""The sign-in pages: ask for a letter, press its link or type its code, sign out. A link's GET only shows a button: mail scanners follow links."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell import clock
from afterbell.database import Database
from afterbell.people.cookies import guest_cookie, session_cookie, without_cookies
from afterbell.people.join import add_person, is_address
from afterbell.people.letter import send_invitation
from afterbell.people.signin import end_visit, invite, spend_code, spend_link
from afterbell.people.turnstile import Turnstile
from afterbell.people.welcome import first_page, first_page_of
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem
from afterbell.settings import Settings
from afterbell.web.body import one_line, read_form
from afterbell.web.language import local
from afterbell.web.shell import render
from afterbell.web.words import say

ANSWERS_AFTER = 0.35
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+", re.ASCII)
NAME, BEGIN = 120, "/organizations/new"
AnyRequest = Request[Any, Any, Any]


class SignInPages(Controller):
    """`/sign-in` and what lies under it, in both languages, and `/sign-out`."""

    include_in_schema = False

    @get(["/sign-in", "/es/sign-in"])
    async def ask(self, request: AnyRequest, viewer: Viewer) -> Response[Any]:
        """The form for an address; somebody who is signed in goes on at once."""
        onwards = _onwards(request.query_params.get("next", ""))
        if viewer.person_id is not None:
            return Redirect(onwards or first_page(viewer), status_code=303)
        return _form(request, "people/sign_in.html", onwards=onwards, email="", error="")

    @post(["/sign-in", "/es/sign-in"], status_code=200)
    async def send(self, request: AnyRequest) -> Response[Any]:
        """Sends a letter to a known address. The same answer, after the same time, to an unknown one."""
        form = await read_form(request)
        email, onwards = str(form.get("email", "")).strip(), _onwards(str(form.get("next", "")))
        if len(email) > 254 or not ADDRESS.fullmatch(email):
            error = say(N_("Write your e-mail address, such as ana@clinic.example."), request.state.language)
            return _form(request, "people/sign_in.html", status=422, onwards=onwards, email=email[:254], error=error)
        _pass_the_turnstile(request)
        async with _evenly():
            await _write_letter(request, email, onwards)
        return _form(request, "people/code.html", onwards=onwards, email=email, error="")

    @get(["/sign-in/new", "/es/sign-in/new"])
    async def introduce(self, request: AnyRequest) -> Response[Any]:
        """The form for somebody whom nobody here knows yet."""
        return _form(request, "people/newcomer.html", email="", name="", wrong="", error="")

    @post(["/sign-in/new", "/es/sign-in/new"], status_code=200)
    async def enrol(self, request: AnyRequest) -> Response[Any]:
        """Makes them known and sends the letter; somebody who is known already gets theirs and keeps their name. The answer is the same for both."""
        form = await read_form(request)
        email, name = str(form.get("email", "")).strip()[:255], one_line(str(form.get("name", "")))[: NAME + 1]
        wrong, error = _about_newcomer(email, name)
        if error:
            told = {"email": email, "name": name, "wrong": wrong, "error": say(error, request.state.language)}
            return _form(request, "people/newcomer.html", status=422, **told)
        _pass_the_turnstile(request)
        async with _evenly():
            await _write_letter(request, email, BEGIN, name)
        return _form(request, "people/code.html", onwards=BEGIN, email=email, error="")

    @get(["/sign-in/code", "/es/sign-in/code"])
    async def begin_again(self, request: AnyRequest) -> Redirect:
        """Reloading the page with the code leads back to the address."""
        return Redirect("/es/sign-in" if request.state.language == "es" else "/sign-in", status_code=303)

    @post(["/sign-in/code", "/es/sign-in/code"], status_code=200)
    async def code(self, request: AnyRequest) -> Response[Any]:
        """Signs in, or counts the wrong try and shows the form again, after the same time for an unknown address."""
        form = await read_form(request)
        _pass_the_turnstile(request)
        email, onwards = str(form.get("email", ""))[:254], _onwards(str(form.get("next", "")))
        async with _evenly():
            entered = await _try_code(request, email, str(form.get("code", ""))[:40], onwards)
        if entered is not None:
            return entered
        error = say(
            N_("This code is wrong, too old or used. Look in the newest letter, or ask for another."),
            request.state.language,
        )
        return _form(request, "people/code.html", status=422, onwards=onwards, email=email, error=error)

    @get(["/sign-in/{token:str}", "/es/sign-in/{token:str}"])
    async def show_button(self, request: AnyRequest, token: str) -> Response[Any]:
        """Nothing is spent and nothing is looked up here."""
        return _form(request, "people/continue.html", onwards=_onwards(request.query_params.get("next", "")))

    @post(["/sign-in/{token:str}", "/es/sign-in/{token:str}"], status_code=303)
    async def spend(self, request: AnyRequest, session: AsyncSession, token: str) -> Response[Any]:
        """Spends the link; 409 when it was used already or is too old."""
        form = await read_form(request)
        cookie = await spend_link(session, token, now=clock.now())
        return await _enter(request, session, cookie, _onwards(str(form.get("next", ""))))

    @post("/sign-out", status_code=303)
    async def leave(self, request: AnyRequest, session: AsyncSession) -> Response[Any]:
        """Ends this browser's visit here and now; a page left open after that still leads out."""
        if request.state.cookie is not None:
            await read_form(request)
            await end_visit(session, request.state.cookie)
        there = "/es/find" if request.state.language == "es" else "/find"
        return Redirect(there, status_code=303, cookies=without_cookies(request.state))


@asynccontextmanager
async def _evenly() -> AsyncIterator[None]:
    """Takes the same time whatever happens inside, which has transactions of its own: no lock is held while this waits."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + ANSWERS_AFTER
    yield
    await asyncio.sleep(ends_at - loop.time())


async def _try_code(request: AnyRequest, email: str, code: str, onwards: str) -> Response[Any] | None:
    database: Database = request.app.state.database
    settings: Settings = request.app.state.settings
    async with database.writing() as session:
        cookie = await spend_code(session, email, code, secret=settings.secret, now=clock.now())
        return await _enter(request, session, cookie, onwards) if cookie is not None else None


def _about_newcomer(email: str, name: str) -> tuple[str, str]:
    """Which field is wrong, and why; nothing when they can be made known."""
    if not any(c.isalpha() for c in name) or len(name) > NAME:
        return "name", N_("Write your name as the school should read it.")
    return (
        ("email", N_("Write your e-mail address, such as ana@clinic.example.")) if not is_address(email) else ("", "")
    )


async def _write_letter(request: AnyRequest, email: str, onwards: str, newcomer: str = "") -> None:
    """To that address when it is known; `newcomer` is the name under which an unknown one becomes so."""
    database: Database = request.app.state.database
    settings: Settings = request.app.state.settings
    now = clock.now()
    async with database.writing() as session:
        if newcomer:
            await add_person(session, email, name=newcomer, language=request.state.language, now=now)
        invitation = await invite(session, email, secret=settings.secret, now=now)
        if invitation is not None:
            await send_invitation(session, invitation, next_page=onwards, base_url=settings.base_url, now=now)


async def _enter(request: AnyRequest, session: AsyncSession, cookie: str, onwards: str) -> Response[Any]:
    """A new cookie at every sign-in; the visit that this browser had before is ended."""
    if request.state.cookie is not None:
        await end_visit(session, request.state.cookie)
    there = onwards or await first_page_of(session, cookie, now=clock.now())
    return Redirect(there, status_code=303, cookies=session_cookie(request.state, cookie))


def _pass_the_turnstile(request: AnyRequest) -> None:
    turnstile: Turnstile | None = request.app.state.turnstile
    client = request.client.host if request.client else ""
    seconds = turnstile.wait(client, now=clock.now()) if turnstile else 0
    if seconds:
        message = Message(
            N_("Too many tries from your network. Try again in {minutes} min."), {"minutes": -(-seconds // 60)}
        )
        raise Problem(429, message, headers={"Retry-After": str(seconds)})


def _onwards(path: str) -> str:
    """The local page to go on to; empty for another site's and for the home page, which is nobody's aim."""
    there = local(path)
    return "" if there == "/" else there


def _form(request: AnyRequest, template: str, *, status: int = 200, **context: Any) -> Response[Any]:
    """A page whose form is bound to this browser; never cached, since it carries that secret."""
    settings: Settings = request.app.state.settings
    page = render(request, template, status=status, sends_mail=settings.smtp_url is not None, **context)
    page.set_cookie(guest_cookie(request.state))
    return page
