"""A public date in the words of its calendar's language: what it is called, where, and what a family asks first. Only what the listing says."""

from collections.abc import Mapping
from typing import Any

from afterbell.policy.verdict import N_
from afterbell.web.words import say, tongues

FREE = frozenset({"free", "gratis", "gratuito", "$0", "0"})
JOINS: Mapping[str, str] = {"walk_in": N_("Just come"), "call": N_("Call first"), "link": N_("Sign up online")}


def in_tongue(words: Mapping[str, str], language: str) -> str:
    """In that language, or in whichever there is."""
    return words.get(language) or words.get("en") or next((text for text in words.values() if text), "")


def title(listing: Mapping[str, Any], kind: Mapping[str, str], language: str) -> str:
    """What was written for families; without a listing the kind of activity. A booking's own title is written for the school and never public."""
    return in_tongue(listing.get("summary") or {}, language) or in_tongue(kind, language)


def description(listing: Mapping[str, Any], kind: Mapping[str, str], language: str) -> str:
    """A line for each thing that is known."""
    spoken = tongues(listing.get("languages") or (), language)
    link = str(listing.get("link") or "")
    asked = (
        (N_("Cost"), cost(listing, language)),
        (N_("Languages"), spoken),
        (N_("Ages"), str(listing.get("ages") or "")),
        (N_("Childcare"), say(N_("Yes, during it"), language) if listing.get("childcare") is True else ""),
        (N_("How to take part"), way_to_join(listing, language)),
        (N_("Ask"), str(listing.get("public_contact") or "")),
    )
    lines = [in_tongue(kind, language), *(f"{say(what, language)}: {told}" for what, told in asked if told)]
    if listing.get("places") == "full":
        lines.append(say(N_("All places are taken."), language))
    return "\n".join([*lines, *([link] if link.startswith("https://") else [])])


def cost(listing: Mapping[str, Any], language: str) -> str:
    """As it was written; what is free is said in the reader's language."""
    written = str(listing.get("cost") or "")
    return say(N_("Free of charge"), language) if written.strip().casefold() in FREE else written


def way_to_join(listing: Mapping[str, Any], language: str) -> str:
    """How to take part, in a few words; empty when nothing was said."""
    way = JOINS.get(str(listing.get("join") or ""))
    return say(way, language) if way else ""
