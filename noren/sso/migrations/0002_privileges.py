from django.db import migrations


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this. Only what has expired is deleted."""

    dependencies = [("sso", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE ON sso_client, sso_link, sso_key TO noren_app",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON sso_grant, sso_pushed, sso_device, sso_seen TO noren_app",
            migrations.RunSQL.noop,
        ),
    ]
