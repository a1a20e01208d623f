"""Faults: for each sentence of the doctor, what is done to a sound district so that just this is wrong, which rows are then named, and what else is bound to be
wrong with it. The patient: bookings 1 and 2 are the cast's, approved, four dates each in hall-40; 3 waits with thirteen dates; 4 was declined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from afterbell.doctor import hours, proposals, replay, rooms
from afterbell.doctor.examine import TELLING

COPY = "INSERT INTO claims (campus_id, occurrence_id, space_id, starts_at, ends_at) SELECT campus_id, occurrence_id,"
HALL_39 = "(SELECT space_id FROM room_spaces JOIN rooms ON id = room_id WHERE slug = 'hall-39')"
ELSEWHERE = "(SELECT min(id) FROM campuses WHERE slug <> 'night-owl-high')"
CLINIC = "(SELECT id FROM organizations WHERE slug = 'eastside-community-clinic')"
OTHERS = "(SELECT min(id) FROM organizations WHERE slug <> 'eastside-community-clinic')"
NO_MEMBER = "(SELECT min(id) FROM people WHERE id NOT IN (SELECT person_id FROM memberships))"
FEED = "INSERT INTO secret_feeds (public_id, token_hash, person_id, scope, filters, created_at) VALUES"
ANSWER = "INSERT INTO replays (person_id, path, key_hash, body_hash, status, headers, body, created_at) VALUES"
NEWEST_CLAIM = "SELECT max(id) FROM claims"
REMINDER = "SELECT id FROM reminders WHERE occurrence_id = 1"
ITS_DATES = "SELECT id FROM occurrences WHERE booking_id = 1 ORDER BY id"
OTHER_TIME = "a claim blocks another time than its date"
OTHER_SPACE = "a claim blocks a space that its date's rooms do not have"
OTHER_CAMPUS = "a claim lies at another campus than its date or its space"
OTHER_SPACES = "a room has a space of another campus"
WAITS = "a move waits for a date that is not approved, or without a room or a day to decide it by"
UNDECIDED = "a change is to be decided, and there is none"
OUTLIVED = "a move waits whose date began more than a day ago, or would have where it is to go"
PROPOSED = "INSERT INTO proposals (occurrence_id, starts_at, ends_at, claim_starts_at, claim_ends_at, asked_at) VALUES (1, SOON, LATER, SOON, LATER, SOON)"
PROPOSED_ROOM = "INSERT INTO proposal_rooms (occurrence_id, room_id) SELECT 1, id FROM rooms WHERE slug = 'hall-39'"


@dataclass(frozen=True)
class Fault:
    """`breaks` are statements, in which `SOON` is an hour from now and `BEFORE` two days ago; `names` is a query for the ids that the doctor must name."""

    breaks: Sequence[str]
    names: str
    also: Sequence[str] = ()


def loosened(table: str) -> list[str]:
    """The table without its constraints, so that what they refuse can be put there."""
    return [
        f"CREATE TABLE {table}_loose AS SELECT * FROM {table}",
        f"ALTER TABLE {table} RENAME TO {table}_strict",
        f"ALTER TABLE {table}_loose RENAME TO {table}",
    ]


IN_ROOMS: Mapping[str, Fault] = {
    rooms.OVERLAP: Fault(
        [
            *loosened("claims"),
            "INSERT INTO claims SELECT 9999, campus_id, occurrence_id, space_id, starts_at, ends_at FROM claims WHERE id = 1",
        ],
        "SELECT 9999",
    ),
    "two dates that block share a space at one time, as a hall and its half do": Fault(
        [
            (
                "UPDATE occurrences SET claim_starts_at = (SELECT claim_starts_at FROM occurrences WHERE id = 1), "
                "claim_ends_at = (SELECT claim_ends_at FROM occurrences WHERE id = 1) WHERE id = 2"
            )
        ],
        "SELECT 2",
        (rooms.LACKS, OTHER_TIME, hours.SPAN),
    ),
    rooms.LACKS: Fault(["DELETE FROM claims WHERE occurrence_id = 2"], "SELECT 2"),
    rooms.IDLE: Fault(
        ["UPDATE occurrences SET state = 'cancelled' WHERE id = 3"],
        "SELECT id FROM claims WHERE occurrence_id = 3",
        (replay.STATES, hours.UNWANTED),
    ),
    OTHER_SPACE: Fault([f"{COPY} {HALL_39}, starts_at, ends_at FROM claims WHERE id = 1"], NEWEST_CLAIM),
    OTHER_TIME: Fault([f"{COPY} space_id, SOON, LATER FROM claims WHERE id = 1"], NEWEST_CLAIM),
    OTHER_CAMPUS: Fault(
        [f"UPDATE spaces SET campus_id = {ELSEWHERE} WHERE id = (SELECT space_id FROM claims WHERE id = 1)"],
        "SELECT id FROM claims WHERE space_id = (SELECT space_id FROM claims WHERE id = 1) ORDER BY id",
        (OTHER_SPACES,),
    ),
    "a date lies at another campus than its booking or its rooms": Fault(
        [f"UPDATE occurrences SET campus_id = {ELSEWHERE} WHERE id = 1"], "SELECT 1", (OTHER_CAMPUS,)
    ),
    "a date has no room": Fault(["DELETE FROM occurrence_rooms WHERE occurrence_id = 1"], "SELECT 1", (OTHER_SPACE,)),
    "a date competes for a room and a time that somebody else has": Fault(
        ["UPDATE occurrences SET state = 'requested' WHERE id = 1"],
        "SELECT 1",
        (rooms.IDLE, replay.STATES, replay.STATE, hours.UNWANTED),
    ),
    WAITS: Fault([PROPOSED, PROPOSED_ROOM], "SELECT 1", (proposals.BLOCKED, hours.BOUNDS)),
    OUTLIVED: Fault(
        [PROPOSED.replace("SOON", "BEFORE"), PROPOSED_ROOM, "UPDATE bookings SET change_by = SOON WHERE id = 1"],
        "SELECT 1",
        (proposals.BLOCKED, hours.BOUNDS),
    ),
    UNDECIDED: Fault(["UPDATE bookings SET change_by = SOON WHERE id = 1"], "SELECT 1"),
    proposals.BLOCKED: Fault(
        [PROPOSED, PROPOSED_ROOM, "UPDATE bookings SET change_by = SOON WHERE id = 1"], "SELECT 1", (hours.BOUNDS,)
    ),
    "a room has no space": Fault(
        ["DELETE FROM room_spaces WHERE room_id = (SELECT id FROM rooms WHERE slug = 'hall-39')"],
        "SELECT id FROM rooms WHERE slug = 'hall-39'",
    ),
    OTHER_SPACES: Fault(
        [f"UPDATE spaces SET campus_id = {ELSEWHERE} WHERE id = {HALL_39}"],
        "SELECT id FROM rooms WHERE slug = 'hall-39'",
    ),
}
IN_PAPERS: Mapping[str, Fault] = {
    "a booking has no date": Fault(
        [
            "DELETE FROM claims WHERE occurrence_id IN (SELECT id FROM occurrences WHERE booking_id = 1)",
            "DELETE FROM occurrence_rooms WHERE occurrence_id IN (SELECT id FROM occurrences WHERE booking_id = 1)",
            "DELETE FROM occurrences WHERE booking_id = 1",
        ],
        "SELECT 1",
        (replay.MOVED,),
    ),
    "a booking belongs to a program of another organization": Fault(
        [
            f"INSERT INTO programs (slug, name, organization_id) VALUES ('theirs', 'Theirs', {OTHERS})",
            "UPDATE bookings SET program_id = (SELECT max(id) FROM programs) WHERE id = 1",
        ],
        "SELECT 1",
    ),
    "a confidential booking has a public listing": Fault(
        ["""UPDATE bookings SET visibility = 'hidden', listing = '{"summary": 1}' WHERE id = 1"""], "SELECT 1"
    ),
    "a date was left out, and nothing says why": Fault(
        [
            "DELETE FROM claims WHERE occurrence_id = 2",
            "UPDATE occurrences SET state = 'skipped', reasons = NULL WHERE id = 2",
        ],
        "SELECT 2",
        (replay.STATES, hours.UNWANTED),
    ),
    "an organization that nobody verified holds too many dates": Fault(
        [f"UPDATE organizations SET verified = false WHERE id = {CLINIC}"], f"SELECT {CLINIC}"
    ),
    "an event lies at another campus than its booking": Fault(
        [f"UPDATE events SET campus_id = {ELSEWHERE} WHERE booking_id = 1 AND kind = 'booking.approved'"],
        "SELECT id FROM events WHERE booking_id = 1 AND kind = 'booking.approved'",
        ("the mark of a campus's calendars is below its changes, or older than the last",),
    ),
    "two letters have one identity": Fault(
        [*loosened("deliveries"), "INSERT INTO deliveries SELECT * FROM deliveries WHERE id = 1"], "SELECT 1"
    ),
    "a sent letter has no time of sending, or one when it was of no use any more": Fault(
        ["UPDATE deliveries SET state = 'sent', sent_at = NULL WHERE id = 1"], "SELECT 1"
    ),
    "a date has two reminders of one kind for one person": Fault(
        [*loosened("reminders"), "INSERT INTO reminders SELECT * FROM reminders WHERE occurrence_id = 1"],
        REMINDER + " LIMIT 1",
    ),
    "one key keeps two answers": Fault(
        [*loosened("replays"), *[f"{ANSWER} (1, '/p', 'k', 'b', 201, '{{}}', 'a', SOON)"] * 2], "SELECT 1"
    ),
    "the kept answer of a key is no success": Fault(
        [f"{ANSWER} (1, '/p', 'k', 'b', 409, '{{}}', 'a', SOON)"], "SELECT 1"
    ),
    "the mark of a campus's calendars is below its changes, or older than the last": Fault(
        ["UPDATE feed_marks SET version = 1 WHERE campus_id = (SELECT campus_id FROM bookings WHERE id = 1)"],
        "SELECT campus_id FROM bookings WHERE id = 1",
    ),
    "somebody has two secret calendars of one scope": Fault(
        [f"{FEED} ('{n}', '{n}', 1, 'mine', '{{}}', SOON)" for n in (1, 2)], "SELECT min(id) FROM secret_feeds"
    ),
    "a secret calendar is in use whose owner has no such role any more": Fault(
        [f"{FEED} ('1', '1', {NO_MEMBER}, 'organization', '{{}}', SOON)"], "SELECT min(id) FROM secret_feeds"
    ),
    "a membership has a role or a state that there is not, or was asked for at no time": Fault(
        ["UPDATE memberships SET state = 'asked', asked_at = NULL WHERE id = 1"], "SELECT 1"
    ),
    "somebody has a role that there is not": Fault(["UPDATE roles SET role = 'king' WHERE id = 1"], "SELECT 1"),
    "a single person's organization has not its one member, or a school's has one": Fault(
        [f"UPDATE organizations SET kind = 'individual' WHERE id = {CLINIC}"], f"SELECT {CLINIC}"
    ),
}
IN_HISTORIES: Mapping[str, Fault] = {
    replay.VERSIONS: Fault(["UPDATE bookings SET version = 3 WHERE id = 1"], "SELECT 1"),
    replay.STATE: Fault(["UPDATE bookings SET state = 'declined' WHERE id = 1"], "SELECT 1"),
    replay.STATES: Fault(
        ["UPDATE occurrences SET state = 'finished' WHERE id = 2", "DELETE FROM claims WHERE occurrence_id = 2"],
        "SELECT 2",
        (hours.UNWANTED,),
    ),
    replay.MOVED: Fault(
        ["UPDATE events SET kind = 'booking.cancelled' WHERE booking_id = 1 AND kind = 'booking.approved'"],
        ITS_DATES,
        (replay.STATES,),
    ),
    replay.LATE: Fault(
        [
            (
                "UPDATE events SET happened_at = (SELECT ends_at FROM occurrences WHERE id = 1) "
                "WHERE booking_id = 1 AND kind = 'booking.approved'"
            )
        ],
        "SELECT 1",
        ("the mark of a campus's calendars is below its changes, or older than the last",),
    ),
    replay.ACTORS: Fault(
        ["UPDATE events SET actor_id = NULL WHERE booking_id = 1 AND kind = 'booking.requested'"],
        "SELECT id FROM events WHERE booking_id = 1 AND kind = 'booking.requested'",
    ),
    replay.SEQUENCES: Fault(["UPDATE occurrences SET sequence = 0 WHERE id = 1"], "SELECT 1"),
    replay.UNREASONED: Fault(
        ["UPDATE occurrences SET reason = NULL WHERE booking_id = 4"], "SELECT id FROM occurrences WHERE booking_id = 4"
    ),
    replay.QUESTION: Fault(["UPDATE bookings SET answer_by = SOON, step_at = SOON WHERE id = 3"], "SELECT 3"),
    replay.STEPS: Fault(["UPDATE bookings SET step_at = SOON WHERE id = 1"], "SELECT 1"),
    hours.WALL: Fault(["UPDATE occurrences SET shifted = true WHERE id = 1"], "SELECT 1"),
    hours.SPAN: Fault(
        ["UPDATE occurrences SET claim_starts_at = ends_at WHERE id = 1"], "SELECT 1", (rooms.LACKS, OTHER_TIME)
    ),
    hours.BOUNDS: Fault(["UPDATE bookings SET first_starts_at = last_ends_at WHERE id = 1"], "SELECT 1"),
    hours.UNWANTED: Fault(
        ["UPDATE reminders SET due_at = (SELECT ends_at FROM occurrences WHERE id = 1) WHERE occurrence_id = 1"],
        REMINDER,
    ),
    hours.MISSING: Fault(["DELETE FROM reminders WHERE occurrence_id = 1"], "SELECT 1"),
    hours.ODD_HOUR: Fault(["UPDATE reminders SET due_at = SOON WHERE occurrence_id = 1"], REMINDER),
    TELLING: Fault(["UPDATE reminders SET state = 'sent' WHERE occurrence_id = 1"], REMINDER),
}
FAULTS: Mapping[str, Fault] = {**IN_ROOMS, **IN_PAPERS, **IN_HISTORIES}
