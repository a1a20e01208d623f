"""What hangs on bookings and people: words, reminders, letters, kept answers, calendars, memberships. Each an SQL query that must find nothing; `:now` is the
moment of the examination, `:most_held` the highest limit that ever was, and no query but those that name it depends on it."""

from collections.abc import Mapping
from typing import Any

from afterbell.people.models import PARTNER_ROLES, STAFF_ROLES
from afterbell.policy.projection import CONFIDENTIAL

# What the queries name by a colon, besides `:now` and `:most_held`.
VALUES: Mapping[str, Any] = {
    "confidential": sorted(CONFIDENTIAL),
    "partner_roles": sorted(PARTNER_ROLES),
    "staff_roles": sorted(STAFF_ROLES),
}
CHECKS: dict[str, str] = {
    "a booking has no date": """
        SELECT b.id FROM bookings b WHERE NOT EXISTS (SELECT 1 FROM occurrences o WHERE o.booking_id = b.id) ORDER BY b.id""",
    "a booking belongs to a program of another organization": """
        SELECT b.id FROM bookings b JOIN programs p ON p.id = b.program_id WHERE p.organization_id <> b.organization_id ORDER BY b.id""",
    "a confidential booking has a public listing": """
        SELECT id FROM bookings WHERE visibility IN :confidential AND listing IS NOT NULL ORDER BY id""",
    "a date was left out, and nothing says why": """
        SELECT id FROM occurrences WHERE state = 'skipped' AND (reasons IS NULL OR CAST(reasons AS TEXT) IN ('[]', 'null')) ORDER BY id""",
    "an organization that nobody verified holds too many dates": """
        SELECT g.id FROM organizations g JOIN bookings b ON b.organization_id = g.id JOIN occurrences o ON o.booking_id = b.id
        WHERE g.verified = false AND o.state = 'held' AND o.ends_at > :now GROUP BY g.id HAVING count(*) > :most_held ORDER BY g.id""",
    "an event lies at another campus than its booking": """
        SELECT e.id FROM events e JOIN bookings b ON b.id = e.booking_id WHERE e.campus_id <> b.campus_id ORDER BY e.id""",
    "two letters have one identity": """
        SELECT id FROM (SELECT min(id) AS id FROM deliveries GROUP BY identity HAVING count(*) > 1
        UNION SELECT min(id) FROM deliveries GROUP BY message_id HAVING count(*) > 1) twice ORDER BY id""",
    "a sent letter has no time of sending, or one when it was of no use any more": """
        SELECT id FROM deliveries WHERE state = 'sent' AND (sent_at IS NULL OR sent_at > until) ORDER BY id""",
    "a date has two reminders of one kind for one person": """
        SELECT min(id) FROM reminders GROUP BY occurrence_id, person_id, kind HAVING count(*) > 1 ORDER BY 1""",
    "one key keeps two answers": """
        SELECT person_id FROM replays GROUP BY person_id, path, key_hash HAVING count(*) > 1 ORDER BY person_id""",
    "the kept answer of a key is no success": """
        SELECT person_id FROM replays WHERE status < 200 OR status > 299 ORDER BY person_id""",
    "the mark of a campus's calendars is below its changes, or older than the last": """
        SELECT t.campus_id FROM (SELECT e.campus_id AS campus_id, count(*) AS times, max(e.happened_at) AS last FROM receipts r
        JOIN events e ON e.id = r.event_id WHERE r.listener = 'feeds.touch' AND e.campus_id IS NOT NULL GROUP BY e.campus_id) t
        LEFT JOIN feed_marks m ON m.campus_id = t.campus_id
        WHERE coalesce(m.version, 0) < t.times OR m.changed_at IS NULL OR m.changed_at < t.last ORDER BY t.campus_id""",
    "somebody has two secret calendars of one scope": """
        SELECT min(id) FROM secret_feeds WHERE revoked_at IS NULL GROUP BY person_id, scope HAVING count(*) > 1 ORDER BY 1""",
    "a secret calendar is in use whose owner has no such role any more": """
        SELECT f.id FROM secret_feeds f WHERE f.revoked_at IS NULL AND ((f.scope = 'organization' AND NOT EXISTS (SELECT 1
        FROM memberships m WHERE m.person_id = f.person_id AND m.state = 'member')) OR (f.scope IN ('campus_staff', 'custodian')
        AND NOT EXISTS (SELECT 1 FROM roles r WHERE r.person_id = f.person_id))) ORDER BY f.id""",
    "a membership has a role or a state that there is not, or was asked for at no time": """
        SELECT id FROM memberships WHERE role NOT IN :partner_roles OR state NOT IN ('member', 'asked')
        OR (state = 'asked' AND asked_at IS NULL) ORDER BY id""",
    "somebody has a role that there is not": "SELECT id FROM roles WHERE role NOT IN :staff_roles ORDER BY id",
    "a single person's organization has not its one member, or a school's has one": """
        SELECT g.id FROM organizations g LEFT JOIN memberships m ON m.organization_id = g.id WHERE g.kind IN ('individual', 'school')
        GROUP BY g.id, g.kind HAVING count(m.id) <> CASE g.kind WHEN 'school' THEN 0 ELSE 1 END ORDER BY g.id""",
}
