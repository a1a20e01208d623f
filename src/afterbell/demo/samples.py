"""The sample's settled bookings as tables: what is on now and in the next weeks at every school, and what became of the rest. What still waits is in
demo.waiting."""

from collections.abc import Sequence
from dataclasses import dataclass

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Sample:
    """One booking. Its first date is the first `weekday` (any day when None) at least `days` from today that no rule refuses; it was asked for `ago` days ago,
    or else sixty days before its first date. `fate` is what became of it (demo.fates), `reads` what families read (demo.listings). `also` are further rooms
    of the school, `layout` how they are set up; what is `monthly` is on the same weekday of each month."""

    room: str
    who: str
    title: str
    activity: str
    days: int
    weekday: int | None
    at: str
    hours: float
    people: int
    weeks: int
    fate: str
    reads: str = ""
    ago: int | None = None
    program: str = ""
    also: tuple[str, ...] = ()
    layout: str = ""
    monthly: bool = False


def read(table: str) -> tuple[Sample, ...]:
    """A line a booking: room, who asks, title, activity, first date ("+20 Mon 18:00 2h"), people by weeks, fate, and whatever more it has."""
    return tuple(_sample([cell.strip() for cell in line.split("|")]) for line in table.strip().splitlines())


def _sample(cells: Sequence[str]) -> Sample:
    room, who, title, activity, when, size, fate, *more = cells
    days, *weekday, at, hours = when.split()
    people, weeks = size.split(" x ")
    extra = dict(pair.split("=") for pair in " ".join(more).split())
    ago = extra.get("ago")
    return Sample(
        room,
        who,
        title,
        activity,
        int(days),
        DAYS.index(weekday[0]) if weekday else None,
        at,
        float(hours.removesuffix("h")),
        int(people),
        int(weeks),
        fate,
        extra.get("reads", ""),
        int(ago) if ago else None,
        extra.get("in", ""),
        tuple(filter(None, extra.get("also", "").split("+"))),
        extra.get("set", ""),
        "monthly" in extra,
    )


