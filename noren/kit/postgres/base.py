"""The engine: a connection that is kept is asked whether it lives by its socket, before each request, at no cost.

A server that has gone has closed the socket, and its words of farewell can be read there. One that is silent is there.
"""

import select
from typing import Any

from django.db.backends.postgresql import base, schema
from django.db.models import Field, Model
from psycopg.pq import TransactionStatus


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Django's, without its second index of each key for LIKE: no key is looked for by its beginning."""

    def _create_like_index_sql(self, model: type[Model], field: "Field[Any, Any]") -> None:
        del model, field


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with a cheap look at the socket in place of a question to the server."""

    SchemaEditorClass = SchemaEditor

    def is_usable(self) -> bool:
        """Whether the connection lives. Asked aloud only where the socket has something to say."""
        return _is_quiet(self.connection) or bool(super().is_usable())


def _is_quiet(connection: Any) -> bool:
    """Whether a statement may be sent: it is open, between transactions, and nothing unasked has come."""
    if connection is None or connection.closed or connection.info.transaction_status is not TransactionStatus.IDLE:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
