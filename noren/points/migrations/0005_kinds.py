from pathlib import Path

from django.db import migrations

SCRIPT = Path(__file__).parent / "sql" / "kinds_spend.sql"


class Migration(migrations.Migration):
    """A use may name the kinds of points that it takes."""

    dependencies = [("points", "0004_months_told")]

    operations = [migrations.RunSQL(SCRIPT.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
