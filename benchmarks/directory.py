"""Measure the list of accounts of a corporation of 50,000, beside a bare query that reads the same accounts."""

from collections.abc import Iterator

from benchmarks import lister, machine, place
from benchmarks.closing import Result, Say
from benchmarks.options import Options

NEEDS_BYTES = 2 << 30
ROUNDS = 20
OTHERS = 19
"""Other corporations, with as many people together as three of that size."""

FILL = """
INSERT INTO members_corporation (corporation_id, corporate_number, name, name_kana, kind)
SELECT 'C' || g, '', 'N', '', 'corporation' FROM generate_series(1, {others} + 1) g;
INSERT INTO accounts_account (
    account_id, login_id, login_key, login_kind, kind, corporation_id, state, lock_reason, epoch, name, name_kana,
    department, title, employee_number, contact_mail, contact_mobile, two_step, language, failed_passwords,
    failed_codes, must_change_password, issued_at, password, last_used_at
)
SELECT md5(g::text), 'user' || g, 'user' || g, 'free', CASE WHEN g % 3 = 0 THEN 'line_linked' ELSE 'carrier_free' END,
    'C' || CASE WHEN g <= {people} THEN 1 ELSE 2 + g % {others} END,
    CASE WHEN g % 10 = 0 THEN 'invited' WHEN g % 17 = 0 THEN 'locked' ELSE 'active' END, '', 1, '山田' || g,
    'ヤマダ' || md5(g::text), '営業' || g % 50, '', 'E' || g, 'u' || g || '@example.jp', '', 'strong', 'ja', 0, 0,
    false, now() - interval '400 days', 'x', now() - (g % 400) * interval '1 day'
FROM generate_series(1, 4 * {people}) g;
INSERT INTO mfa_authenticator (user_id, type, data, created_at)
SELECT md5(g::text), CASE WHEN g % 2 = 0 THEN 'webauthn' ELSE 'totp' END, '{{}}', now()
FROM generate_series(1, 4 * {people}) g WHERE g % 3 < 2;
INSERT INTO members_line (line_id, uid, corporation_id, phone_number, service, opened_on)
SELECT 'L' || g, md5('l' || g)::uuid, 'C1', '090' || lpad(g::text, 8, '0'), 'mobile', '2020-01-01'
FROM generate_series(1, {people} / 3) g;
INSERT INTO accounts_linked_line (linked_line_id, account_id, line_id, phone_number, linked_at)
SELECT md5('k' || g)::uuid, md5((3 * g)::text), 'L' || g, '', now() FROM generate_series(1, {people} / 3) g;
INSERT INTO groups_group (group_id, corporation_id, name, state, pool_view, members_spend, starts_on, made_at)
SELECT md5('g' || g)::uuid, 'C1', 'G' || g, 'active', 'all', false, '2021-01-01', now() FROM generate_series(1, 5) g;
INSERT INTO groups_member (member_uid, group_id, kind, member_id, is_pooled, joined_at)
SELECT md5('m' || g)::uuid, md5('g' || 1 + g % 5)::uuid, 'account', md5(g::text), false, now()
FROM generate_series(1, {people} * 4 / 5) g;
INSERT INTO accounts_sign_in (sign_in_id, account_id, at, result, methods, service, address, agent)
SELECT gen_random_uuid(), md5((g % {people} + 1)::text), now() - (g % 400) * interval '1 day',
    CASE WHEN g % 10 = 0 THEN 'wrong_password' WHEN g % 3 = 0 THEN 'service' ELSE 'succeeded' END, '[]', 'W', '', ''
FROM generate_series(1, 10 * {people}) g
"""


def measure(options: Options, say: Say) -> Iterator[Result]:
    """One result: each search twenty times in turns."""
    with place.fresh(options.temp, needs_bytes=NEEDS_BYTES) as here:
        people = options.pool_members
        say(f"directory: fill with {4 * people:,} accounts, {people:,} of one corporation")
        here.execute(FILL.format(people=people, others=OTHERS))
        here.tidy()
        facts, load = machine.facts(here.conninfo()), machine.load()
        say("directory: search")
        yield {
            "what": "directory",
            "run": 1,
            "seed": options.seed,
            "machine": facts,
            "items": people,
            "searches": lister.run(here, ROUNDS),
            "load": {"before": load, "after": machine.load()},
        }
