"""The commands of API.md, and the factories that uvicorn imports. Arguments are read here; the rooms do the work."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click
from litestar import Litestar
from rich.progress import Progress

from afterbell import clock, setup
from afterbell.database import Database, migrate, trouble
from afterbell.demo.load import NotEmpty, load, sign_in_links
from afterbell.doctor.examine import examine
from afterbell.logs import set_up_logs
from afterbell.people.join import CannotJoin
from afterbell.places.calendars import check_calendars
from afterbell.places.import_rooms import import_rooms
from afterbell.places.import_schools import import_schools
from afterbell.places.importing import ImportRefused
from afterbell.serving import CannotStart, bound, build, check_ground, moved_clock, serve
from afterbell.settings import BadSetting, Settings, ground
from afterbell.worker import Worker, tick

T = TypeVar("T")


def settings() -> Settings:
    """The environment's, or one sentence about what is wrong with it."""
    try:
        return Settings.from_environment()
    except BadSetting as error:
        raise click.ClickException(str(error)) from error


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs to the end; what a person can mend is told in a sentence."""
    try:
        return asyncio.run(work)
    except (CannotStart, CannotJoin, setup.CannotSetUp, NotEmpty) as error:
        raise click.ClickException(str(error)) from error
    except Exception as error:
        if sentence := trouble(error):
            raise click.ClickException(sentence) from error
        raise


def factory() -> Litestar:
    """One server process with its worker."""
    set_up_logs()
    return build(Settings.from_environment(), with_worker=True)


def factory_without_worker() -> Litestar:
    """One server process alone."""
    set_up_logs()
    return build(Settings.from_environment(), with_worker=False)


@click.group()
def main() -> None:
    """Afterbell opens a school district's rooms after the bell."""
    set_up_logs()


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="Leave reminders and letters to `afterbell worker`.")
def serve_command(host: str, port: int, processes: int, no_worker: bool) -> None:
    """Pages, API, feeds, and the worker unless told otherwise."""
    chosen = settings()
    if processes > 1 and chosen.database_url.startswith("sqlite"):
        raise click.ClickException(
            "SQLite has one writer: --processes above 1 needs PostgreSQL (AFTERBELL_DATABASE_URL)."
        )
    run(check_ground(chosen, host))
    try:
        sock = bound(host, port)
    except CannotStart as error:
        raise click.ClickException(str(error)) from error
    serve(sock, "afterbell.cli:factory_without_worker" if no_worker else "afterbell.cli:factory", processes)


@main.command("worker")
def worker_command() -> None:
    """Relay, reminders and letters, apart from the server."""
    chosen = settings()
    run(check_ground(chosen, "127.0.0.1", pages=False))

    async def work() -> None:
        database = Database(chosen.database_url)
        await Worker(database, chosen).run_until_told()
        await database.close()

    run(work())


@main.command("migrate")
def migrate_command() -> None:
    """Brings the database to this version."""
    run(migrate(settings().database_url, ground() / "alembic"))


@main.command("setup")
@click.option("--admin", "email", required=True, help="The first administrator's address.")
def setup_command(email: str) -> None:
    """An empty, migrated district and its first administrator's sign-in link."""
    click.echo(run(setup.set_up(settings(), email, now=clock.now())))


@main.command("demo")
@click.option("--out", default="var/demo.json", show_default=True, type=click.Path(path_type=Path))
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds a district already.")
def demo_command(out: Path, if_empty: bool) -> None:
    """Loads the demo district into an empty database."""
    chosen = settings()
    loaded = run(load(chosen, if_empty=if_empty, now=clock.now()))
    if loaded is None:
        click.echo("The database holds a district already; it stays as it is.")
    else:
        run(_settle(replace(chosen, smtp_url=None)))
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(loaded, indent=2, ensure_ascii=False) + "\n")
    for line in sign_in_links(out, chosen.base_url):
        click.echo(line)


