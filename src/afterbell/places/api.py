"""`/api/v1/schools` and `/rooms`: the catalogue for programs."""

from typing import Any

from litestar import Controller, Request, get
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.people.access import signed_in
from afterbell.places.answers import RoomAnswer, RoomList, SchoolAnswer, SchoolList
from afterbell.places.catalog import Near, RoomRow, SchoolRow, kilometres, room, rooms_of, school, schools
from afterbell.policy.projection import Viewer
from afterbell.policy.verdict import N_, Message
from afterbell.problem import malformed, not_found
from afterbell.web.paging import listing, page

MOST_KM = 200


class PlacesApi(Controller):
    """Open to everybody with a token."""

    path = "/api/v1"

    @get("/schools", gives=SchoolList, filters=("q", "near", "within_km"), pages=True)
    async def schools(self, request: Request[Any, Any, Any], session: AsyncSession, viewer: Viewer) -> dict[str, Any]:
        """Filters `q`, `near=LAT,LON`, `within_km`."""
        signed_in(viewer)
        asked = request.query_params
        at = page(asked.get("limit"), asked.get("cursor"))
        near = read_near(asked.get("near"), asked.get("within_km"))
        rows = await schools(session, q=asked.get("q", "")[:100], near=near, after=at.after, most=at.limit + 1)
        rows = rows[: at.limit] if near else rows
        return listing(rows, at, lambda row: row.slug, lambda row: school_json(row, near))

    @get("/schools/{slug:str}", gives=SchoolAnswer)
    async def school(self, session: AsyncSession, viewer: Viewer, slug: str) -> dict[str, Any]:
        """One school."""
        signed_in(viewer)
        found = await school(session, slug)
        if found is None:
            raise not_found()
        return school_json(found, None)

    @get("/schools/{slug:str}/rooms", gives=RoomList, pages=True)
    async def rooms(
        self, request: Request[Any, Any, Any], session: AsyncSession, viewer: Viewer, slug: str
    ) -> dict[str, Any]:
        """The rooms of a school."""
        signed_in(viewer)
        if await school(session, slug) is None:
            raise not_found()
        at = page(request.query_params.get("limit"), request.query_params.get("cursor"))
        rows = await rooms_of(session, slug, after=at.after, most=at.limit + 1)
        return listing(rows, at, lambda row: f"{row.name}|{row.id}", room_json)

    @get("/rooms/{key:str}", gives=RoomAnswer)
    async def room(self, session: AsyncSession, viewer: Viewer, key: str) -> dict[str, Any]:
        """One room, by id."""
        return await _room(session, viewer, key)

    @get("/rooms/{school:str}/{slug:str}", gives=RoomAnswer)
    async def room_by_name(self, session: AsyncSession, viewer: Viewer, school: str, slug: str) -> dict[str, Any]:
        """One room, by the names of its school and its own."""
        return await _room(session, viewer, f"{school}/{slug}")


async def _room(session: AsyncSession, viewer: Viewer, key: str) -> dict[str, Any]:
    signed_in(viewer)
    found = await room(session, key)
    if found is None:
        raise not_found()
    return room_json(found)


def read_near(near: str | None, within_km: str | None) -> Near | None:
    """The point of a query; 422 with the form that passes."""
    if not near:
        return None
    try:
        latitude, longitude = (float(part) for part in near.split(","))
        within = float(within_km or 10)
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180 and 0 < within <= MOST_KM):
            raise ValueError(near)
    except ValueError as error:
        message = N_("near is LAT,LON in degrees, such as 34.05,-118.25, and within_km a number up to {most}.")
        raise malformed(Message(message, {"most": MOST_KM})) from error
    return Near(latitude, longitude, within)


def school_json(row: SchoolRow, near: Near | None) -> dict[str, Any]:
    """A school; `distance_km` when a point was given."""
    body: dict[str, Any] = {
        "slug": row.slug,
        "name": row.name,
        "campus": row.campus,
        "level": row.level,
        "address": {"street": row.street, "city": row.city, "zip": row.zip},
        "latitude": row.latitude,
        "longitude": row.longitude,
        "phone": row.phone,
        "time_zone": row.time_zone,
    }
    if near and row.latitude is not None and row.longitude is not None:
        body["distance_km"] = round(kilometres(near, row.latitude, row.longitude), 2)
    return body


def room_json(row: RoomRow) -> dict[str, Any]:
    """A room as API.md has it."""
    return {
        "id": row.public_id,
        "slug": row.slug,
        "school": row.school,
        "campus": row.campus,
        "name": row.name,
        "kind": row.kind,
        "capacity": row.capacity,
        "layouts": row.layouts or {},
        "features": row.features,
        "access": row.access,
        "spaces": list(row.spaces),
        "time_zone": row.time_zone,
    }
