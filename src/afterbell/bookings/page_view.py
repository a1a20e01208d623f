"""What the request page shows: choices, what is typed, what is wrong, the card with the dates. Reads, and decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from litestar import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.forms import NOTE, REASON, TITLE
from afterbell.bookings.lists import ActivityRow, activities
from afterbell.bookings.page_dates import DatesCard, dates_card
from afterbell.bookings.page_form import EMPTY, PROGRAM, Typed
from afterbell.bookings.page_listing import SPOKEN, listed
from afterbell.bookings.page_promise import Look
from afterbell.bookings.page_rooms import room_choices
from afterbell.bookings.program_lists import list_programs
from afterbell.partners.organizations import organizations
from afterbell.policy.projection import CONFIDENTIAL, Viewer
from afterbell.policy.verdict import N_, Finding, Message, Severity
from afterbell.problem import Problem
from afterbell.web.shell import render, wants_part
from afterbell.web.words import say, say_many, say_message, tongues

MINUTES = (0, 15, 30, 45, 60, 90, 120)
FIELD_OF = {
    "listing_of_confidential": "listing_summary_en",
    "too_many_people": "people",
    "too_many_dates": "weeks",
    "too_long_series": "weeks",
    "contradictory_repeat": "often",
    "not_a_member": "organization",
    "unknown_room": "room",
    "room_twice": "more",
    "unknown_layout": "layout",
}
CHANGED, MOST_TOLD, MOST_PROGRAMS = "changed_since_preview", 8, 50
SCHOOL_ITSELF = N_("{school}, for the school itself")
Item = str | tuple[str, str]


@dataclass(frozen=True)
class Wrong:
    """Why the page comes back: complaints by field, findings or a sentence about the whole, and the status that says so."""

    status: int = 200
    fields: Mapping[str, Message] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    message: Message | None = None

    @classmethod
    def of(cls, problem: Problem) -> "Wrong":
        """A refusal with its reasons; without any its sentence has to do, and before what changed since a check it says so."""
        first = not problem.reasons or any(finding.code == CHANGED for finding in problem.reasons)
        return cls(problem.status, findings=problem.reasons, message=problem.message if first else None)


async def show_form(
    request: Request[Any, Any, Any], session: AsyncSession, filled: Typed, found: Look | None, wrong: Wrong
) -> Response[Any]:
    """The whole page, or the part of it that a changed date puts into it."""
    language, viewer = request.state.language, request.state.viewer
    rooms = await room_choices(session, filled, language)
    mine = await organizations(session, viewer.organizations)
    enters = rooms is not None and viewer.enters_at(rooms.school.campus_id)
    choices = [(each.slug, each.name) for each in mine]
    if rooms and enters:
        choices.append((rooms.school.school, say(SCHOOL_ITSELF, language, school=rooms.school.school_name)))
    told = {each.occurrence: each.message for each in wrong.findings if each.code == CHANGED and each.occurrence}
    card = dates_card(found, filled, language, told) if found else None
    wrong = _with_whole(wrong, card, asks_alone=not choices)
    part = wants_part(request)
    wrong = _in_part(wrong, filled) if part else wrong
    fields: dict[str, str] = {name: say_message(message, language) for name, message in wrong.fields.items()}
    items = _summary(wrong, fields, language)
    return render(
        request,
        "bookings/new_part.html" if part else "bookings/new.html",
        status=wrong.status,
        failed=bool(items),
        summary=items,
        errors={**dict.fromkeys(EMPTY, ""), **fields},
        typed={**filled.fields, "organization": _organization(filled, choices)},
        **_ticked(filled, card),
        card=card,
        rooms=rooms,
        programs=await _programs(session, viewer, mine_only=bool(mine)),
        organizations=choices,
        enters=enters,
        activities=_by_confidence(await activities(session), language),
        lengths=[(minutes, _length(minutes, language)) for minutes in MINUTES],
        listed=listed(filled.fields),
        tongues=[(code, tongues([code], language)) for code in SPOKEN],
        limits={"title": TITLE, "note": NOTE, "program": PROGRAM, "anyway": REASON},
    )


def _ticked(filled: Typed, card: DatesCard | None) -> dict[str, Any]:
    """What stands in boxes and hidden fields. Days that are left out wait there while there is no card to show them."""
    return {
        "private": filled.private,
        "skips": filled.skips,
        "more": filled.rooms[1:],
        "changed": [str(each) for each in filled.changed.values()],
        "kept_out": () if card else sorted(filled.left_out - filled.odd),
    }


def _in_part(wrong: Wrong, filled: Typed) -> Wrong:
    """Without what is only not filled in yet: somebody is about to. A part is an answer whatever it says of the dates, so only 403 stays what it is."""
    fields = {name: message for name, message in wrong.fields.items() if filled.fields[name]}
    return replace(wrong, status=403 if wrong.status == 403 else 200, fields=fields)


async def _programs(session: AsyncSession, viewer: Viewer, *, mine_only: bool) -> list[str]:
    """The names of those that the viewer's organizations have; none for somebody without one."""
    if not mine_only:
        return []
    found = await list_programs(session, viewer, after=None, most=MOST_PROGRAMS)
    return sorted({each.name for each in found}, key=str.casefold)