async def _settle(chosen: Settings) -> None:
    """What the sample bookings caused is worked off here; their letters are kept, never sent."""
    database = Database(chosen.database_url)
    await tick(database, chosen, now=clock.now())
    await database.close()


@main.group()
def person() -> None:
    """People and their roles."""


@person.command("add")
@click.argument("email")
@click.option("--role", required=True)
@click.option("--campus", help="The campus's slug; without it the role counts everywhere.")
@click.option("--organization", help="The organization's slug or name, made when new; for partners.")
@click.option("--language", default="en", type=click.Choice(["en", "es"]))
def person_add(email: str, role: str, campus: str | None, organization: str | None, language: str) -> None:
    """Adds a person with a role; may be repeated."""
    place = setup.Post(role, campus, organization)
    click.echo(run(setup.add(settings(), email, place, language=language, now=clock.now())))


@main.group()
def token() -> None:
    """Tokens for programs."""


@token.command("create")
@click.option("--person", "email", required=True)
def token_create(email: str) -> None:
    """Prints a new API token, once."""
    click.echo(run(setup.make_token(settings(), email, now=clock.now())))


@main.command("import")
@click.argument("what", type=click.Choice(["schools", "rooms"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Checks everything, changes nothing.")
def import_command(what: str, file: Path, dry_run: bool) -> None:
    """Schools or rooms from a CSV file, all or nothing."""
    reader = import_schools if what == "schools" else import_rooms
    chosen = settings()
    with Progress(transient=True) as bar:
        task = bar.add_task(f"Reading {what}", total=None)
        progress = lambda done, total: bar.update(task, completed=done, total=total)  # noqa: E731
        try:
            outcome = run(setup.bring_in(chosen, reader, file.read_bytes(), progress, dry_run=dry_run))
        except ImportRefused as refusal:
            for complaint in refusal.complaints:
                click.echo(str(complaint), err=True)
            raise click.ClickException(str(refusal)) from refusal
    for warning in outcome.warnings:
        click.echo(warning, err=True)
    done = "would be" if dry_run else "were"
    click.echo(
        f"{outcome.created} {done} added, {outcome.changed} {done} changed, {outcome.unchanged} stay as they are."
    )


@main.group()
def calendars() -> None:
    """The district's calendar files."""


@calendars.command("check")
def calendars_check() -> None:
    """Reads every calendar file and says what cannot be used."""
    complaints = check_calendars(settings().calendars)
    for complaint in complaints:
        click.echo(str(complaint), err=True)
    if complaints:
        raise SystemExit(1)
    click.echo("All calendar files can be used.")


@main.command("tick")
@click.option("--at", "at", help="An instant with an offset; the clock stands there for this run. Demo databases only.")
@click.option("--json", "as_json", is_flag=True)
def tick_command(at: str | None, as_json: bool) -> None:
    """Runs relay, reminders and deliveries until nothing is due."""

    async def once() -> dict[str, int]:
        chosen = settings()
        database = Database(chosen.database_url, patience=10)
        now = await moved_clock(database, at) if at else clock.now()
        report = await tick(database, chosen, now=now)
        await database.close()
        return report.as_json()

    report = run(once())
    click.echo(json.dumps(report) if as_json else ", ".join(f"{count} {name}" for name, count in report.items()))


@main.command("doctor")
@click.option("--json", "as_json", is_flag=True)
def doctor_command(as_json: bool) -> None:
    """Checks the guard and every invariant that lives in the database; exit 1 when something is wrong."""

    async def look() -> list[dict[str, Any]]:
        database = Database(settings().database_url)
        found = await examine(database, now=clock.now())
        await database.close()
        return [{"what": finding.what, "count": finding.count, "examples": finding.examples} for finding in found]

    found = run(look())
    click.echo(
        json.dumps({"ok": not found, "findings": found})
        if as_json
        else "\n".join(f"{f['count']} x {f['what']} {f['examples']}" for f in found) or "All is well."
    )
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
