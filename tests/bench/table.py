"""The table that `make bench` prints: one line a measurement, a column an engine, and what DESIGN.md aims at."""

from collections.abc import Callable, Mapping
from typing import Any

MEANT = frozenset({"200", "201", "304"})
Line = tuple[str, Callable[[Mapping[str, Any]], str], str]


def cpu(kept: Mapping[str, Any], name: str = "cpu_ms") -> str:
    """Together, and its two parts where there are two."""
    spent = kept[name]
    parts = "" if spent["database"] is None else f" ({spent['service']:.2f} + {spent['database']:.2f})"
    return f"{spent['together']:.2f}{parts}"


def pace(kept: Mapping[str, Any]) -> str:
    """Requests a second, how long they took, and what was not answered as meant."""
    ms = kept["ms"]
    wrong = "".join(f", {count} x {status}" for status, count in kept["answers"].items() if status not in MEANT)
    return f"{kept['a_second']:.0f}/s, {ms['p50']:.1f} / {ms['p95']:.1f} / {ms['p99']:.1f} ms{wrong}"


def settled(kept: Mapping[str, Any]) -> str:
    """A booking with all its consequences, or a warning that some were left when time was up."""
    return cpu(kept, "settled_cpu_ms") + ("" if kept["settled"] else ", not all done")


def statements(kept: Mapping[str, Any]) -> str:
    """Those that do something, and those that frame a transaction."""
    return f"{kept['statements']} + {kept['transaction']}"


def booked(*names: str) -> Callable[[Mapping[str, Any]], Any]:
    """What lies under these names in the bookings' figures."""

    def found(kept: Mapping[str, Any]) -> Any:
        each: Any = kept["bookings"]
        for name in names:
            each = each[name]
        return each

    return found


def lines() -> list[Line]:
    """The whole table, top to bottom."""
    return [*bookings(), *feeds(), *growth(), *city(), *checked()]


def bookings() -> list[Line]:
    """Bookings, single and twelve dates, and the bare driver's."""
    single, series, worker = booked("single"), booked("series"), booked("with_worker")
    bare, bare_series, ratio = booked("bare", "single"), booked("bare", "series"), booked("bare_to_service")
    counts = booked("statements")
    return [
        ("booking over HTTP, a second; p50 / p95 / p99", lambda k: pace(single(k)), ""),
        ("  bare driver, the same rows", lambda k: pace(bare(k)), ""),
        ("  bare : service", lambda k: f"{ratio(k)['single']:.2f}", "printed"),
        ("  CPU-ms, together (service + database)", lambda k: cpu(single(k)), "<= 8"),
        ("  CPU-ms of the bare driver", lambda k: cpu(bare(k)), ""),
        ("  statements + transaction's frame", lambda k: statements(counts(k)["single"]), "<= 10"),
        ("beside the worker, a second; p50 / p95 / p99", lambda k: pace(worker(k)), ""),
        ("  bare : service", lambda k: f"{ratio(k)['single_with_worker']:.2f}", "printed"),
        ("  CPU-ms with all that follows, letter kept", lambda k: settled(worker(k)), ""),
        ("series of 12, a second; p50 / p95 / p99", lambda k: pace(series(k)), ""),
        ("  bare driver, the same rows", lambda k: pace(bare_series(k)), ""),
        ("  bare : service", lambda k: f"{ratio(k)['series']:.2f}", "printed"),
        ("  CPU-ms, together (service + database)", lambda k: cpu(series(k)), ""),
        ("  statements + transaction's frame", lambda k: statements(counts(k)["series"]), "<= 10"),
    ]


def feeds() -> list[Line]:
    """The room's calendar in its four kinds beside the empty handler; then the school's programme and a secret one."""
    found: list[Line] = [
        ("empty handler (/healthz), a second", lambda k: pace(k["feed"]["empty"]), ""),
        ("  CPU-ms", lambda k: cpu(k["feed"]["empty"]), ""),
        *feed("room", lambda k: k["feed"]),
    ]
    for name in ("programme", "secret"):
        found += feed(name, wide(name))
    return found


def wide(name: str) -> Callable[[Mapping[str, Any]], Any]:
    """What was kept of a calendar of more than one room."""
    return lambda k: k["feed"]["wide"][name]


