from django.db import migrations


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this."""

    dependencies = [("members", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE ON members_corporation, members_line, members_account, members_contract TO noren_app",
            migrations.RunSQL.noop,
        ),
    ]
