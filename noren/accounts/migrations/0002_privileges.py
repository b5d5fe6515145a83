from django.db import migrations

OURS = ", ".join(
    f"accounts_{name}" for name in ("account", "organisation", "linked_line", "line_pin", "ticket", "application")
)
SHARED = "accounts_code, accounts_session, accounts_cache, account_emailaddress, account_emailconfirmation, mfa_authenticator"


class Migration(migrations.Migration):
    """What the application's role may do; counters live in a table that a crash may empty."""

    dependencies = [
        ("accounts", "0001_tables"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE UNLOGGED TABLE accounts_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL,"
            " expires timestamptz NOT NULL)",
            "DROP TABLE accounts_cache",
        ),
        migrations.RunSQL("CREATE INDEX accounts_cache_expires ON accounts_cache (expires)", migrations.RunSQL.noop),
        migrations.RunSQL(f"GRANT SELECT, INSERT, UPDATE ON {OURS} TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL("GRANT SELECT, INSERT ON accounts_sign_in TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {SHARED} TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL("GRANT SELECT ON django_content_type, auth_permission TO noren_app", migrations.RunSQL.noop),
    ]
