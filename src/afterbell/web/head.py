"""HEAD wherever there is GET (RFC 9110 9.3.2), in one place: handlers name GET alone. The server under us sends no body to it."""

from typing import Any

from litestar import Litestar


class HeadToo(Litestar):
    """An application that is asked HEAD answers as if it were GET; the length of the body is told and the body is not."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The scope is copied: the server reads its own to know what it was asked."""
        if scope.get("method") == "HEAD":
            scope = {**scope, "method": "GET"}
        await super().__call__(scope, receive, send)
