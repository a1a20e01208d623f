"""What an approver typed beside a request, what is wrong with it, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from litestar.datastructures import FormMultiDict

from afterbell.bookings.decide import RESTS
from afterbell.bookings.decisions import Decision
from afterbell.bookings.forms import REASON
from afterbell.bookings.page_form import words
from afterbell.bookings.queries import BookingRow
from afterbell.bookings.stale import Expected
from afterbell.policy.verdict import N_, Message
from afterbell.problem import Problem
from afterbell.web.versions import version_seen

MOST_ROOMS = 20
NONE_TICKED = N_("Tick at least one date.")
TOO_LONG = N_("At most {most} characters fit here; these are {count}.")


@dataclass(frozen=True)
class Typed:
    """The words to the partner; whether it is about `some` dates only, which ones, and what becomes of the `rest`; the
    `rooms` to give instead; at which version the page showed it."""

    said: str = ""
    rooms: Sequence[str] = ()
    some: bool = False
    names: Sequence[str] = ()
    rest: str = "waiting"
    expected: Expected = None


@dataclass(frozen=True)
class Attempt:
    """What came of a decision: done (which, and the title), or not, with what was typed, what is wrong with it by field, or the refusal."""

    typed: Typed = field(default_factory=Typed)
    done: tuple[str, str] = ("", "")
    wrong: Mapping[str, Message] = field(default_factory=dict)
    problem: Problem | None = None

    @property
    def status(self) -> int:
        """Of the page that tells it."""
        return 422 if self.wrong else self.problem.status if self.problem else 200


def typed_in(form: FormMultiDict) -> Typed:
    """As the form was sent; every button sends all of it."""
    rest = words(form.get("rest"))
    return Typed(
        said=words(form.get("words")),
        rooms=[key for key in map(words, form.getall("rooms", [])) if key],
        some=form.get("act") == "some",
        names=[str(name) for name in form.getall("date", [])],
        rest=rest if rest in RESTS else "waiting",
        expected=version_seen(form),
    )


def complaints(typed: Typed, needed: str) -> dict[str, Message]:
    """What cannot be sent as typed, by field. `needed` is the sentence for missing words, empty where they are optional."""
    found: dict[str, Message] = {}
    if typed.some and not typed.names:
        found["some"] = Message(NONE_TICKED)
    if len(typed.rooms) > MOST_ROOMS:
        found["rooms"] = Message(N_("Tick at most {most} rooms."), {"most": MOST_ROOMS})
    if needed and not typed.said:
        found["words"] = Message(needed)
    elif len(typed.said) > REASON:
        found["words"] = Message(TOO_LONG, {"most": REASON, "count": len(typed.said)})
    return found


def was_this(last: Decision, row: BookingRow, typed: Typed, outcome: str) -> bool:
    """Whether a decision is what this very form asked for: then the form is the second half of a double click, and no second tab. `outcome` is approved or
    declined."""
    if typed.expected is not None and last.facts["version"] - 1 not in typed.expected:
        return False
    if not typed.some:
        return not last.facts["waiting"]
    chosen = {f"{date.original_start:%Y-%m-%dT%H:%M}" for date in row.dates if date.public_id in typed.names}
    settled = last.facts.get("moved" if outcome == "approved" else "stayed", ())
    return chosen == {*last.facts[outcome], *settled}
