from django.db import migrations, models


class Migration(migrations.Migration):
    """Wrong codes in a row, beside wrong passwords; the rows that are there get it without being written."""

    dependencies = [("accounts", "0002_privileges")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="failed_codes",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
