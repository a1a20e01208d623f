"""Who reads the letters when whoever asked has left: the organization's manager; nobody once there is none."""

from afterbell.bookings.recipient import recipient_of
from tests.conftest import District
from tests.ground import sql
from tests.reminders.booked import Series, series

LEFT = "DELETE FROM memberships WHERE person_id = {person}"
MANAGES = """UPDATE memberships SET role = 'partner_manager' WHERE organization_id = {organization}
    AND person_id = (SELECT id FROM people WHERE email = 'rosa@clinic.example')"""
NOBODY = "DELETE FROM memberships WHERE organization_id = {organization}"


async def reader(booked: Series) -> str | None:
    """Their address."""
    async with booked.database.reading() as session:
        found = await recipient_of(session, booked.booking)
    return found.email if found else None


async def test_letters_go_to_the_manager_when_the_asker_has_left(district: District) -> None:
    async with series(district, 1) as booked:
        organization = booked.booking.organization_id
        await sql.tell(district.url, MANAGES.format(organization=organization))
        found = [await reader(booked)]
        for statement in (LEFT, NOBODY):
            filled = statement.format(person=booked.lin.person_id, organization=organization)
            await sql.tell(district.url, filled)
            found.append(await reader(booked))
    assert found == ["lin@clinic.example", "rosa@clinic.example", None]
