"""The ways in which a room can be set up, as people call them; a district may have words of its own, which stand for themselves."""

from collections.abc import Mapping

from afterbell.policy.verdict import N_, Value

LAYOUT_NAMES: Mapping[str, str] = {
    "theater": N_("Rows of chairs"),
    "classroom": N_("Tables and chairs"),
    "banquet": N_("Round tables"),
    "conference": N_("One large table"),
    "open": N_("Empty floor"),
}


def layouts_named(*slugs: str) -> Value:
    """Words for a sentence, said in the reader's language."""
    return tuple(LAYOUT_NAMES.get(slug, slug.replace("_", " ")) for slug in slugs)
