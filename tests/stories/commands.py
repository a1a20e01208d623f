"""Commands that a seed draws, for two services that must answer alike: requests, acts, repeats and slips by everybody of the cast. A command names bookings
and dates by their order, since references and ids differ from district to district."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.cast import BIRD, OWL
from tests.stories.asks import CLASSROOM, ask, day, wall, weekly

PARTNERS = {"lin": "eastside-community-clinic", "rosa": "eastside-community-clinic", "sam": "figueroa-youth-theatre"}
STAFF = ("okafor", "becker", "castillo", "whitfield")
EVERYBODY = (*PARTNERS, "pilar", *STAFF)
ROOMS = (CLASSROOM, f"{OWL}/hall-1", f"{OWL}/hall-1a", f"{OWL}/hall-2", f"{BIRD}/gym-a", f"{BIRD}/gym", f"{BIRD}/hall")
ODD: tuple[dict[str, Any], ...] = (
    {"headcount": 9_000},
    {"headcount": "many"},
    {"rooms": ["nowhere/at-all"]},
    {"activity": "raves"},
    {"organization": "casa-del-pueblo"},
    {"repeat": {"rrule": "FREQ=WEEKLY"}},
    {"repeat": {"rrule": "FREQ=HOURLY;COUNT=3"}},
    {"ends_at": wall(day(), 1)},
    {"starts_at": "soon"},
    {"is_admin": True},
)


@dataclass(frozen=True)
class Command:
    """One call. `about` is the order of a booking, None for none; `dates` are orders of its dates; `behind` makes the version stale by so much; `key` goes
    with a POST."""

    who: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    about: int | None = None
    dates: tuple[int, ...] | None = None
    behind: int | None = None
    key: str | None = None


@dataclass
class Drawer:
    """Draws commands one after another; how many bookings there are so far is told from outside."""

    seed: int
    dice: random.Random = field(init=False)
    keyed: list[Command] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def commands(self, count: int, bookings: list[Any]) -> Iterator[Command]:
        """So many; `bookings` grows meanwhile."""
        for number in range(count):
            if not bookings or self.dice.random() < 0.3:
                command = self._request(number)
            elif self.keyed and self.dice.random() < 0.1:
                command = self._repeat()
            else:
                command = self._act(number, bookings)
            if command.key:
                self.keyed.append(command)
            yield command

    def _request(self, number: int) -> Command:
        dice = self.dice
        who = dice.choice([*PARTNERS, *PARTNERS, "okafor", "castillo"])
        weeks = dice.choice((1, 1, 2, 4))
        body = ask(
            self._day(),
            dice.choice((10, *(15, 16, 17, 18, 19) * 3)),
            organization=PARTNERS.get(who, "24th-street-elementary"),
            rooms=[dice.choice(ROOMS)],
            title=f"Command {number}",
            repeat=weekly(weeks) if weeks > 1 else None,
            on_conflict=dice.choice((None, None, "skip")),
            visibility=dice.choice((None, None, "public", "hidden")),
            program=dice.choice((None, None, None, "Días de salud")),
            setup_minutes=dice.choice((0, 0, 30)),
            headcount=dice.choice((5, 5, 25, 31)),
        )
        if dice.random() < 0.15:
            body |= dice.choice(ODD)
        path = "/bookings/preview" if dice.random() < 0.2 else "/bookings"
        return Command(who, "POST", path, body, key=f"key {number}" if dice.random() < 0.4 else None)

    def _day(self) -> date:
        return day(ahead=self.dice.choice((-7, 7, 250, *(30, 37, 44) * 6))) + timedelta(
            days=self.dice.choice((0, 0, 1))
        )

    def _repeat(self) -> Command:
        """A keyed call once more, now and then with another body."""
        before = self.dice.choice(self.keyed)
        if self.dice.random() < 0.3:
            return Command(
                before.who,
                "POST",
                before.path,
                {**(before.body or {}), "note": "altered"},
                before.about,
                before.dates,
                key=before.key,
            )
        return before

    def _act(self, number: int, bookings: Sequence[Any]) -> Command:
        dice = self.dice
        about = dice.randrange(max(0, len(bookings) - 12), len(bookings))
        act = dice.choice(
            ("approval", "approval", "decline", "question", "answer", "withdrawal", "cancellation", "", "journal")
        )
        who = self._actor(act, bookings[about]["organization"])
        if act in ("", "journal"):
            return Command(who, "GET", f"/bookings/{{}}/{act}".rstrip("/"), about=about)
        some = act not in ("question", "answer") and dice.random() < 0.35
        dates = tuple(dice.sample(range(4), dice.choice((1, 2)))) if some else None
        rest = {"rest": dice.choice(("waiting", "declined"))} if act == "approval" and some else {}
        key = f"key {number}" if dice.random() < 0.3 else None
        behind = dice.choice((None, None, 0, 0, 1))
        return Command(who, "POST", f"/bookings/{{}}/{act}", BODIES[act] | rest, about, dates, behind, key)

    def _actor(self, act: str, organization: str) -> str:
        """Mostly somebody who may."""
        dice = self.dice
        if dice.random() < 0.2:
            return dice.choice(EVERYBODY)
        if act in ("approval", "decline", "question"):
            return dice.choice(("okafor", "becker", "becker", "whitfield"))
        return dice.choice([name for name, slug in PARTNERS.items() if slug == organization] or ["castillo"])


BODIES: dict[str, dict[str, Any]] = {
    "approval": {"message": "Welcome"},
    "decline": {"reason": "Full"},
    "question": {"message": "How many chairs?"},
    "answer": {"message": "Ten"},
    "withdrawal": {},
    "cancellation": {"reason": "We moved"},
}
