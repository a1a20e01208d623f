"""The two cookies: the session of somebody who signed in, and the guest's that binds a visitor's forms. HttpOnly, SameSite=Lax; over https Secure with the
prefix `__Host-`, so that no other host of the domain can set them."""

from litestar.datastructures import Cookie, State

from afterbell.people.access import PARTNER_LONGEST


def guest_cookie(state: State) -> Cookie:
    """Kept until the browser closes."""
    return _cookie(state.guest_name, state.guest, None)


def session_cookie(state: State, value: str) -> list[Cookie]:
    """The session's, and an end to the guest's. How long it counts is decided on the server, role by role."""
    return [
        _cookie(state.cookie_name, value, int(PARTNER_LONGEST.total_seconds())),
        _cookie(state.guest_name, "", 0),
    ]


def without_cookies(state: State) -> list[Cookie]:
    """What makes a browser forget both; a `__Host-` cookie is only forgotten with the attributes it was set with."""
    return [_cookie(state.cookie_name, "", 0), _cookie(state.guest_name, "", 0)]


def _cookie(name: str, value: str, seconds: int | None) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        max_age=seconds,
        path="/",
        secure=name.startswith("__Host-"),
        httponly=True,
        samesite="lax",
    )
