import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What corporations and groups ask of their accounts, now and from a moment on."""

    dependencies = [("groups", "0002_privileges"), ("members", "0004_continued_by")]

    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.TextField()),
                ("from_at", models.DateTimeField()),
                ("settings", models.JSONField()),
                ("set_by", models.TextField()),
                ("set_at", models.DateTimeField()),
                (
                    "corporation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.corporation",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="groups.group"),
                ),
            ],
            options={
                "db_table": "groups_policy",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corporation__isnull", False), ("group__isnull", True)),
                            models.Q(("corporation__isnull", True), ("group__isnull", False)),
                            _connector="OR",
                        ),
                        name="groups_policy_one_place",
                    ),
                    models.UniqueConstraint(fields=("place", "from_at"), name="groups_policy_once"),
                ],
            },
        ),
        # The right to update is needed to lock a row.
        migrations.RunSQL("GRANT SELECT, INSERT, UPDATE, DELETE ON groups_policy TO noren_app", migrations.RunSQL.noop),
    ]