def feed(name: str, kept: Callable[[Mapping[str, Any]], Any]) -> list[Line]:
    """One calendar. What a secret one has to look up at each fetch has no aim of its own."""
    kinds = {"warm": "< 2", "zipped": "< 2", "unchanged": "< 1.5"}
    found = [polled(name, kept, kind, "" if name == "secret" else aim) for kind, aim in kinds.items()]
    return [
        *(line for pair in found for line in pair),
        (f"{name} feed cold, p50 / slowest ms", lambda k: cold(kept(k)["cold"]["ms"]), "< 100"),
    ]


def polled(name: str, kept: Callable[[Mapping[str, Any]], Any], kind: str, aim: str) -> tuple[Line, Line]:
    """One kind of answer: how many a second, and against the empty handler."""
    return (
        (f"{name} feed {kind}, a second", lambda k: pace(kept(k)[kind]), ""),
        ("  times the empty handler: seconds, CPU", lambda k: times(kept(k), kind), aim),
    )


def times(feed: Mapping[str, Any], kind: str) -> str:
    """By seconds and by CPU."""
    ratio = feed["ratio"][kind]
    return f"{ratio['seconds']:.2f}, {ratio['cpu']:.2f}" if ratio["cpu"] else f"{ratio['seconds']:.2f}"


def cold(ms: Mapping[str, float]) -> str:
    """The middle one and the slowest."""
    return f"{ms['p50']:.0f} / {ms['slowest']:.0f}"


def growth() -> list[Line]:
    """What ten times as many bookings do to a request."""
    return [
        ("CPU-ms of a request, few bookings", lambda k: cpu(k["growth"]["few"]), ""),
        ("CPU-ms of a request, ten times as many", lambda k: cpu(k["growth"]["many"]), ""),
        ("  ratio", lambda k: f"{k['growth']['cpu_ratio']}", "< 1.5"),
    ]


def city() -> list[Line]:
    """The generated district: search, week, and a request in it."""
    return [
        ("generated district, rows (loaded in s)", lambda k: loaded(k["city"]), ""),
        ("search: 12 dates, 5 km, a second; p50 / p95 / p99", lambda k: pace(k["city"]["search"]), "p50 < 50 ms"),
        ("  CPU-ms, together (service + database)", lambda k: cpu(k["city"]["search"]), ""),
        ("  statements + transaction's frame", lambda k: statements(booked("statements")(k)["search"]), ""),
        ("  unlike the judge by brute force", lambda k: judged(k["city"]["equal"]), "0"),
        ("week of a campus, a second; p50 / p95 / p99", lambda k: pace(k["city"]["week"]), "p50 < 50 ms"),
        ("  CPU-ms, together (service + database)", lambda k: cpu(k["city"]["week"]), ""),
        ("  statements + transaction's frame", lambda k: statements(booked("statements")(k)["week"]), ""),
        ("CPU-ms of a request in that district", lambda k: cpu(k["city"]["growth"]["many"]), "<= 8"),
        ("  ratio to the small one", lambda k: f"{k['city']['growth']['cpu_ratio']}", "< 1.5"),
    ]


def loaded(kept: Mapping[str, Any]) -> str:
    """How large it is, by count."""
    rows = kept["rows"]
    return (
        f"{rows['rooms']:,} rooms, {rows['bookings']:,} bookings, {rows['claims']:,} claims ({kept['loaded_in_s']:.0f})"
    )


def judged(kept: Mapping[str, Any]) -> str:
    """Of how many needs."""
    return f"{kept['wrong']} of {kept['needs']}"


def checked() -> list[Line]:
    """Figures of a database that is not in order are worth nothing."""
    return [("what doctor finds wrong afterwards", lambda k: "; ".join(k["doctor"]) or "nothing", "nothing")]


def table(found: Mapping[str, Any]) -> str:
    """Plain text."""
    engines = found["engines"]
    head = ["", *(f"{name} {each['about']['version'].split()[0]}" for name, each in engines.items()), "aim"]
    body = [[label, *(told(each) for each in engines.values()), aim] for label, told, aim in lines()]
    widths = [max(len(row[column]) for row in [head, *body]) for column in range(len(head))]
    shown = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *body]
    ]
    about = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    return "\n".join([f"{found['at']}, size {found['size']}; {about}", *shown])
