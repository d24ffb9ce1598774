"""How Alembic runs the store's migrations: on the connection it is handed."""

from alembic import context

from store import agreement_models, definition_models, kpi_models, room_models  # noqa: F401 - their tables are the store's, too
from store.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
