"""The OpenAPI document: Litestar's paths, filled in with what each handler says of itself in its decorator. Made once in a process and read by no handler, so
that a call pays nothing for it.

`takes` is the Struct of the body, `needs` what a body may not leave out although the Struct lets it, `gives` the Struct of the answer (or by status), `filters`
the words of the query, `pages` whether it has `limit` and `cursor`, `tagged` whether If-Match is heard, `tag_required`
whether it must come."""

from collections.abc import Iterator, Mapping
from inspect import getdoc
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import UNSET, Struct, UnsetType

from afterbell.web.errors import TITLES
from afterbell.web.idempotency import LONGEST
from afterbell.web.paging import MOST

REF = "#/components/schemas/{name}"
JSON, PROBLEM = "application/json", "application/problem+json"
Json = dict[str, Any]


class ReasonAnswer(Struct, forbid_unknown_fields=True):
    """One reason. `occurrence` is the original start (wall time) of the date it is about; `would_pass` what to send instead; `booking` which of several that
    are sent together."""

    code: str
    severity: str
    message: str
    policy: str | UnsetType = UNSET
    occurrence: str | UnsetType = UNSET
    would_pass: str | UnsetType = UNSET
    booking: int | UnsetType = UNSET
    anyway: bool | UnsetType = UNSET


class ProblemAnswer(Struct, forbid_unknown_fields=True):
    """Any answer but success (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    reasons: list[ReasonAnswer] | UnsetType = UNSET


def document(app: Litestar) -> Json:
    """The whole document, OpenAPI 3.1."""
    if "document" not in app.state:
        app.state.document = _made(app)
    found: Json = app.state.document
    return found


def _made(app: Litestar) -> Json:
    made: Json = app.openapi_schema.to_schema()
    handlers = {(path, method): handler for path, method, handler in _handlers(app)}
    names = _schemas([handler for _, handler in handlers.items()])
    for path, item in made["paths"].items():
        for method, operation in item.items():
            if handler := handlers.get((path, method)):
                operation.update(_operation(handler, operation, method, names[0]))
    made["components"] = {
        "schemas": names[1],
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
    }
    return made | {"security": [{"bearer": []}]}


def _handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            yield from ((route.path_format, method.lower(), handler) for method in handler.http_methods)


def _answers(handler: HTTPRouteHandler) -> Mapping[int, type[Struct] | None]:
    gives = handler.opt.get("gives")
    return gives if isinstance(gives, Mapping) else {handler.status_code: gives}


def _schemas(handlers: list[HTTPRouteHandler]) -> tuple[dict[type, Json], Json]:
    """Where the schema of each Struct is, and the schemas by their names."""
    used: dict[type, None] = {ProblemAnswer: None}
    for handler in handlers:
        told = (handler.opt.get("takes"), *_answers(handler).values())
        used |= {each: None for each in told if each is not None}
    where, schemas = msgspec.json.schema_components(used, ref_template=REF)
    return dict(zip(used, where, strict=True)), schemas


def _operation(handler: HTTPRouteHandler, before: Json, method: str, where: Mapping[type, Json]) -> Json:
    """What Litestar cannot know of one operation."""
    said = {"description": getdoc(handler.fn) or "", "responses": _responses(handler, method, where)}
    parameters = [*before.get("parameters", ()), *_parameters(handler, method)]
    takes = handler.opt.get("takes")
    if takes is None:
        return said | {"parameters": parameters}
    needs = handler.opt.get("needs", ())
    schema = {"allOf": [where[takes], {"required": list(needs)}]} if needs else where[takes]
    required = bool(needs) or any(field.required for field in msgspec.structs.fields(takes))
    return said | {
        "parameters": parameters,
        "requestBody": {"required": required, "content": {JSON: {"schema": schema}}},
    }


def _parameters(handler: HTTPRouteHandler, method: str) -> Iterator[Json]:
    for name in handler.opt.get("filters", ()):
        yield {"name": name, "in": "query", "schema": {"type": "string"}}
    if handler.opt.get("pages"):
        yield {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MOST}}
        yield {"name": "cursor", "in": "query", "schema": {"type": "string"}}
    if method == "post":
        key = {"type": "string", "minLength": 1, "maxLength": LONGEST}
        yield {"name": "Idempotency-Key", "in": "header", "schema": key}
    if handler.opt.get("tagged"):
        required = {"required": True} if handler.opt.get("tag_required") else {}
        yield {"name": "If-Match", "in": "header", "schema": {"type": "string"}} | required


def _responses(handler: HTTPRouteHandler, method: str, where: Mapping[type, Json]) -> Json:
    """Success by status, then every problem that the operation may answer."""
    found: Json = {}
    for status, gives in _answers(handler).items():
        found[str(status)] = {"description": "Done" if status != 201 else "Made"}
        if gives is not None:
            found[str(status)]["content"] = {JSON: {"schema": where[gives]}}
    problem = {PROBLEM: {"schema": where[ProblemAnswer]}}
    wrong = {401, 403, 404, 422, 500, 503} | ({400, 409, 413, 415} if method in ("post", "put", "patch") else set())
    wrong |= {412} if handler.opt.get("tagged") else set()
    for status in sorted(wrong | ({428} if handler.opt.get("tag_required") else set())):
        found[str(status)] = {"description": TITLES[status], "content": problem}
    return found