def _organization(filled: Typed, choices: Sequence[tuple[str, str]]) -> str:
    """Nobody chooses among one."""
    only = len(choices) == 1 and not filled.fields["organization"]
    return choices[0][0] if only else filled.fields["organization"]


def _by_confidence(rows: Sequence[ActivityRow], language: str) -> dict[bool, list[tuple[str, str]]]:
    """Activities by whether they are confidential, each group by name in the reader's language."""
    named = sorted((row.name.get(language) or row.name.get("en", row.slug), row) for row in rows)
    groups: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
    for name, row in named:
        groups[row.visibility in CONFIDENTIAL].append((row.slug, name))
    return groups


def _length(minutes: int, language: str) -> str:
    return say_many("{count} minute", "{count} minutes", minutes, language)


def _with_whole(wrong: Wrong, card: DatesCard | None, *, asks_alone: bool) -> Wrong:
    """Findings about the whole ask stand at the field that mends them; that somebody has no organization is said by the page itself."""
    found = [*wrong.findings, *(card.whole if card else ())]
    at = {
        FIELD_OF[finding.code]: finding.message
        for finding in found
        if finding.code in FIELD_OF
        and finding.severity is Severity.REFUSE
        and not (asks_alone and finding.code == "not_a_member")
    }
    rest = [finding for finding in wrong.findings if finding.code not in FIELD_OF]
    told = at | dict(wrong.fields)
    return replace(wrong, fields={name: told[name] for name in EMPTY if name in told}, findings=rest)


def _summary(wrong: Wrong, fields: Mapping[str, str], language: str) -> list[Item]:
    """What the top of the page says, each with the way to its place."""
    items: list[Item] = [say_message(wrong.message, language)] if wrong.message else []
    items += list(fields.items())
    items += [say_message(finding.message, language) for finding in wrong.findings if finding.occurrence is None]
    changed = [each for each in wrong.findings if each.code == CHANGED and each.occurrence]
    items += [_changed(each, language) for each in changed[:MOST_TOLD]]
    dates = {each.occurrence for each in wrong.findings if each not in changed[:MOST_TOLD]} - {None}
    if dates:
        sentence = say_many(
            "{count} date cannot be had as asked. It is marked under Dates.",
            "{count} dates cannot be had as asked. They are marked under Dates.",
            len(dates),
            language,
        )
        items.append(("dates", sentence))
    return items


def _changed(finding: Finding, language: str) -> Item:
    """A date that is not what it was when it was checked, with the way to its line in the card."""
    day = finding.occurrence.date() if finding.occurrence else date.min
    said = Message(N_("{day}: {said}"), {"day": day, "said": finding.message})
    return f"on-{day}", say_message(said, language)
