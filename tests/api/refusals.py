"""Every code that a refusal may carry, whole: status, sentence in both languages, the policy it rests on, the date it is about, and what would pass. With the
request that brings each about. Nothing here asserts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from afterbell.almanac.recurrence import months_later
from tests.api.test_bad_wishes import first_day_with_notice, last_open_day
from tests.api.test_spring_gap import HOUR, body
from tests.cast import BIRD
from tests.stories.asks import HALL, ask, day, today, wall, weekly
from tests.stories.paper import THIN, written_in_spanish
from tests.stories.paper import written as in_words

WEEK = timedelta(weeks=1)
LATEST = months_later(day(), 18)


@dataclass(frozen=True)
class Row:
    """One code as it is told: `more` is what stands beside severity and sentence."""

    status: int
    sentences: tuple[str, str]
    more: Mapping[str, str] = field(default_factory=dict)
    severity: str = "refuse"

    def told(self, code: str, language: str) -> tuple[int, dict[str, str]]:
        """Status and the reason as JSON."""
        message = self.sentences[("en", "es").index(language)]
        return self.status, {"code": code, "severity": self.severity, "message": message, **self.more}


# English and Spanish by code; where a code has several sentences, the one that is brought about here.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "room_taken": (f"Taken 4:00{THIN}PM to 6:00{THIN}PM.", f"Ocupado de 4:00{THIN}p.m. a 6:00{THIN}p.m."),
    "outside_hours": (
        f"The school is not open for visitors then. It is open 3:00{THIN}PM – 10:00{THIN}PM.",
        f"La escuela no recibe visitantes a esa hora. Horario: 3:00{THIN}p.m. – 10:00{THIN}p.m.",
    ),
    "closed": (
        "The school is closed that day: Staff day. Leave this date out or choose another.",
        "La escuela está cerrada ese día: Staff day. Omita esta fecha o elija otra.",
    ),
    "too_many_people": (
        "The room holds 30 people; you said 99.",
        "En el espacio caben 30 personas; usted indicó 99.",
    ),
    "short_notice": (
        f"The school needs 15 business days' notice. The first date that passes is {in_words(first_day_with_notice())}.",
        f"La escuela necesita 15 días hábiles de aviso. La primera fecha posible es el {written_in_spanish(first_day_with_notice())}.",
    ),
    "too_far": (
        f"Rooms open 6 months ahead. The last date that passes is {in_words(last_open_day())}.",
        f"Los espacios se abren con 6 meses de anticipación. La última fecha posible es el {written_in_spanish(last_open_day())}.",
    ),
    "in_past": ("This date has passed. Choose a later one.", "Esta fecha ya pasó. Elija una posterior."),
    "ends_before_start": (
        "The end must be later than the start.",
        "El final debe ser después del comienzo.",
    ),
    "too_many_dates": (
        "One booking may have at most 400 dates.",
        "Una reservación puede tener 400 fechas como máximo.",
    ),
    "too_long_series": (
        f"From the first to the last date of a booking it is at most 18 months. {in_words(LATEST)} passes as the last.",
        f"De la primera a la última fecha de una reservación hay como máximo 18 meses. La última puede ser el {written_in_spanish(LATEST)}.",
    ),
    "contradictory_repeat": (
        "A repeat ends after a number of dates or on a day, not both. FREQ=WEEKLY;COUNT=2 passes.",
        "Una repetición termina después de un número de fechas o en un día, no ambas cosas. Se admite FREQ=WEEKLY;COUNT=2.",
    ),
    "endless_repeat": (
        "The repeat has no end. Give a COUNT or an UNTIL, for example FREQ=WEEKLY;COUNT=12.",
        "La repetición no tiene fin. Indique COUNT o UNTIL, por ejemplo FREQ=WEEKLY;COUNT=12.",
    ),
    "too_frequent": (
        "Rooms repeat daily at most, not more often. For example FREQ=WEEKLY;COUNT=12.",
        "Los espacios se repiten a lo más cada día, no más seguido. Por ejemplo FREQ=WEEKLY;COUNT=12.",
    ),
    "unknown_room": (
        "There is no such room. Name rooms of one school site, as school/room.",
        "Ese espacio no existe. Nombre espacios de un mismo plantel, como school/room.",
    ),
    "not_a_member": (
        "You do not belong to this organization. Choose one of yours, or ask its manager to invite you.",
        "Usted no pertenece a esta organización. Elija una de las suyas o pida a su responsable que le invite.",
    ),
    "room_twice": (
        "Gym, whole and Gym, half A share the same space. Choose one of them.",
        "Gym, whole y Gym, half A comparten el mismo lugar. Elija uno de los dos.",
    ),
    "wrong_state": ("Nothing waits for a decision here any more.", "Aquí ya no hay nada que decidir."),
    "own_request": (
        "Nobody decides for their own organization. Ask a colleague.",
        "Nadie decide sobre su propia organización. Pídalo a un colega.",
    ),
    "held_too_much": (
        "Until it is verified your organization holds at most 12 dates at once. It holds 0 and this asks for 13; 12 would pass.",
        "Hasta que se verifique, su organización tiene apartadas a lo más 12 fechas a la vez. Tiene 0 y aquí pide 13; se admiten 12.",
    ),
    "unknown_occurrence": (
        "This booking has no date 2020-02-02T20:00.",
        "Esta reservación no tiene la fecha 2020-02-02T20:00.",
    ),
    "stale_version": (
        "This booking is at version 1 now. Read it again, then send that version's ETag as If-Match.",
        "Esta reservación está ahora en la versión 1. Léala de nuevo y envíe el ETag de esa versión como If-Match.",
    ),
    "key_reused": (
        "This Idempotency-Key came with another body before. Take a new key for another request.",
        "Esta Idempotency-Key llegó antes con otro cuerpo. Tome una clave nueva para otra solicitud.",
    ),
    "listing_of_confidential": (
        "A confidential booking has no public listing. Leave listing out, or choose visibility public or listed.",
        "Una reservación confidencial no tiene anuncio público. Omita listing, o elija visibility public o listed.",
    ),
    "answer_unreadable": (
        (
            "What came with this Idempotency-Key was done, but its answer can be read no more: the service has a new secret. "
            "Look at what there is now, and take a new key for another request."
        ),
        (
            "Lo que llegó con esta Idempotency-Key se hizo, pero su respuesta ya no se puede leer: el servicio tiene un secreto nuevo. "
            "Vea qué hay ahora y tome una clave nueva para otra solicitud."
        ),
    ),
    "changed_since_preview": (
        "This differs from what was previewed: headcount. Preview it as it is now, or send it as it was.",
        "Esto difiere de lo que se consultó: headcount. Consulte de nuevo tal como está ahora, o envíelo como estaba.",
    ),
    "not_held": ("Not held, nobody else asked yet.", "Sin reserva: nadie más lo ha pedido todavía."),
    "unknown_layout": (
        "Classroom 12 cannot be set up as banana: it is always set up in the same way. Leave layout out.",
        "Classroom 12 no se puede acomodar como banana: siempre se acomoda de la misma forma. Omita layout.",
    ),
    "too_short": ("One date takes at least 3 h here.", "Aquí una fecha dura al menos 3 h."),
    "too_long": ("One date may take at most 1 h 30 min here.", "Aquí una fecha dura a lo más 1 h 30 min."),
    "not_for_you": (
        "Gym, whole is only for public agencies with a joint-use agreement, businesses. Choose another room, or ask the school.",
        "Gym, whole: solo para organismos públicos con acuerdo de uso conjunto, empresas. Elija otro espacio o pregunte a la escuela.",
    ),
    "quota": (
        "One organization has at most 2 dates open at once here. Yours has 0 and this asks for 3; 2 would pass.",
        "Aquí una organización tiene a lo más 2 fechas abiertas a la vez. La suya tiene 0 y aquí pide 3; se admiten 2.",
    ),
    "already_founded": (
        "You have founded Night School already: it is night-school. Ask for rooms on its behalf.",
        "Usted ya creó Night School: es night-school. Solicite espacios en su nombre.",
    ),
}


STATUS = {
    "stale_version": 412,
    "key_reused": 422,
    "listing_of_confidential": 422,
    "not_held": 200,
}


# What an administrator sets so that the rules can refuse: a rule, its value, and where.
RULES: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
    ("lengths", {"shortest": 180}, {"room": f"{BIRD}/gym-a"}),
    ("lengths", {"longest": 90}, {"room": f"{BIRD}/gym-b"}),
    ("admission", {"reserved": [{"tiers": ["agency"], "kinds": ["business"]}]}, {"room": f"{BIRD}/gym"}),
    ("quotas", {"dates_open": 2}, {"campus": BIRD}),
)


def rows(closed: date, gap: datetime) -> dict[str, Row]:
    """The whole table; what depends on the day on which the tests run is worked out here."""
    sentences = {**SENTENCES, "no_such_time": _about_the_gap(gap)}
    more = _more(closed, gap)
    return {
        code: Row(STATUS.get(code, 409), told, more.get(code, {}), "note" if code == "not_held" else "refuse")
        for code, told in sentences.items()
    }


def _about_the_gap(gap: datetime) -> tuple[str, str]:
    there = f"{gap + HOUR:%H:%M}"
    return (
        f"The clocks go forward that night and this time does not exist. {there} does.",
        f"Esa noche se adelanta el reloj y esta hora no existe. Las {there} sí.",
    )


def _more(closed: date, gap: datetime) -> dict[str, dict[str, str]]:
    """By code, the policy, the date, and what would pass wherever that can be said."""
    past, soon, late = day(ahead=-60), today() + WEEK, day(ahead=250)
    notice, horizon = first_day_with_notice().isoformat(), last_open_day().isoformat()
    return {
        "room_taken": {"occurrence": wall(day(), 17)},
        "outside_hours": {"policy": "hours", "occurrence": wall(day(), 13), "would_pass": "15:00-22:00"},
        "closed": {"policy": "closures", "occurrence": wall(closed, 18)},
        "too_many_people": {"policy": "capacity", "would_pass": "30"},
        "short_notice": {"policy": "notice", "occurrence": wall(soon, 12), "would_pass": notice},
        "too_far": {"policy": "horizon", "occurrence": wall(late, 16), "would_pass": horizon},
        "in_past": {"occurrence": wall(past, 16)},
        "no_such_time": {"would_pass": f"{gap + HOUR:%Y-%m-%dT%H:%M}"},
        "too_many_dates": {"policy": "dates", "would_pass": "400"},
        "too_long_series": {"policy": "dates", "would_pass": LATEST.isoformat()},
        "contradictory_repeat": {"would_pass": "FREQ=WEEKLY;COUNT=2"},
        "not_a_member": {"policy": "membership"},
        "held_too_much": {"policy": "unverified", "would_pass": "12"},
        "listing_of_confidential": {"policy": "confidentiality"},
        "stale_version": {"would_pass": '"1"'},
        "already_founded": {"would_pass": "night-school"},
        "unknown_layout": {"policy": "layout"},
        "too_short": {"policy": "lengths", "occurrence": wall(day(), 16), "would_pass": "180"},
        "too_long": {"policy": "lengths", "occurrence": wall(day(), 16), "would_pass": "90"},
        "not_for_you": {"policy": "admission", "would_pass": "agency, business"},
        "quota": {"policy": "dates_open", "would_pass": "2"},
        "not_held": {"occurrence": wall(day(), 16)},
    }


def wishes(closed: date, gap: datetime) -> dict[str, dict[str, Any]]:
    """By code, the request that is refused for it."""
    return {
        "room_taken": ask(hour=17),
        "outside_hours": ask(hour=13),
        "closed": ask(closed, 18, rooms=[f"{BIRD}/hall"]),
        "too_many_people": ask(headcount=99),
        "short_notice": ask(today() + WEEK, 12, rooms=[f"{BIRD}/hall"]),
        "too_far": ask(day(ahead=250)),
        "in_past": ask(day(ahead=-60)),
        "ends_before_start": ask(ends_at=wall(day(), 15)),
        "no_such_time": body(gap),
        "too_many_dates": ask(repeat=weekly(401)),
        "too_long_series": ask(repeat={"rrule": "FREQ=YEARLY;COUNT=3"}),
        "contradictory_repeat": ask(repeat={"rrule": "FREQ=WEEKLY;COUNT=2;UNTIL=20300101"}),
        "endless_repeat": ask(repeat={"rrule": "FREQ=WEEKLY"}),
        "too_frequent": ask(repeat={"rrule": "FREQ=HOURLY;COUNT=2"}),
        "unknown_room": ask(rooms=["nowhere/room-12"]),
        "not_a_member": ask(organization="casa-del-pueblo"),
        "held_too_much": ask(rooms=[HALL], repeat=weekly(13), organization="figueroa-youth-theatre"),
        "room_twice": ask(rooms=[f"{BIRD}/gym", f"{BIRD}/gym-a"]),
        "unknown_layout": ask(layout="banana"),
        "too_short": ask(rooms=[f"{BIRD}/gym-a"]),
        "too_long": ask(rooms=[f"{BIRD}/gym-b"]),
        "not_for_you": ask(rooms=[f"{BIRD}/gym"]),
        "quota": ask(rooms=[f"{BIRD}/studio"], repeat=weekly(3)),
        "listing_of_confidential": ask(visibility="hidden", listing={"summary": {"en": "x"}}),
    }
