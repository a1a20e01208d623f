"""What a request may ask because of who asks: only members for a partner, only staff for the school itself, and how much an unverified organization holds."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from afterbell.policy.ask import Facts, Wish
from afterbell.policy.verdict import N_, Finding, Message, Severity, note, refuse

WAIVED = {
    "short_notice": N_("The usual notice is waived for the school's own use."),
    "too_far": N_("How far ahead rooms open is waived for the school's own use."),
}

NOT_A_MEMBER = refuse(
    "not_a_member",
    Message(N_("You do not belong to this organization. Choose one of yours, or ask its manager to invite you.")),
    policy="membership",
)


def asks_for_a_partner(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """Only members book for an organization, and staff for their school; without either, people may look and preview."""
    if facts.member is None:
        yield note("not_a_member", Message(N_("To request this room you need to belong to an organization.")))
    elif not facts.member:
        yield NOT_A_MEMBER


def held_too_much(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """An organization that is not verified holds only so many dates at once, those asked for included; as many as that are fine."""
    most = min((facts.terms_of(room).unverified.most_held for room in wish.every_room), default=0)
    if facts.held is None or facts.held + len(wish.dates) <= most:
        return
    left = max(most - facts.held, 0)
    text = N_(
        "Until it is verified your organization holds at most {most} dates at once. It holds {held} and this asks for {asked}; {left} would pass."
    )
    if most == 1:
        text = N_(
            "Until it is verified your organization holds at most one date at once. It holds {held} and this asks for {asked}; {left} would pass."
        )
    values = {"most": most, "held": facts.held, "asked": len(wish.dates), "left": left}
    yield refuse("held_too_much", Message(text, values), policy="unverified", would_pass=str(left))


def beyond_what_it_holds(wish: Wish, facts: Facts, now: datetime) -> Iterator[Finding]:
    """The same, told of each date that an unverified organization would have to leave out: the later ones."""
    for found in held_too_much(wish, facts, now):
        for day in sorted(wish.dates, key=lambda each: each.span)[int(found.would_pass or 0) :]:
            yield replace(found, occurrence=day.original_start)


def waived(findings: Sequence[Finding]) -> list[Finding]:
    """For a school's own use notice and horizon are waived; each date that would have failed says so as a note."""
    return [
        replace(each, severity=Severity.NOTE, message=Message(WAIVED[each.code]), would_pass=None)
        if each.code in WAIVED
        else each
        for each in findings
    ]
