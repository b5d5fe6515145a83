from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Quotes of which nothing came are found, and removed; the receipts' foreign key holds what was paid."""

    dependencies = [("counter", "0002_privileges")]

    operations = [
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["made_at"], condition=~Q(state="paid"), name="counter_quote_unpaid"),
        ),
        migrations.RunSQL("GRANT DELETE ON counter_quote TO noren_app", migrations.RunSQL.noop),
    ]
