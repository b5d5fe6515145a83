from pathlib import Path

import django.db.models.expressions
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"

FUNCTIONS = ("months.sql", "lots.sql", "grant.sql", "spend.sql", "reverse.sql", "adjust.sql", "transfer.sql")


def script(name: str) -> migrations.RunSQL:
    """The statements of a file beside the migration; there is no way back but a backup."""
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Idempotency",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "wallet_id", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("wallet_id", models.UUIDField()),
                ("key", models.TextField()),
                ("request_hash", models.BinaryField()),
                ("answer", models.JSONField()),
                ("booked_at", models.DateTimeField()),
            ],
            options={
                "db_table": "points_idempotency",
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "wallet_id", "posting_id", "line", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("wallet_id", models.UUIDField()),
                ("posting_id", models.UUIDField()),
                ("line", models.SmallIntegerField()),
                ("origin_wallet_id", models.UUIDField()),
                ("kind", models.TextField(db_collation="C")),
                ("uses", models.TextField(db_collation="C")),
                ("lapses_on", models.DateField()),
                ("usage_month", models.DateField(null=True)),
                ("points", models.BigIntegerField()),
            ],
            options={
                "db_table": "points_origin",
            },
        ),
        migrations.CreateModel(
            name="ProgrammeEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "wallet_id",
                        "posting_id",
                        "account",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("wallet_id", models.UUIDField()),
                ("posting_id", models.UUIDField()),
                ("account", models.TextField(db_collation="C")),
                ("points", models.BigIntegerField()),
                ("effective_on", models.DateField()),
                ("booked_at", models.DateTimeField()),
            ],
            options={
                "db_table": "points_programme_entry",
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "wallet_id",
                        "kind",
                        "uses",
                        "lapses_on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("wallet_id", models.UUIDField()),
                ("kind", models.TextField(db_collation="C")),
                ("uses", models.TextField(db_collation="C")),
                ("lapses_on", models.DateField()),
                ("is_limited", models.BooleanField()),
                ("granted", models.BigIntegerField()),
                ("used", models.BigIntegerField(db_default=0)),
                ("lapsed", models.BigIntegerField(db_default=0)),
                ("remaining", models.BigIntegerField()),
                ("is_open", models.BooleanField()),
            ],
            options={
                "db_table": "points_lot",
                "indexes": [
                    models.Index(condition=models.Q(("is_open", True)), fields=["lapses_on"], name="points_lot_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("granted__gte", 0), ("lapsed__gte", 0), ("remaining__gte", 0), ("used__gte", 0)
                        ),
                        name="points_lot_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "granted",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("used"), "+", models.F("lapsed")
                                    ),
                                    "+",
                                    models.F("remaining"),
                                ),
                            )
                        ),
                        name="points_lot_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_open", True), ("remaining__gt", 0)),
                            models.Q(("is_open", False), ("remaining", 0)),
                            _connector="OR",
                        ),
                        name="points_lot_open_while_points_remain",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "wallet_id", "posting_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("wallet_id", models.UUIDField()),
                ("posting_id", models.UUIDField()),
                ("natural_key", models.TextField()),
                ("movement", models.TextField(db_collation="C")),
                ("effective_on", models.DateField()),
                ("booked_at", models.DateTimeField()),
                ("usage_month", models.DateField(null=True)),
                ("use", models.TextField(db_default="")),
                ("corrects", models.UUIDField(null=True)),
                ("run", models.TextField(db_default="")),
                ("reason", models.TextField()),
                ("actor", models.TextField()),
                ("points", models.BigIntegerField()),
            ],
            options={
                "db_table": "points_posting",
                "indexes": [
                    models.Index(
                        condition=models.Q(("corrects__isnull", False)),
                        fields=["wallet_id", "corrects"],
                        name="points_posting_corrects",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Wallet",
            fields=[
                ("wallet_id", models.UUIDField(primary_key=True, serialize=False)),
                ("owner_kind", models.TextField(db_collation="C")),
                ("owner_id", models.TextField()),
                ("points", models.BigIntegerField()),
                ("arrears", models.BigIntegerField(db_default=0)),
            ],
            options={
                "db_table": "points_wallet",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("arrears__gte", 0)), name="points_wallet_arrears_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "points__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("arrears"), "*", models.Value(-1)
                                ),
                            )
                        ),
                        name="points_wallet_not_below_its_arrears",
                    ),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[script("entry.sql")],
            state_operations=[
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "wallet_id",
                                "posting_id",
                                "line",
                                "effective_on",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("wallet_id", models.UUIDField()),
                        ("posting_id", models.UUIDField()),
                        ("line", models.SmallIntegerField()),
                        ("effective_on", models.DateField()),
                        ("kind", models.TextField(db_collation="C")),
                        ("uses", models.TextField(db_collation="C")),
                        ("lapses_on", models.DateField()),
                        ("points", models.BigIntegerField()),
                        ("movement", models.TextField(db_collation="C")),
                        ("usage_month", models.DateField(null=True)),
                        ("booked_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "points_entry",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("points", 0), _negated=True), name="points_entry_moves_points"
                            )
                        ],
                    },
                ),
            ],
        ),
        *[script(name) for name in FUNCTIONS],
        script("privileges.sql"),
    ]
