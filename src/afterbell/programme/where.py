"""A place as people write it: a ZIP code, or a point in degrees. Turned into a circle without asking any map."""

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.places.catalog import KM_A_MILE, Near, centre_of_zip
from afterbell.policy.verdict import N_, Message
from afterbell.programme.wanted import ZIP, point


async def circle(session: AsyncSession, text: str, miles: int) -> Near | None:
    """Around the middle of the ZIP code, or the point; None where no school of the district is, or when it is neither."""
    found = await centre_of_zip(session, text) if ZIP.fullmatch(text) else point(text)
    return None if found is None else Near(*found, miles * KM_A_MILE)


def nowhere(text: str) -> Message:
    """What to say when there is none."""
    return Message(
        N_("No school of the district is in {place}. Write a ZIP code of five digits near you, such as 90018."),
        {"place": text},
    )
