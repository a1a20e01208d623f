"""How often something repeats, as a form asks it (web/repeat.html): the fields, what is wrong with them, and the rule that they make. Knows no page.
Dates left out are ticked where the dates are listed, so they are no fields of this."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from afterbell.almanac.recurrence import MOST_MONTHS
from afterbell.almanac.rule import WEEKDAYS
from afterbell.policy.verdict import N_, Message
from afterbell.web.dates import weekday

REPEAT = {"often": "", "weeks": "1", "every": "1", "weekdays": "", "until": "", "also": ""}  # in the order of the page
SEVERAL = ("weekdays", "also")
OFTEN = ("once", "daily", "weekly", "monthly", "nth", "last", "yearly")
MOST_DATES, MOST_EVERY, MOST_FURTHER = 400, 99, 20
WEEK = timedelta(weeks=1)
Complaint = tuple[str, Message]


def usual(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields with how often it is; a link that says nothing of that (a search's) means so many weeks in a row."""
    often = fields["often"] or ("once" if fields["weeks"] == "1" else "weekly")
    return {**fields, "often": often}


def about_repeat(fields: Mapping[str, str], first: date | None) -> Iterator[Complaint]:
    """What is wrong, by field; without a first date only what can be said without it. Of a single date only the further ones are looked at."""
    often = fields["often"]
    if often not in OFTEN:
        yield "often", Message(N_("Choose how often it is."))
    elif often == "once":
        if not _is_from_1(fields["weeks"], 1):
            yield "often", Message(N_("Choose how often it repeats, or write 1 as the number of dates."))
    else:
        yield from _about_rule(fields, first)
    further = fields["also"].split()
    if len(further) > MOST_FURTHER or not all(day_of(each) for each in further):
        yield "also", Message(N_("Further dates are days, at most {most}."), {"most": MOST_FURTHER})


def _about_rule(fields: Mapping[str, str], first: date | None) -> Iterator[Complaint]:
    if not _is_from_1(fields["weeks"], MOST_DATES) and not fields["until"]:
        yield "weeks", Message(N_("Dates are a whole number from 1 to {most}."), {"most": MOST_DATES})
    if not _is_from_1(fields["every"], MOST_EVERY):
        yield "every", Message(N_("Write a whole number from 1 to {most}."), {"most": MOST_EVERY})
    until = day_of(fields["until"])
    if fields["until"] and until is None:
        yield (
            "until",
            Message(N_("Choose a last day, at most {months} months after the first."), {"months": MOST_MONTHS}),
        )
    elif until and until < (first or date.min):
        yield "until", Message(N_("Choose a last day that is not before the first date."))
    ticked = fields["weekdays"].split()
    if first and fields["often"] == "weekly" and ticked and WEEKDAYS[first.weekday()] not in ticked:
        text = N_("The first date is {day}. Tick that weekday too, or choose another first date.")
        yield "weekdays", Message(text, {"day": first})
    if first and fields["often"] == "last" and (first + WEEK).month == first.month:
        yield "often", Message(N_("{day} is not the last such weekday of its month."), {"day": first})


def rule_of(fields: Mapping[str, str], first: date) -> str:
    """The rule of fields without complaints, "" for a single date; a 31st keeps to the months that have one."""
    if fields["often"] == "once" or (not fields["until"] and int(fields["weeks"]) == 1):
        return ""
    on = WEEKDAYS[first.weekday()]
    days = [each for each in WEEKDAYS if each in fields["weekdays"].split()]
    parts = {
        "daily": "FREQ=DAILY",
        "weekly": "FREQ=WEEKLY" + (f";BYDAY={','.join(days)}" if days and days != [on] else ""),
        "monthly": "FREQ=MONTHLY",
        "nth": f"FREQ=MONTHLY;BYDAY={(first.day - 1) // 7 + 1}{on}",
        "last": f"FREQ=MONTHLY;BYDAY=-1{on}",
        "yearly": "FREQ=YEARLY",
    }
    every = f";INTERVAL={int(fields['every'])}" if int(fields["every"]) > 1 else ""
    until = day_of(fields["until"])
    return parts[fields["often"]] + every + (f";UNTIL={until:%Y%m%d}" if until else f";COUNT={int(fields['weeks'])}")


def further_days(fields: Mapping[str, str]) -> list[str]:
    """The further dates, as ISO days, each once."""
    return list(dict.fromkeys(fields["also"].split()))


def weekday_choices(language: str) -> list[tuple[str, str]]:
    """("MO", "Monday") and so on, for checkboxes."""
    return [(code, weekday(number, language)) for number, code in enumerate(WEEKDAYS)]


def day_of(text: str) -> date | None:
    """A date of these centuries, as date inputs send it."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else date.min
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def _is_from_1(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= most
