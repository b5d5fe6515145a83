from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"

FUNCTIONS = ("pools_origins.sql", "pools_transfer.sql", "pools_pool_in.sql", "pools_spend.sql", "pools_reverse.sql")


def script(name: str) -> migrations.RunSQL:
    """The statements of a file beside the migration; there is no way back but a backup."""
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


def key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    """Origins say who earned pooled points and for which month; limits on what a spender may use of a wallet."""

    dependencies = [("points", "0001_tables")]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("pk", key("wallet_id", "spender")),
                ("wallet_id", models.UUIDField()),
                ("spender", models.TextField(db_collation="C")),
                ("monthly", models.BigIntegerField()),
            ],
            options={
                "db_table": "points_budget",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("monthly__gte", 0)), name="points_budget_not_negative")
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetUse",
            fields=[
                ("pk", key("wallet_id", "spender", "month")),
                ("wallet_id", models.UUIDField()),
                ("spender", models.TextField(db_collation="C")),
                ("month", models.DateField()),
                ("used", models.BigIntegerField()),
            ],
            options={
                "db_table": "points_budget_use",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("used__gte", 0)), name="points_budget_use_not_negative")
                ],
            },
        ),
        migrations.AddField(
            model_name="posting",
            name="spenders",
            field=ArrayField(base_field=models.TextField(), db_default=[], size=None),
        ),
        migrations.AlterField(model_name="origin", name="line", field=models.IntegerField()),
        migrations.AddField(
            model_name="origin",
            name="movement",
            field=models.TextField(db_collation="C", default="transfer"),
            preserve_default=False,
        ),
        migrations.AddField(model_name="origin", name="earned_by", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="origin", name="earned_on", field=models.DateField(null=True)),
        script("pools_backfill.sql"),
        migrations.AlterField(model_name="origin", name="earned_by", field=models.UUIDField()),
        migrations.AlterField(model_name="origin", name="earned_on", field=models.DateField()),
        migrations.AddIndex(
            model_name="origin", index=models.Index(fields=["origin_wallet_id"], name="points_origin_from")
        ),
        migrations.AddIndex(
            model_name="origin",
            index=models.Index(
                condition=models.Q(("usage_month__isnull", False)),
                fields=["usage_month", "origin_wallet_id"],
                name="points_origin_month",
            ),
        ),
        migrations.AddIndex(
            model_name="wallet",
            index=models.Index(
                condition=models.Q(("owner_kind", "group")), fields=["wallet_id"], name="points_wallet_pool"
            ),
        ),
        *[script(name) for name in FUNCTIONS],
        script("pools_privileges.sql"),
    ]
