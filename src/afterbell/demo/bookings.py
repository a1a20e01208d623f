"""The sample's bookings: around today, in every state, each made and decided by the acts some weeks earlier."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Repeat
from afterbell.bookings.cancel import cancel, withdraw
from afterbell.bookings.decide import approve, decline
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.request import preview, request_booking
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer

ZONE = ZoneInfo("America/Los_Angeles")
ASKED_BEFORE = timedelta(days=60)
DECIDED_AFTER = timedelta(days=2)
TRIES = 60

ELEM, HILLS, BURBANK, VENICE = (
    "24th-street-elementary",
    "baldwin-hills-elementary",
    "luther-burbank-middle",
    "venice-high",
)
LIN, ROSA, SAM, PILAR, OKAFOR, BECKER = (
    "lin@clinic.example",
    "rosa@clinic.example",
    "sam@theatre.example",
    "pilar@casa.example",
    "okafor@district.example",
    "becker@district.example",
)
ORGANIZATIONS = {
    LIN: "eastside-community-clinic",
    ROSA: "eastside-community-clinic",
    SAM: "figueroa-youth-theatre",
    PILAR: "casa-del-pueblo",
}


@dataclass(frozen=True)
class Sample:
    """One booking: its first date lies `days` from today or soon after, and `fate` is what became of it."""

    room: str
    who: str
    title: str
    activity: str
    days: int
    at: str
    hours: float
    people: int
    weeks: int = 1
    fate: str = "approved"


SAMPLES = (
    Sample(f"{VENICE}/wellness-center", LIN, "Flu shots for families", "vaccination", -12, "16:00", 3, 20),
    Sample(f"{VENICE}/wellness-center", LIN, "Dental screening evening", "community-clinic", -5, "16:00", 3, 18),
    Sample(f"{ELEM}/room-12", LIN, "Clinic intake, Tuesdays", "community-clinic", 1, "16:00", 2, 15, weeks=12),
    Sample(f"{ELEM}/parent-center", ROSA, "Grupo de apoyo", "counselling", 2, "17:00", 2, 12, weeks=6),
    Sample(f"{BURBANK}/wellness-center", LIN, "Vision screening", "community-clinic", 8, "15:30", 3, 20),
    Sample(f"{BURBANK}/room-101", PILAR, "Ayuda migratoria", "legal-aid", 9, "17:00", 2.5, 20, weeks=4),
    Sample(f"{HILLS}/room-12", PILAR, "Inglés para adultos", "adult-esl", 0, "18:00", 2, 25, weeks=10),
    Sample(f"{HILLS}/library", PILAR, "Reading circle for parents", "parent-workshop", 3, "16:30", 1.5, 30),
    Sample(f"{BURBANK}/auditorium", SAM, "Spring play rehearsal", "performance", 4, "15:30", 3, 60, weeks=8),
    Sample(f"{BURBANK}/gym-a", SAM, "Stage combat workshop", "enrichment-class", 10, "16:00", 2, 40),
    Sample(f"{BURBANK}/gym-b", PILAR, "Zumba en familia", "enrichment-class", 10, "16:00", 2, 50, weeks=3),
    Sample(f"{VENICE}/gym", PILAR, "Neighborhood basketball", "youth-sports", 5, "18:00", 3, 120, weeks=6),
    Sample(f"{VENICE}/cafeteria", PILAR, "Food pantry", "food-distribution", 6, "15:00", 3, 150, weeks=4),
    Sample(f"{VENICE}/auditorium", SAM, "Winter showcase", "performance", 16, "18:00", 3, 220),
    Sample(f"{ELEM}/mpr", PILAR, "Neighborhood council", "civic-meeting", 11, "18:00", 2, 80),
    Sample(f"{ELEM}/yard", SAM, "Street theatre day", "performance", 20, "15:00", 3, 100),
    Sample(f"{HILLS}/mpr", PILAR, "Posada practice", "performance", 18, "17:00", 2, 90, weeks=2),
    Sample(f"{VENICE}/field", SAM, "Outdoor stage test", "performance", 25, "15:30", 2, 60),
    Sample(
        f"{HILLS}/parent-center", ROSA, "Nutrition class", "parent-workshop", 55, "16:00", 1.5, 15, weeks=4, fate="held"
    ),
    Sample(f"{ELEM}/room-14", LIN, "Asthma clinic", "community-clinic", 56, "16:00", 2, 20, weeks=12, fate="held"),
    Sample(f"{BURBANK}/room-102", PILAR, "Citizenship class", "adult-esl", 57, "18:00", 2, 30, weeks=8, fate="held"),
    Sample(f"{BURBANK}/auditorium", SAM, "Summer auditions", "performance", 60, "16:00", 3, 80, weeks=3, fate="held"),
    Sample(f"{VENICE}/gym-a", SAM, "Movement workshop", "enrichment-class", 61, "16:00", 2, 60, fate="held"),
    Sample(
        f"{VENICE}/wellness-center",
        ROSA,
        "Recovery evenings",
        "recovery-group",
        62,
        "19:00",
        2,
        12,
        weeks=4,
        fate="held",
    ),
    Sample(f"{ELEM}/library", PILAR, "Homework help", "enrichment-class", 58, "15:30", 2, 30, weeks=6, fate="held"),
    Sample(f"{HILLS}/yard", SAM, "Juggling for beginners", "enrichment-class", 63, "15:30", 1.5, 40, fate="held"),
    Sample(f"{ELEM}/parking", PILAR, "Swap meet", "civic-meeting", 30, "15:00", 4, 40, fate="declined"),
    Sample(f"{BURBANK}/cafeteria", SAM, "Cast party", "performance", 32, "19:00", 2, 100, fate="declined"),
    Sample(f"{HILLS}/library", LIN, "Health fair planning", "civic-meeting", 28, "17:00", 1, 20, fate="withdrawn"),
    Sample(f"{ELEM}/mpr", SAM, "Puppet show", "performance", 35, "16:00", 2, 120, fate="withdrawn"),
    Sample(
        f"{VENICE}/room-101", LIN, "First-aid course", "enrichment-class", 14, "16:00", 3, 30, weeks=3, fate="cancelled"
    ),
    Sample(f"{VENICE}/room-102", PILAR, "Computer basics", "enrichment-class", 15, "17:00", 2, 30, fate="cancelled"),
    Sample(
        f"{BURBANK}/room-102", SAM, "Script reading", "performance", 17, "16:00", 2, 20, weeks=6, fate="one cancelled"
    ),
    Sample(
        f"{HILLS}/room-14", ROSA, "Diabetes group", "counselling", 12, "16:00", 1.5, 10, weeks=6, fate="one cancelled"
    ),
)


async def sow_bookings(session: AsyncSession, viewers: Mapping[str, Viewer], *, now: datetime) -> None:
    """Every sample, through the acts. A first date that a rule refuses moves to the next day, a later one that is closed is left out; a sample that finds
    no day in two months is left out altogether."""
    for sample in SAMPLES:
        asked = min(now, _first_day(sample, now) - ASKED_BEFORE)
        ask = await _ask_that_passes(session, sample, viewers[sample.who], asked, now)
        if ask is not None:
            booked = await request_booking(session, ask, by=viewers[sample.who], now=asked)
            await _meet_fate(session, sample, booked, viewers, asked + DECIDED_AFTER)


def _first_day(sample: Sample, now: datetime) -> datetime:
    return now + timedelta(days=sample.days)


async def _ask_that_passes(
    session: AsyncSession, sample: Sample, by: Viewer, asked: datetime, now: datetime
) -> Ask | None:
    day = _first_day(sample, now).astimezone(ZONE).date()
    for offset in range(TRIES):
        starts = datetime.combine(day + timedelta(days=offset), time.fromisoformat(sample.at))
        ask = _ask(sample, starts)
        reasons = (await preview(session, ask, by=by, now=asked)).verdict.reasons
        closed = frozenset(
            reason.occurrence.date() for reason in reasons if reason.code == "closed" and reason.occurrence
        )
        if len(reasons) == len(closed) and starts.date() not in closed:
            return replace(ask, repeat=replace(ask.repeat, skip=closed)) if ask.repeat else ask
    return None


def _ask(sample: Sample, starts: datetime) -> Ask:
    return Ask(
        organization=ORGANIZATIONS[sample.who],
        title=sample.title,
        activity=sample.activity,
        rooms=[sample.room],
        starts=starts,
        ends=starts + timedelta(hours=sample.hours),
        headcount=sample.people,
        repeat=Repeat(f"FREQ=WEEKLY;COUNT={sample.weeks}") if sample.weeks > 1 else None,
        setup=timedelta(minutes=15 if sample.people > 50 else 0),
        takedown=timedelta(minutes=15 if sample.people > 50 else 0),
    )


async def _meet_fate(
    session: AsyncSession, sample: Sample, booked: BookingRow, viewers: Mapping[str, Viewer], at: datetime
) -> None:
    owner, approver = viewers[sample.who], viewers[OKAFOR]
    if sample.fate == "declined":
        await decline(session, booked.reference, "The school needs this room that evening.", by=approver, now=at)
    elif sample.fate == "withdrawn":
        await withdraw(session, booked.reference, by=owner, now=at)
    elif sample.fate != "held":
        approved = await approve(session, booked.reference, by=approver, now=at)
        names = [approved.dates[-1].public_id] if sample.fate == "one cancelled" else None
        if "cancelled" in sample.fate:
            await cancel(session, booked.reference, "We found a room nearer by.", by=owner, now=at, names=names)
