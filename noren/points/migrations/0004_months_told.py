from pathlib import Path

from django.db import migrations

SCRIPT = Path(__file__).parent / "sql" / "months_told.sql"


class Migration(migrations.Migration):
    """A month that somebody else has just made is used only when this session knows of it."""

    dependencies = [("points", "0003_reserving")]

    operations = [migrations.RunSQL(SCRIPT.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
