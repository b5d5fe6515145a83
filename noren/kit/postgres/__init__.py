"""Django's PostgreSQL, with connections that stay open and without indexes that nothing uses."""
