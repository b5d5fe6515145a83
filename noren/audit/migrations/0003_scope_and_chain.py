import django.core.serializers.json
from django.db import migrations, models

COLUMNS = """
ALTER TABLE audit_record
    ADD COLUMN place bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN entered xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ALTER COLUMN record_id SET DEFAULT gen_random_uuid(),
    ALTER COLUMN detail SET DEFAULT '{}',
    ADD CONSTRAINT audit_record_before_is_object CHECK (jsonb_typeof(before) = 'object'),
    ADD CONSTRAINT audit_record_after_is_object CHECK (jsonb_typeof(after) = 'object')
"""
PLACE_AND_ENTERED = "ALTER TABLE audit_record DROP COLUMN place, DROP COLUMN entered"
MARK = """
CREATE TABLE audit_mark (settled xid8 NOT NULL);
CREATE UNIQUE INDEX audit_mark_once ON audit_mark ((true));
INSERT INTO audit_mark VALUES ('0');
"""


class Migration(migrations.Migration):
    """Whose rows are and why, what was before and after; the chain that links them.

    `place` is the order in which rows were written, `entered` the transaction that wrote them: the database sets both.
    `audit_mark` is the transaction up to which every row that was committed is linked.
    """

    dependencies = [("audit", "0002_privileges")]

    operations = [
        migrations.AddField("record", "scope", models.TextField(blank=True, db_default="")),
        migrations.AddField("record", "reason", models.TextField(blank=True, db_default="")),
        migrations.AddField(
            "record", "before", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)
        ),
        migrations.AddField(
            "record", "after", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(COLUMNS, PLACE_AND_ENTERED)],
            state_operations=[migrations.AddField("record", "place", models.BigIntegerField(default=0))],
        ),
        migrations.RunSQL(
            "CREATE INDEX audit_record_entered ON audit_record (entered)", "DROP INDEX audit_record_entered"
        ),
        migrations.RemoveIndex("record", "audit_record_subject"),
        migrations.AddIndex(
            "record", models.Index(fields=["subject", "booked_at", "place"], name="audit_record_subject")
        ),
        migrations.AddIndex("record", models.Index(fields=["scope", "booked_at", "place"], name="audit_record_scope")),
        migrations.AddIndex("record", models.Index(fields=["booked_at", "place"], name="audit_record_booked")),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("record_id", models.UUIDField(unique=True)),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "audit_link"},
        ),
        migrations.RunSQL(MARK, "DROP TABLE audit_mark"),
    ]
