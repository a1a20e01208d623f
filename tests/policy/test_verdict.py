"""Verdicts hold every finding and tell refusals from notes."""

from datetime import date, datetime

from afterbell.policy.verdict import Finding, Message, Severity, Verdict, note, refuse

AT = datetime(2026, 11, 10, 16)
FULL = refuse("too_many_people", Message("The room holds {capacity}.", {"capacity": 30}), policy="capacity")
CLOSED = refuse("closed", Message("Closed on {day}.", {"day": date(2026, 11, 10)}), occurrence=AT, would_pass="x")
HINT = note("shifted", Message("Moved."), occurrence=AT)


def test_a_verdict_is_refused_by_a_refusal_only() -> None:
    assert (Verdict([HINT]).refused, Verdict([HINT, FULL]).refused, Verdict().refused) == (False, True, False)


def test_reasons_are_the_refusals_in_the_order_told() -> None:
    assert Verdict([CLOSED, HINT, FULL]).reasons == [CLOSED, FULL]


def test_what_concerns_one_date_is_found_by_its_start() -> None:
    assert (Verdict([CLOSED, HINT, FULL]).about(AT), Verdict([FULL]).about(AT)) == ([CLOSED, HINT], [])


def test_findings_carry_what_they_rest_on() -> None:
    found = [FULL, HINT]
    assert found == [
        Finding(Severity.REFUSE, "too_many_people", FULL.message, "capacity", None, None),
        Finding(Severity.NOTE, "shifted", HINT.message, None, AT, None),
    ]


def test_a_message_reads_plainly_in_english() -> None:
    assert (FULL.message.plain(), CLOSED.message.plain()) == ("The room holds 30.", "Closed on 2026-11-10.")
