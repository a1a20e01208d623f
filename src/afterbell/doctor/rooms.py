"""What blocks rooms: claims, and the dates that they belong to, each an SQL query that must find nothing and answers ids. The guard is not trusted: a span
overlaps when it begins before the latest end of all that began before it in the same space. Dates that are to move are looked at in doctor.proposals."""

OVERLAP = "two claims overlap in one space"
LACKS = "a held or approved date lacks a claim on one of its rooms' spaces"
IDLE = "a claim belongs to a date that does not block"
CHECKS: dict[str, str] = {
    OVERLAP: """
        SELECT id FROM (SELECT id, starts_at, max(ends_at) OVER (PARTITION BY space_id ORDER BY starts_at, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM claims) spans WHERE starts_at < before ORDER BY id""",
    "two dates that block share a space at one time, as a hall and its half do": """
        SELECT DISTINCT id FROM (SELECT id, starts_at, max(ends_at) OVER (PARTITION BY space_id ORDER BY starts_at, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM (SELECT DISTINCT o.id AS id, s.space_id AS space_id,
        o.claim_starts_at AS starts_at, o.claim_ends_at AS ends_at FROM occurrences o JOIN occurrence_rooms r ON r.occurrence_id = o.id
        JOIN room_spaces s ON s.room_id = r.room_id WHERE o.state IN ('held', 'approved')) blocked) spans
        WHERE starts_at < before ORDER BY id""",
    LACKS: """
        SELECT o.id FROM occurrences o JOIN occurrence_rooms r ON r.occurrence_id = o.id
        JOIN room_spaces s ON s.room_id = r.room_id
        WHERE o.state IN ('held', 'approved') AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.occurrence_id = o.id
        AND c.space_id = s.space_id AND c.starts_at = o.claim_starts_at AND c.ends_at = o.claim_ends_at)
        AND NOT EXISTS (SELECT 1 FROM proposals p WHERE p.occurrence_id = o.id) ORDER BY o.id""",
    IDLE: """
        SELECT c.id FROM claims c JOIN occurrences o ON o.id = c.occurrence_id WHERE o.state NOT IN ('held', 'approved')
        ORDER BY c.id""",
    "a claim blocks a space that its date's rooms do not have": """
        SELECT c.id FROM claims c WHERE NOT EXISTS (SELECT 1 FROM occurrence_rooms r JOIN room_spaces s ON s.room_id = r.room_id
        WHERE r.occurrence_id = c.occurrence_id AND s.space_id = c.space_id)
        AND NOT EXISTS (SELECT 1 FROM proposals p WHERE p.occurrence_id = c.occurrence_id) ORDER BY c.id""",
    "a claim blocks another time than its date": """
        SELECT c.id FROM claims c JOIN occurrences o ON o.id = c.occurrence_id WHERE o.state IN ('held', 'approved')
        AND (c.starts_at <> o.claim_starts_at OR c.ends_at <> o.claim_ends_at)
        AND NOT EXISTS (SELECT 1 FROM proposals p WHERE p.occurrence_id = o.id) ORDER BY c.id""",
    "a claim lies at another campus than its date or its space": """
        SELECT c.id FROM claims c JOIN occurrences o ON o.id = c.occurrence_id JOIN spaces s ON s.id = c.space_id
        WHERE c.campus_id <> o.campus_id OR c.campus_id <> s.campus_id ORDER BY c.id""",
    "a date lies at another campus than its booking or its rooms": """
        SELECT o.id FROM occurrences o JOIN bookings b ON b.id = o.booking_id WHERE o.campus_id <> b.campus_id OR EXISTS (
        SELECT 1 FROM occurrence_rooms r JOIN rooms ON rooms.id = r.room_id WHERE r.occurrence_id = o.id
        AND rooms.campus_id <> o.campus_id) ORDER BY o.id""",
    "a date has no room": """
        SELECT o.id FROM occurrences o WHERE NOT EXISTS (SELECT 1 FROM occurrence_rooms r WHERE r.occurrence_id = o.id)
        ORDER BY o.id""",
    "a date competes for a room and a time that somebody else has": """
        SELECT DISTINCT o.id FROM occurrences o JOIN occurrence_rooms r ON r.occurrence_id = o.id
        JOIN room_spaces s ON s.room_id = r.room_id JOIN claims c ON c.space_id = s.space_id
        AND c.starts_at < o.claim_ends_at AND c.ends_at > o.claim_starts_at WHERE o.state = 'requested' ORDER BY o.id""",
    "a move waits for a date that is not approved, or without a room or a day to decide it by": """
        SELECT p.occurrence_id FROM proposals p JOIN occurrences o ON o.id = p.occurrence_id JOIN bookings b ON b.id = o.booking_id
        WHERE o.state <> 'approved' OR b.change_by IS NULL OR NOT EXISTS (SELECT 1 FROM proposal_rooms r
        WHERE r.occurrence_id = p.occurrence_id) ORDER BY p.occurrence_id""",
    "a change is to be decided, and there is none": """
        SELECT b.id FROM bookings b WHERE (b.change_by IS NOT NULL AND b.proposed IS NULL AND NOT EXISTS (SELECT 1 FROM proposals p
        JOIN occurrences o ON o.id = p.occurrence_id WHERE o.booking_id = b.id)) OR (b.change_by IS NULL AND b.proposed IS NOT NULL)
        ORDER BY b.id""",
    "a move waits whose date began more than a day ago, or would have where it is to go": """
        SELECT p.occurrence_id FROM proposals p JOIN occurrences o ON o.id = p.occurrence_id
        WHERE o.starts_at < :day_ago OR p.starts_at < :day_ago ORDER BY p.occurrence_id""",
    "a room has no space": """
        SELECT r.id FROM rooms r WHERE NOT EXISTS (SELECT 1 FROM room_spaces s WHERE s.room_id = r.id) ORDER BY r.id""",
    "a room has a space of another campus": """
        SELECT DISTINCT rooms.id FROM rooms JOIN room_spaces r ON r.room_id = rooms.id JOIN spaces s ON s.id = r.space_id
        WHERE s.campus_id <> rooms.campus_id ORDER BY rooms.id""",
}
