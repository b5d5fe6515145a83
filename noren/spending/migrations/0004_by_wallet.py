from django.db import migrations, models
from django.db.models import Q

ITEM_KEY = """
ALTER TABLE spending_item DROP CONSTRAINT spending_item_pkey;
ALTER TABLE spending_item ADD PRIMARY KEY (month, number, wallet_id, allocation_id);
"""
ITEM_MEMBERS = """
UPDATE spending_item AS item SET kind = allocation.kind, member_id = allocation.member_id
FROM spending_allocation AS allocation
WHERE item.wallet_id = allocation.wallet_id AND item.allocation_id = allocation.allocation_id;
"""
ALLOCATION_ID = """
CREATE FUNCTION spending_allocation_id(standing uuid, month date) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT encode(substr(sha256(convert_to('allocation/' || standing || '/' || month, 'UTF8')), 1, 16), 'hex')::uuid
$$;
"""


class Migration(migrations.Migration):
    """Rows that grow lie in the order of the wallets: a month is reserved, handed over and settled that way."""

    dependencies = [("spending", "0003_reservations")]

    operations = [
        migrations.RunSQL(ALLOCATION_ID, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="allocation", name="spending_allocation_once_a_month"),
        migrations.RemoveIndex(model_name="standing", name="spending_standing_wallet"),
        migrations.AddIndex(
            model_name="standing", index=models.Index(fields=["wallet_id"], name="spending_standing_wallet")
        ),
        migrations.AddField(model_name="item", name="kind", field=models.TextField(default=""), preserve_default=False),
        migrations.AddField(
            model_name="item", name="member_id", field=models.TextField(default=""), preserve_default=False
        ),
        migrations.RunSQL(ITEM_MEMBERS, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="item", name="spending_item_waiting"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ITEM_KEY, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name="item",
                    name="pk",
                    field=models.CompositePrimaryKey(
                        "month",
                        "number",
                        "wallet_id",
                        "allocation_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                )
            ],
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                fields=["wallet_id", "allocation_id"], condition=Q(state="sent"), name="spending_item_waiting"
            ),
        ),
    ]
