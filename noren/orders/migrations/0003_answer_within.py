from datetime import timedelta

from django.db import migrations, models


class Migration(migrations.Migration):
    """How long a partner may take to answer; what it does not answer in time may be cancelled."""

    dependencies = [("orders", "0002_privileges")]

    operations = [
        migrations.RemoveConstraint(model_name="order", name="orders_order_handed_over"),
        migrations.AddField(
            model_name="order",
            name="answer_within",
            field=models.DurationField(db_default=timedelta(days=14)),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(condition=models.Q(("state", "sent")), fields=["handover"], name="orders_order_sent"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handover__isnull", True), ("state", "ordered")),
                    ("state", "cancelled"),
                    models.Q(
                        models.Q(("state__in", ["ordered", "cancelled"]), _negated=True), ("handover__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="orders_order_handed_over",
            ),
        ),
    ]
