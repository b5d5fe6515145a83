"""Django's PostgreSQL, with connections that stay open."""
