from pathlib import Path

from django.db import migrations, models

SCRIPT = Path(__file__).parent / "sql" / "given_up.sql"


class Migration(migrations.Migration):
    """A wallet may be given up: what was used until then does not come back any more."""

    dependencies = [("points", "0005_kinds")]

    operations = [
        migrations.AddField(model_name="wallet", name="given_up_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="wallet",
            index=models.Index(
                condition=models.Q(("given_up_at__isnull", False)), fields=["wallet_id"], name="points_wallet_given_up"
            ),
        ),
        migrations.RunSQL(SCRIPT.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
