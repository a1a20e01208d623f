"""In which order rooms are offered to a need: a few plain numbers, compared one after the other, so that anybody can check why a room stands where it does."""

from typing import NamedTuple


class Rank(NamedTuple):
    """Smaller is better. More free dates first; then nearer, by whole kilometres; then where other bookings have the building open on more of the dates; then
    the room that is closest to the need; then by the exact distance. What is left over is settled by the room's own id, so that an order never wavers."""

    not_free: int
    whole_km: int
    not_open: int
    spare: int
    km: float
    id: int


def rank(free: int, already_open: int, spare: int, km: float | None, id_: int) -> Rank:
    """`spare` is how many more people the room holds than are expected, set up as asked; without a point there is no distance."""
    far = km or 0.0
    return Rank(-free, int(far), -already_open, spare, far, id_)
