"""Runs migrations on the connection that afterbell.database.migrate hands over."""

from afterbell.bookings import models as bookings
from afterbell.database import Base
from afterbell.feeds import models as feeds
from afterbell.letters import models as letters
from afterbell.notices import models as notices
from afterbell.outbox import models as outbox
from afterbell.partners import models as partners
from afterbell.people import models as people
from afterbell.places import models as places
from afterbell.reminders import models as reminders
from afterbell.rules import models as rules
from afterbell.web import models as web
from alembic import context

ROOMS = (bookings, feeds, letters, notices, outbox, partners, people, places, reminders, rules, web)

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=False
)
with context.begin_transaction():
    context.run_migrations()
