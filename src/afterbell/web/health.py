"""Whether this process lives and is ready, and the OpenAPI document for holders of a token."""

from typing import Any

from litestar import MediaType, Request, Response, Router, get
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem, not_found
from afterbell.web.openapi import document


@get("/healthz", media_type=MediaType.TEXT, include_in_schema=False)
async def healthz() -> str:
    """The process answers."""
    return "ok"


@get("/readyz", media_type=MediaType.TEXT, include_in_schema=False)
async def readyz(session: AsyncSession) -> str:
    """The database answers too; 503 when it does not."""
    await session.execute(text("SELECT 1"))
    return "ready"


@get("/api/openapi.json", include_in_schema=False)
async def openapi_document(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """OpenAPI 3.1, for anyone with a valid token."""
    if request.state.viewer.person_id is None:
        raise Problem(401, Message(N_("Sign in first.")), headers={"WWW-Authenticate": "Bearer"})
    return Response(document(request.app))


def shut_schema() -> Router:
    """Where Litestar would show the document by itself: to everybody, with scripts from afar. It answers 404 to all."""
    return Router("/api/_schema", route_handlers=[], include_in_schema=False, guards=[_to_nobody])


async def _to_nobody(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    raise not_found()