# On each day of the week at schools all over the district, begun some weeks ago.
WEEKLY = """\
baldwin-hills-elementary/room-12         | pilar | Inglés para adultos     | adult-esl         | -34 Mon 18:00 2h   | 25 x 18 | approved | reads=esl
cheremoya-avenue-elementary/library      | vega  | Homework help           | enrichment-class  | -20 Mon 15:30 2h   | 30 x 16 | approved | reads=homework
woodland-hills-academy/gym-a             | dee   | Hoops, Mondays          | youth-sports      | -13 Mon 17:00 2h   | 60 x 14 | approved | reads=basketball
24th-street-elementary/parent-center     | pilar | Citizenship class       | adult-esl         | -19 Tue 17:30 2h   | 20 x 14 | approved | reads=citizenship
venice-high/wellness-center              | lin   | Vaccines, Tuesdays      | vaccination       | -19 Tue 16:00 3h   | 20 x 14 | approved | reads=vaccines in=bus
morningside-elementary/mpr               | noor  | Folk dance              | enrichment-class  | -12 Tue 17:00 1.5h | 40 x 12 | approved | reads=dance
luther-burbank-middle/gym-b              | pilar | Zumba en familia        | enrichment-class  | -18 Wed 18:00 1h   | 50 x 14 | approved | reads=zumba
ascot-avenue-elementary/mpr              | park  | Food pantry             | food-distribution | -18 Wed 15:30 3h   | 150 x 16 | approved | reads=pantry
communication-and-technology/media-lab   | vega  | Computer basics         | enrichment-class  | -11 Wed 18:00 2h   | 30 x 12 | approved | reads=computers
venice-high/gym                          | dee   | Neighborhood basketball | youth-sports      | -17 Thu 18:00 3h   | 120 x 14 | approved | reads=basketball
public-service-community/wellness-center | lin   | Dental screening        | community-clinic  | -17 Thu 15:30 3h   | 18 x 12 | approved | reads=dental in=bus
san-pedro-street-elementary/library           | pilar | Reading circle          | parent-workshop   | -10 Thu 16:00 1.5h | 30 x 12 | approved | reads=reading
luther-burbank-middle/auditorium         | sam   | Theater workshop        | enrichment-class  | -16 Fri 16:00 2.5h | 60 x 14 | approved | reads=theatre
charnock-road-elementary/mpr             | kim   | Robotics club           | enrichment-class  | -16 Fri 15:30 2h   | 40 x 14 | approved | reads=robotics
venice-high/cafeteria                    | park  | Groceries for families  | food-distribution | -15 Sat 09:00 3h   | 200 x 14 | approved | reads=pantry
woodland-hills-academy/wellness-center   | rosa  | Eye tests               | vaccination       | -15 Sat 10:00 3h   | 20 x 12 | approved | reads=vision in=bus
"""
# What the programme never shows, or shows without a room.
PRIVATE = """\
venice-high/room-102                 | lin   | Dental follow-ups       | community-clinic   | -12 16:00 3h  | 18 x 1 | approved
24th-street-elementary/room-12       | lin   | Clinic intake, Tuesdays | community-clinic   | +1 16:00 2h   | 15 x 12 | approved
24th-street-elementary/room-14       | rosa  | Grupo de apoyo          | counselling        | +2 17:00 2h   | 12 x 6 | approved
luther-burbank-middle/room-101       | pilar | Ayuda migratoria        | legal-aid          | +9 17:00 2.5h | 20 x 4 | approved
san-pedro-street-elementary/parent-center | rosa  | Recovery evenings       | recovery-group     | +3 19:00 2h   | 12 x 8 | approved
ascot-avenue-elementary/library      | vega  | Restorative circle      | restorative-circle | +4 16:00 2h   | 14 x 3 | approved
"""
ONCE = """\
venice-high/auditorium                 | sam   | Winter showcase         | performance      | +16 18:00 3h | 220 x 1 | approved | reads=showcase
24th-street-elementary/mpr             | pilar | Neighborhood council    | civic-meeting    | +11 18:00 2h | 80 x 1 | approved | reads=council
morningside-elementary/library         | vega  | Council of San Fernando | civic-meeting    | +3 18:00 2h  | 50 x 1 | approved | reads=council
luther-burbank-middle/gym-a            | sam   | Stage combat workshop   | enrichment-class | +10 16:00 2h | 40 x 1 | approved | reads=theatre
cheremoya-avenue-elementary/yard       | sam   | Street theatre day      | performance      | +20 15:30 3h | 100 x 1 | approved | reads=showcase
baldwin-hills-elementary/mpr           | pilar | Posada practice         | performance      | +18 17:00 2h | 90 x 2 | approved
venice-high/field                      | sam   | Outdoor stage test      | performance      | +25 15:30 2h | 60 x 1 | approved
communication-and-technology/black-box | sam   | Lights and sound        | enrichment-class | +6 16:00 2h  | 40 x 3 | approved | reads=theatre
"""
# By staff, for the school itself or for somebody who called.
ENTERED = """\
24th-street-elementary/library         | castillo | Family literacy night | school-event  | +7 17:00 2h    | 60 x 1 | approved | reads=reading
24th-street-elementary/mpr             | castillo | Open house            | school-event  | +13 17:30 2h   | 180 x 1 | approved
charnock-road-elementary/mpr           | molina   | Science fair          | school-event  | +30 16:00 3h   | 150 x 1 | waits
luther-burbank-middle/cafeteria        | okafor   | Scouts' pasta supper  | civic-meeting | +24 17:00 2.5h | 90 x 1 | called
baldwin-hills-elementary/parent-center | okafor   | Block club            | civic-meeting | +26 18:00 1.5h | 20 x 1 | called
"""
FATES = """\
24th-street-elementary/parking        | pilar | Swap meet             | civic-meeting    | +30 15:00 4h   | 40 x 1 | declined
luther-burbank-middle/room-102        | sam   | Cast party            | performance      | +32 19:00 2h   | 30 x 1 | declined
ascot-avenue-elementary/room-12       | vega  | Tenants' evening      | civic-meeting    | +29 18:00 2h   | 28 x 1 | declined
baldwin-hills-elementary/library      | lin   | Health fair planning  | civic-meeting    | +28 17:00 1h   | 20 x 1 | withdrawn
24th-street-elementary/mpr            | sam   | Puppet show           | performance      | +35 16:00 2h   | 120 x 1 | withdrawn
venice-high/room-101                  | lin   | First-aid course      | enrichment-class | +4 16:00 3h    | 30 x 3 | cancelled | reads=computers
charnock-road-elementary/library      | pilar | Story hour            | parent-workshop  | +5 17:00 2h    | 30 x 1 | cancelled | reads=reading
luther-burbank-middle/room-102        | sam   | Script reading        | performance      | +17 16:00 2h   | 20 x 6 | one_cancelled
baldwin-hills-elementary/room-14      | rosa  | Diabetes group        | counselling      | +12 16:00 1.5h | 10 x 6 | one_cancelled
san-pedro-street-elementary/mpr            | vega  | Posada for the block  | civic-meeting    | +22 17:00 2h   | 120 x 4 | part_declined
cheremoya-avenue-elementary/room-12   | kim   | Coding for girls      | enrichment-class | +23 15:30 2h   | 24 x 6 | part_declined
public-service-community/gym-a        | dee   | Summer league tryouts | youth-sports     | +27 17:00 2h   | 80 x 4 | freed
morningside-elementary/yard           | dee   | Three on three        | youth-sports     | +40 15:30 2h   | 60 x 2 | lapsed | ago=40
ascot-avenue-elementary/parent-center | noor  | Costume sewing        | enrichment-class | +42 16:00 2h   | 15 x 3 | lapsed | ago=38
"""
# With dates left out that the weekly ones have.
SKIPPED = """\
san-pedro-street-elementary/library | vega | Bilingual story time | parent-workshop  | +7 Thu 15:00 2h   | 25 x 18 | skips | reads=reading
luther-burbank-middle/gym-b    | dee  | Futsal for girls     | youth-sports     | +8 Wed 17:00 1.5h | 40 x 18 | skips | reads=basketball
"""
# At a campus where requests compete: one wins, the others are declined with another room where there is one.
CONTEST = """\
woodland-hills-academy/auditorium | sam   | Spring musical       | performance   | +45 Wed 16:00 3h | 200 x 8 | loses | ago=20
woodland-hills-academy/auditorium | vega  | Valley assembly      | civic-meeting | +45 Wed 17:00 2h | 180 x 1 | loses | ago=19
woodland-hills-academy/auditorium | pilar | Graduation of adults | civic-meeting | +45 Wed 17:30 2h | 150 x 2 | wins | ago=18
"""
SETTLED = read(WEEKLY + PRIVATE + ONCE + ENTERED + FATES + SKIPPED + CONTEST)
