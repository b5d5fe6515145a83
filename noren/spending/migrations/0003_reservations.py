from django.db import migrations, models


class Migration(migrations.Migration):
    """Points that are reserved for a use."""

    dependencies = [
        ("spending", "0002_privileges"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reservation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "wallet_id", "reservation_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("wallet_id", models.UUIDField()),
                ("reservation_id", models.UUIDField()),
                ("use", models.TextField()),
                ("reference", models.TextField()),
                ("scope", models.TextField(blank=True)),
                ("points", models.BigIntegerField()),
                ("captured", models.BigIntegerField(default=0)),
                ("given_back", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.TextField(
                        choices=[("waiting", "waiting"), ("captured", "captured"), ("voided", "voided")],
                        default="waiting",
                    ),
                ),
                ("expires_at", models.DateTimeField(null=True)),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "spending_reservation",
                "indexes": [
                    models.Index(
                        fields=["wallet_id", "-made_at", "reservation_id"], name="spending_reservation_newest"
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["expires_at"],
                        name="spending_reservation_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("captured__gte", 0),
                            ("captured__lte", models.F("points")),
                            ("points__gt", 0),
                            ("given_back__gte", 0),
                            ("given_back__lte", models.F("captured")),
                        ),
                        name="spending_reservation_amounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("captured__gt", 0), ("settled_at__isnull", False), ("state", "captured")),
                            models.Q(("captured", 0), ("settled_at__isnull", False), ("state", "voided")),
                            models.Q(("captured", 0), ("settled_at__isnull", True), ("state", "waiting")),
                            _connector="OR",
                        ),
                        name="spending_reservation_settled_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL("GRANT SELECT, INSERT, UPDATE ON spending_reservation TO noren_app", migrations.RunSQL.noop),
    ]
