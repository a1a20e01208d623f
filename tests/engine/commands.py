"""Commands, and the drawer that a seed drives: who asks, decides, gives back, asks and answers, waits or closes a day. Most commands fit how things stand, so
that histories go somewhere; one in ten does not. Bookings and dates are named by their order, since references differ from database to database."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from afterbell.policy.lifecycle import WAITING
from tests.cast import BIRD, OWL, ZONE

PARTNERS: Mapping[str, str] = {
    "lin": "eastside-community-clinic",
    "rosa": "eastside-community-clinic",
    "sam": "figueroa-youth-theatre",
    "pilar": "casa-del-pueblo",
}
DECIDERS = ("becker", "whitfield")
EVERYBODY = (*PARTNERS, *DECIDERS)
ROOMS: Sequence[tuple[str, ...]] = (
    *[(f"{BIRD}/{slug}",) for slug in ("gym-a", "gym-b", "gym", "gym-a", "gym")],
    *[(f"{OWL}/{slug}",) for slug in ("hall-1", "hall-1a", "hall-1b", "hall-1", "hall-2")],
    (f"{OWL}/hall-1a", f"{OWL}/hall-2"),
    (f"{BIRD}/gym-b", f"{BIRD}/studio"),
    (f"{OWL}/any:gym",),
)
ACTIVITIES = ("community-clinic", "counselling", "performance")
THERE = ZoneInfo(ZONE)
FIRST_WEEK = 6  # the dates lie in three weeks from here on, counted from the history's first day
GONE = ("lapsed", "skipped", "declined", "withdrawn", "cancelled")
RARE = {"lapsed", "skipped"}
ACTS = ("request", "approve", "decline", "withdraw", "cancel", "question", "answer", "change", "take_back")
# What an administrator, or a school's own staff, may set for a room, quotas for its campus; None takes it back.
RULES: Sequence[tuple[str, Mapping[str, Any] | None]] = (
    ("lengths", {"longest": 120}),
    ("lengths", {"shortest": 90}),
    ("quotas", {"hours_a_week": 3}),
    ("quotas", {"dates_open": 3}),
    ("admission", {"reserved": [{"activities": ["community-clinic"], "flag": True}]}),
    ("admission", {"reserved": [{"kinds": ["clinic"]}]}),
    ("notice", {"partner": 25}),
    ("lengths", None),
    ("quotas", None),
    ("admission", None),
)


@dataclass(frozen=True)
class Command:
    """One act at one moment. `about` is the order of a booking in its history, `dates` the orders of some of its dates, None for all."""

    act: str
    at: datetime
    who: str = ""
    about: int | None = None
    dates: tuple[int, ...] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """How a booking stands, as far as the drawer must know: its dates by time with the names that they keep, whether a question was asked, and whether a
    change of what was approved waits."""

    organization: str
    campus: str
    states: Sequence[str]
    starts: Sequence[datetime]
    named: Sequence[datetime]
    asked: bool
    moving: bool
    free_until: datetime | None

    def waits(self, now: datetime) -> bool:
        """Whether something waits for a decision that can be made."""
        return self.moving or any(s in WAITING and at > now for s, at, _ in self._dates())

    def gone(self, now: datetime) -> dict[str, datetime]:
        """Of each fate the first date ahead that is gone by it."""
        return {s: name for s, at, name in reversed(self._dates()) if s in GONE and at > now}

    def live(self, now: datetime) -> list[int]:
        """The orders of the dates ahead that are not gone."""
        return [n for n, (s, at, _) in enumerate(self._dates()) if s not in GONE and at > now]

    def _dates(self) -> list[tuple[str, datetime, datetime]]:
        return list(zip(self.states, self.starts, self.named, strict=True))

    def approved(self, now: datetime) -> bool:
        """Whether something approved lies ahead."""
        return any(s == "approved" and at > now for s, at, _ in self._dates())


@dataclass
class Drawer:
    """Draws the commands of one history. `step_at` is when somebody's silence has its next consequence, told from outside like the standings."""

    dice: random.Random
    now: datetime
    steps: int = 0
    looked: tuple[str, Mapping[str, Any]] | None = None

    def __post_init__(self) -> None:
        self.first = self.now.astimezone(THERE).date()

    def command(self, bookings: Sequence[Standing], step_at: datetime | None) -> Command:
        """The next one; time goes on by minutes, now and then by days."""
        self.steps += 1
        self._go_on()
        kind = self._kind(bookings, step_at)
        drawn: dict[str, Callable[[], Command]] = {
            "request": self._request,
            "look": self._look,
            "commit": self._commit,
            "submit": self._submit,
            "rule": self._rule,
            "close": self._close,
            "work": lambda: Command("work", self.now),
            "wait": lambda: self._wait(step_at),
            "change": lambda: self._change(bookings),
            "again": lambda: self._again(bookings),
        }
        return drawn[kind]() if kind in drawn else self._act(kind, bookings)

    def _go_on(self) -> None:
        """A token is good for a day, so that little time passes before it is sent."""
        if self.looked is not None:
            self.now += timedelta(minutes=self.dice.randint(1, 120))
            return
        self.now += timedelta(minutes=self.dice.randint(1, 600))
        if self.dice.random() < 0.1:
            self.now += timedelta(days=self.dice.randint(1, 3))
        if self.steps == 24 and self.dice.random() < 0.3:
            self.now += timedelta(weeks=FIRST_WEEK - 1)

    def _kind(self, bookings: Sequence[Standing], step_at: datetime | None) -> str:
        """The kinds that fit, each by its weight."""
        if self.dice.random() < 0.1:
            return self.dice.choice(ACTS)
        waiting = sum(each.waits(self.now) for each in bookings)
        gone = [each.gone(self.now) for each in bookings]
        fitting = {
            "request": 8 if len(bookings) < 5 else 2,
            "look": 1.5 * (self.looked is None and len(bookings) < 6),
            "commit": 8 * (self.looked is not None),
            "submit": 0.6 * (len(bookings) < 4),
            "rule": 0.7,
            "approve": 3 * bool(waiting),
            "decline": 2 * bool(waiting),
            "question": 2 * bool(waiting),
            "withdraw": 2 * bool(waiting) + 2 * any(self._free(each) for each in bookings),
            "cancel": 2 * any(each.approved(self.now) for each in bookings),
            "answer": 2 * any(each.asked for each in bookings),
            "wait": 8 * (step_at is not None),
            "change": 4 * any(each.live(self.now) for each in bookings),
            "again": 4 * any(gone) + 6 * any(RARE & set(each) for each in gone),
            "take_back": any(each.moving for each in bookings),
            "close": 0.3,
            "work": 0.2,
        }
        return self.dice.choices(list(fitting), list(fitting.values()))[0]

    def _free(self, each: Standing) -> bool:
        return each.free_until is not None and each.free_until > self.now and each.approved(self.now)

    def _wait(self, step_at: datetime | None) -> Command:
        """Until the next consequence, and a minute more; then whatever is due."""
        self.now = max(self.now, step_at or self.now) + timedelta(minutes=1)
        return Command("expire", self.now)

    def _close(self) -> Command:
        """A day of the weeks in which there are dates, at one campus."""
        return Command("close", self.now, more={"campus": self.dice.choice((BIRD, OWL)), "day": self._day()})

    def _day(self) -> date:
        return self.first + timedelta(weeks=FIRST_WEEK + self.dice.randrange(3), days=self.dice.choice((1, 1, 2)))

    def _request(self) -> Command:
        return Command("request", self.now, who := self._asker(), more=self._wish(who))

    def _look(self) -> Command:
        """A preview, whose token is sent some commands later."""
        who = self._asker()
        self.looked = (who, self._wish(who))
        return Command("look", self.now, who, more=self.looked[1])

    def _commit(self) -> Command:
        """As it was looked at; now and then as somebody else, or for more people."""
        if self.looked is None:
            return self._request()
        (who, wish), self.looked = self.looked, None
        if self.dice.random() < 0.1:
            wish = {**wish, "headcount": wish["headcount"] + 1}
        return Command("commit", self.now, who if self.dice.random() < 0.95 else self._asker(), more=wish)

    def _submit(self) -> Command:
        """Two bookings of one organization, together."""
        who = self.dice.choice(list(PARTNERS))
        wanted = [{**self._wish(who), "program": "After hours"} for _ in range(2)]
        return Command("submit", self.now, who, more={"wanted": wanted})

    def _rule(self) -> Command:
        """For a room or its campus, from today on or from a day between now and the last dates."""
        name, value = self.dice.choice(RULES)
        today = self.now.astimezone(THERE).date()
        day = today + timedelta(days=self.dice.choice((0, 0, 1, 14)))
        room = self.dice.choice([rooms[0] for rooms in ROOMS if "any:" not in rooms[0]])
        campus = room.partition("/")[0] if name == "quotas" else None
        more = {"name": name, "value": value, "room": None if campus else room, "campus": campus, "day": day}
        return Command("rule", self.now, self.dice.choice(("whitfield", "becker")), more=more)

    def _asker(self) -> str:
        return self.dice.choice([*PARTNERS, *PARTNERS, "becker"])

    def _wish(self, who: str) -> Mapping[str, Any]:
        dice = self.dice
        starts = datetime.combine(self._day(), time(dice.choice((16, 17, 18, 18)), dice.choice((0, 0, 30))))
        rooms, weeks = dice.choice(ROOMS), dice.choice((1, 1, 2, 3, 4))
        caller = {"name": "Ana Ruiz", "email": "ana@neighbour.example"} if who in DECIDERS else None
        more = {
            "organization": PARTNERS.get(who, None if dice.random() < 0.5 else rooms[0].partition("/")[0]),
            "rooms": rooms,
            "starts": starts,
            "ends": starts + timedelta(minutes=dice.choice((60, 120, 120, 180))),
            "weeks": weeks,
            "setup": timedelta(minutes=dice.choice((0, 0, 30))),
            "headcount": dice.choice((5, 30, 30, 61, 201)),
            "skips": dice.random() < 0.6,
            "activity": dice.choice(ACTIVITIES),
            "otherwise": self._otherwise(starts, rooms) if weeks > 1 and dice.random() < 0.2 else None,
        }
        return more | {"caller": None if more["organization"] else caller}

    def _otherwise(
        self, starts: datetime, rooms: tuple[str, ...]
    ) -> tuple[datetime, datetime | None, tuple[str, ...] | None]:
        """The second date an hour later, or in another room of the same school."""
        second = starts + timedelta(weeks=1)
        if self.dice.random() < 0.5:
            return second, second + timedelta(hours=1), None
        return second, None, (f"{BIRD}/hall" if rooms[0].startswith(BIRD) else f"{OWL}/hall-2",)

    def _act(self, act: str, bookings: Sequence[Standing]) -> Command:
        if not bookings:
            return self._request()
        about = self._about(act, bookings)
        found = bookings[about]
        some = act not in ("question", "answer") and self.dice.random() < 0.45
        dates = tuple(sorted(n for n in range(len(found.states)) if self.dice.random() < 0.5)) if some else None
        rest = self.dice.choice(("waiting", "waiting", "declined"))
        words = self.dice.choice(("As agreed.", "The hall is needed.", "Until then."))
        more: dict[str, Any] = {"rest": rest, "words": words}
        if act == "approve" and self.dice.random() < 0.2:
            more["rooms"] = self.dice.choice(_rooms_at(found.campus))
        return Command(act, self.now, self._actor(act, found), about, dates or None, more)

    def _again(self, bookings: Sequence[Standing]) -> Command:
        """A date that is gone is asked for once more, mostly by those who asked before; the rare fates more often than others. Those who decide
        bring it back approved."""
        able = [(fate, number) for number, each in enumerate(bookings) for fate in each.gone(self.now)]
        if not able:
            return self._request()
        fates = {fate for fate, _ in able}
        fate = self.dice.choice(sorted(fates & RARE or fates) if self.dice.random() < 0.7 else sorted(fates))
        about = self.dice.choice([number for each, number in able if each == fate])
        who = self._actor("answer", bookings[about]) if self.dice.random() < 0.6 else self.dice.choice(DECIDERS)
        return Command("change", self.now, who, about, more={"also": [bookings[about].gone(self.now)[fate]]})

    def _change(self, bookings: Sequence[Standing]) -> Command:
        """To another time, to other rooms, for more or fewer people, with more or fewer dates; for one date, those from it on, or all."""
        if not bookings:
            return self._request()
        dice, about = self.dice, self._about("change", bookings)
        found = bookings[about]
        live = found.live(self.now) or [0]
        one = dice.choice(live)
        starts = found.starts[one].astimezone(THERE).replace(tzinfo=None)
        by = timedelta(minutes=dice.choice((-60, -30, 30, 60, 60, 24 * 60)))
        length = timedelta(minutes=dice.choice((30, 60, 120, 180)))
        whole = {"scope": dice.choice(("this", "following", "all")), "date": one}
        same = _rooms_at(found.campus)
        kinds: Sequence[Mapping[str, Any]] = (
            whole | {"starts": starts + by},
            whole | {"starts": starts + by, "ends": starts + by + length},
            whole | {"ends": starts + length},
            whole | {"rooms": dice.choice(same)},
            whole | {"starts": starts + by, "rooms": dice.choice(same)},
            {"headcount": dice.choice((4, 30, 60, 150))},
            {"also": [found.named[-1] + timedelta(weeks=1)]},
            {"fewer": [one]},
            {"fewer": [one], "also": [found.named[-1] + timedelta(weeks=2)], "headcount": dice.choice((5, 31))},
        )
        who = dice.choice(DECIDERS) if dice.random() < 0.25 else self._actor("change", found)
        return Command("change", self.now, who, about, more=dice.choice(kinds))

    def _about(self, act: str, bookings: Sequence[Standing]) -> int:
        """A booking that the act fits, or any."""
        fits: Mapping[str, Callable[[Standing], bool]] = {
            "cancel": lambda each: each.approved(self.now),
            "answer": lambda each: each.asked,
            "change": lambda each: bool(each.live(self.now)),
            "take_back": lambda each: each.moving,
            "withdraw": lambda each: self._free(each) or each.waits(self.now),
        }
        apt = fits[act] if act in fits else lambda each: each.waits(self.now)
        able = [number for number, each in enumerate(bookings) if apt(each)]
        return self.dice.choice(able if able and self.dice.random() < 0.9 else range(len(bookings)))

    def _actor(self, act: str, found: Standing) -> str:
        """Mostly somebody who may."""
        if self.dice.random() < 0.1:
            return self.dice.choice(EVERYBODY)
        if act in ("approve", "decline", "question"):
            return self.dice.choice(DECIDERS)
        members = [name for name, slug in PARTNERS.items() if slug == found.organization]
        return self.dice.choice(members or ["becker"])


def _rooms_at(campus: str) -> list[tuple[str, ...]]:
    """Rooms that have a name there."""
    return [rooms for rooms in ROOMS if rooms[0].startswith(campus) and "any:" not in rooms[0]]
