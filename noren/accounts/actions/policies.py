"""Keep what the places of accounts ask of them, where sessions and tokens look it up. Whose places: `groups` knows."""

from collections.abc import Collection, Iterable, Mapping

from noren.accounts import policy as rules
from noren.accounts.models import Policy, PolicyStep
from noren.kit import sql
from noren.kit.secrets import hashed


def hold_accounts(account_ids: Collection[str]) -> None:
    """Nobody else puts these accounts under policies until the transaction ends."""
    sql.value("accounts", "hold_accounts.sql", {"account_ids": list(account_ids)})


def hold_policies(place: str) -> tuple[tuple[str, ...], ...]:
    """The places of each policy that has the place among them; nobody else rewrites these in the meantime."""
    rows = Policy.objects.filter(places__contains=[place]).select_for_update().order_by("policy_id")
    return tuple(tuple(row.places) for row in rows)


def unkept(combinations: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Those of the combinations of places that have no policy yet."""
    asked = {policy_of(places): places for places in combinations}
    kept = set(Policy.objects.filter(policy_id__in=list(asked)).values_list("policy_id", flat=True))
    return tuple(places for policy_id, places in asked.items() if policy_id not in kept)


def keep_policy(places: Collection[str], versions: Iterable[rules.Version]) -> None:
    """Keep what these places ask together, now and later."""
    policy_id = policy_of(places)
    steps = rules.timeline(versions)
    Policy.objects.bulk_create([Policy(policy_id=policy_id, places=sorted(places))], ignore_conflicts=True)
    PolicyStep.objects.filter(policy_id=policy_id).delete()
    PolicyStep.objects.bulk_create(_row(policy_id, step, steps[number + 1 :]) for number, step in enumerate(steps))


def policy_of(places: Collection[str]) -> str:
    """The id of the policy of these places."""
    return hashed("\n".join(sorted(places)))


def put_under(policies: Mapping[str, str | None]) -> int:
    """Put each account under a policy that is kept (None: under none); gives how many were under another one."""
    params = {"account_ids": list(policies), "policy_ids": list(policies.values())}
    return sql.run("accounts", "put_under.sql", params)


def _row(policy_id: str, step: rules.Step, later: tuple[rules.Step, ...]) -> PolicyStep:
    return PolicyStep(
        policy_id=policy_id,
        from_at=step.from_at,
        until_at=step.until_at,
        sources=_sources(step.effective),
        coming=[
            {
                "from_at": one.from_at.isoformat(),
                **rules.facts(one.effective.settings),
                "sources": _sources(one.effective),
            }
            for one in later
        ],
        **rules.facts(step.effective.settings),
    )


def _sources(effective: rules.Effective) -> dict[str, list[str]]:
    return {str(setting): sorted(places) for setting, places in effective.sources.items()}
