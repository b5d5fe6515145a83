from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

ALLOWS = (Path(__file__).parent / "sql" / "policy_allows.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """What the places of an account ask of it, as sessions and tokens look it up; sessions that live together."""

    dependencies = [("accounts", "0003_failed_codes")]

    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("policy_id", models.TextField(primary_key=True, serialize=False)),
                ("places", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                "db_table": "accounts_policy",
            },
        ),
        migrations.CreateModel(
            name="PolicyStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "policy_id", "from_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                (
                    "methods",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None),
                ),
                ("second_factor", models.BooleanField()),
                ("session_minutes", models.PositiveIntegerField(null=True)),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None),
                ),
                ("devices", models.PositiveSmallIntegerField(null=True)),
                ("second_approval", models.BooleanField()),
                ("sources", models.JSONField()),
                ("coming", models.JSONField()),
                (
                    "policy",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.policy"),
                ),
            ],
            options={
                "db_table": "accounts_policy_step",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_at__isnull", True), ("until_at__gt", models.F("from_at")), _connector="OR"
                        ),
                        name="accounts_policy_step_lasts",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="account",
            name="policy",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.policy",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="auth_hash",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="signin",
            name="result",
            field=models.TextField(
                choices=[
                    ("succeeded", "succeeded"),
                    ("wrong_password", "wrong_password"),
                    ("wrong_code", "wrong_code"),
                    ("locked", "locked"),
                    ("refused", "refused"),
                    ("service", "service"),
                ]
            ),
        ),
        migrations.RunSQL(
            ALLOWS, "DROP FUNCTION accounts_policy_allows(text, text, jsonb, timestamptz, uuid, timestamptz)"
        ),
        # The right to update is needed to lock a row.
        migrations.RunSQL("GRANT SELECT, INSERT, UPDATE ON accounts_policy TO noren_app", migrations.RunSQL.noop),
        migrations.RunSQL("GRANT SELECT, INSERT, DELETE ON accounts_policy_step TO noren_app", migrations.RunSQL.noop),
    ]
