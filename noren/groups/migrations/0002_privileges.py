from django.db import migrations

KEPT = "groups_group, groups_partner, groups_application, groups_member"
FREE = "groups_unit, groups_holder, groups_saved_view"


class Migration(migrations.Migration):
    """What the application's role may do: nothing beyond this."""

    dependencies = [("groups", "0001_tables")]

    operations = [
        migrations.RunSQL(f"GRANT SELECT, INSERT, UPDATE ON {KEPT} TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {FREE} TO noren_app", migrations.RunSQL.noop),
    ]
