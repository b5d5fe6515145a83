-- The accounts to which the policy of a place applies: a corporation's; a group's members and those with a role in it.
-- Rerun: reads only.
-- Rows at full scale: some 100,000, by index.
-- Must equal: places.sql, which looks from the accounts.
SELECT account_id FROM accounts_account WHERE corporation_id = %(corporation_id)s
UNION
SELECT member_id FROM groups_member
WHERE group_id = %(group_id)s::uuid AND kind = 'account' AND left_at IS NULL
UNION
SELECT account_id FROM groups_holder WHERE group_id = %(group_id)s::uuid
