from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """A use may wait on an account of its own until it is confirmed or given back."""

    dependencies = [("points", "0002_pools")]

    operations = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
        for name in ("reserving_spend.sql", "reserving_reverse.sql")
    ]
