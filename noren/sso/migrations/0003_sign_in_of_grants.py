from django.db import migrations, models


class Migration(migrations.Migration):
    """How and when the sign-in of a grant was begun; the rows that are there get it without being written."""

    dependencies = [("sso", "0002_privileges"), ("accounts", "0004_policy")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="methods",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="grant",
            name="began_at",
            field=models.DateTimeField(null=True),
        ),
    ]
