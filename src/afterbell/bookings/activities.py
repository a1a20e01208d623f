"""The kinds of use that a new district begins with: pillar, category, confidentiality and insurance class of each (DOMAIN.md, Privacy)."""

from sqlalchemy.ext.asyncio import AsyncSession

from afterbell.bookings.models import Activity
from afterbell.database import insert_or_skip, table

LIST = (
    (
        "community-clinic",
        "Community health clinic",
        "Clínica de salud comunitaria",
        "health",
        "clinic",
        "listed",
        "health",
    ),
    ("vaccination", "Vaccines and screenings", "Vacunas y exámenes", "health", "clinic", "listed", "health"),
    (
        "counselling",
        "Counselling and mental health",
        "Consejería y salud mental",
        "health",
        "counselling",
        "busy_only",
        "professional",
    ),
    (
        "legal-aid",
        "Legal and immigration help",
        "Ayuda legal y de inmigración",
        "services",
        "legal",
        "busy_only",
        "professional",
    ),
    ("recovery-group", "Recovery group", "Grupo de recuperación", "health", "counselling", "hidden", "professional"),
    (
        "restorative-circle",
        "Restorative circle",
        "Círculo restaurativo",
        "restorative",
        "conference",
        "busy_only",
        "general",
    ),
    ("enrichment-class", "Class or workshop", "Clase o taller", "enrichment", "class", "public", "general"),
    ("adult-esl", "English for adults", "Inglés para adultos", "enrichment", "class", "public", "general"),
    ("parent-workshop", "Workshop for families", "Taller para familias", "family", "workshop", "public", "general"),
    ("youth-sports", "Youth sports", "Deporte juvenil", "enrichment", "sports", "public", "athletics"),
    ("civic-meeting", "Civic meeting", "Reunión cívica", "civic", "meeting", "public", "general"),
    ("food-distribution", "Food distribution", "Distribución de alimentos", "services", "food", "public", "food"),
    ("performance", "Rehearsal or performance", "Ensayo o presentación", "enrichment", "arts", "public", "general"),
    ("school-event", "School event", "Evento escolar", "school", "event", "public", "district"),
)


async def sow_activities(session: AsyncSession) -> None:
    """Adds those that are not there; a repeat changes nothing."""
    names = ("slug", "name", "pillar", "category", "visibility", "insurance")
    rows = [
        dict(zip(names, (slug, {"en": english, "es": spanish}, *rest), strict=True))
        for slug, english, spanish, *rest in LIST
    ]
    await insert_or_skip(session, table(Activity), rows)
