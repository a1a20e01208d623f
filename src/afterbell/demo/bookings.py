"""The sample's bookings: around today, in every state, each made and decided by the acts some weeks earlier."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.almanac.recurrence import Repeat
from afterbell.almanac.rule import WEEKDAYS
from afterbell.bookings.enter import enter_booking
from afterbell.bookings.request import preview
from afterbell.demo.engine import ENGINE
from afterbell.demo.fates import FATES, Case
from afterbell.demo.listings import LISTINGS, PROGRAMS
from afterbell.demo.people import CAST, NEIGHBOURS, slug_or_none
from afterbell.demo.samples import SETTLED, Sample
from afterbell.demo.schools import TOGETHER
from afterbell.demo.waiting import WAITING
from afterbell.policy.ask import Ask
from afterbell.policy.projection import Viewer

ZONE = ZoneInfo("America/Los_Angeles")
ASKED_BEFORE = timedelta(days=60)
TRIES = 60
CROWD = 50  # more people than that need a quarter of an hour to set up, and to take down
LATEST = 28  # a day of the month that lets its weekday come again in every month
SAMPLES = SETTLED + WAITING + ENGINE
CALLER = {"name": "Mrs Ida Clarke", "phone": "(323) 555-0133", "organization": "Pack 24"}
PEOPLE = {persona.email.split("@")[0]: persona for persona in CAST + NEIGHBOURS}


async def sow_bookings(session: AsyncSession, viewers: Mapping[str, Viewer], *, now: datetime) -> int:
    """Every sample, through the acts; answers how many. A first date that a rule refuses moves on, a later one that is closed is left out; a sample that finds
    no day in two months is left out altogether."""
    made = 0
    for sample in SAMPLES:
        found = await _ask_that_passes(session, sample, viewers[sample.who], now)
        if found is not None:
            ask, asked = found
            booking = await enter_booking(session, ask, by=viewers[sample.who], now=asked)
            case = Case(booking, viewers[sample.who], viewers[_approver(sample)], asked)
            if booking.state == "requested":
                await FATES[sample.fate](session, case)
            made += 1
    return made


def _asked(sample: Sample, first: date, now: datetime) -> datetime:
    if sample.ago is not None:
        return now - timedelta(days=sample.ago)
    return min(now, now + (first - now.astimezone(ZONE).date()) - ASKED_BEFORE)


def _approver(sample: Sample) -> str:
    """Who decides at that school and does not belong to it."""
    school = sample.room.partition("/")[0]
    campus = TOGETHER.get(school, school)
    okafor, kwan = PEOPLE["okafor"], PEOPLE["kwan"]
    return "okafor" if campus in okafor.campuses else "kwan" if campus in kwan.campuses else "becker"


async def _ask_that_passes(
    session: AsyncSession, sample: Sample, by: Viewer, now: datetime
) -> tuple[Ask, datetime] | None:
    """With the moment when it was asked for."""
    for day in _days(sample, now):
        asked = _asked(sample, day, now)
        ask = _ask(sample, datetime.combine(day, time.fromisoformat(sample.at)))
        verdict = (await preview(session, ask, by=by, now=asked)).verdict
        reasons = [reason for reason in verdict.reasons if reason.severity.value == "refuse"]
        closed = frozenset(each.occurrence.date() for each in reasons if each.code == "closed" and each.occurrence)
        if not reasons:
            return ask, asked
        if len(reasons) == len(closed) and day not in closed and ask.repeat:
            return replace(ask, repeat=replace(ask.repeat, skip=closed)), asked
    return None


def _days(sample: Sample, now: datetime) -> list[date]:
    first = (now + timedelta(days=sample.days)).astimezone(ZONE).date()
    days = [first + timedelta(days=offset) for offset in range(TRIES)]
    days = [day for day in days if not sample.monthly or day.day <= LATEST]
    return [day for day in days if sample.weekday in (None, day.weekday())]


def _ask(sample: Sample, starts: datetime) -> Ask:
    persona = PEOPLE[sample.who]
    around = timedelta(minutes=15 if sample.people > CROWD else 0)
    school = sample.room.partition("/")[0]
    called = sample.fate == "called"
    return Ask(
        organization=None if called else slug_or_none(persona.organization) or school,
        title=sample.title,
        activity=sample.activity,
        rooms=[sample.room, *(f"{school}/{slug}" for slug in sample.also)],
        starts=starts,
        ends=starts + timedelta(hours=sample.hours),
        headcount=sample.people,
        repeat=Repeat(_rule(sample, starts)) if sample.weeks > 1 else None,
        setup=around,
        takedown=around,
        on_behalf_of=CALLER if called else None,
        listing=LISTINGS[sample.reads] if sample.reads else None,
        program=PROGRAMS.get(sample.program),
        skips=sample.fate == "skips",
        layout=sample.layout or None,
    )


def _rule(sample: Sample, starts: datetime) -> str:
    """Every week, or on the third Thursday of each month and the like."""
    if not sample.monthly:
        return f"FREQ=WEEKLY;COUNT={sample.weeks}"
    return f"FREQ=MONTHLY;BYDAY={(starts.day - 1) // 7 + 1}{WEEKDAYS[starts.weekday()]};COUNT={sample.weeks}"
