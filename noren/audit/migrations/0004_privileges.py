from django.db import migrations

WRITTEN = "record_id, booked_at, actor, act, subject, detail, scope, reason, before, after"


class Migration(migrations.Migration):
    """What the application's role may do: rows and links are added alone, and the order of rows is the database's."""

    dependencies = [("audit", "0003_scope_and_chain")]

    operations = [
        migrations.RunSQL("REVOKE INSERT ON audit_record FROM noren_app", migrations.RunSQL.noop),
        migrations.RunSQL(f"GRANT INSERT ({WRITTEN}) ON audit_record TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL("GRANT SELECT, INSERT ON audit_link TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL("GRANT SELECT, UPDATE ON audit_mark TO noren_app", migrations.RunSQL.noop),
    ]
