"""People of the demo to sign in as, and the registration of its partner service. Made once, then kept."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from noren.accounts import actions as accounts
from noren.accounts import queries as account_queries
from noren.demo import company as company_of
from noren.demo.partner import Registration
from noren.groups import actions as groups
from noren.groups.rules import StaffRole
from noren.kit import files
from noren.kit.actor import Actor
from noren.lifecycle import actions as lifecycle
from noren.members import actions as member_actions
from noren.members import queries as members
from noren.members.rules import CorporationKind
from noren.sso import actions as sso

FILE = "sign-ins.json"
PARTNER_FILE = "partner.json"
WORDS = ("indigo", "curtain", "lantern", "harbour", "maple", "bamboo", "kettle", "sparrow", "copper", "meadow")
CARRIER_FREE = "demo-carrier-free"
OPERATOR = "demo-operator"

ROLES: Mapping[str, object] = {
    "administrator": gettext_lazy("administrator (second step: authenticator app)"),
    "employee": gettext_lazy("employee with a line (second step: code by mail)"),
    "carrier_free": gettext_lazy("person without a line (second step: code by mail)"),
    "clerk": gettext_lazy("shop clerk of the operator, at /desk/ (second step: code by mail)"),
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody types to sign in; `totp_secret` is for an authenticator app, empty where a code comes by mail."""

    role: str
    login_id: str
    password: str
    totp_secret: str = ""

    @property
    def told(self) -> str:
        """Who that is, in the user's language."""
        return str(ROLES[self.role])


def load(folder: Path, *, since: date, actor: Actor, now: datetime) -> list[SignIn]:
    """Issue the people's accounts once, as of the day `since`; gives what they sign in with."""
    path = folder / FILE
    if not path.exists():
        line = members.some_member()
        if line is None:
            return []
        with transaction.atomic():
            made = _issue(line, since=since, actor=actor, now=now)
            _keep(path, [asdict(one) for one in made])
    return [SignIn(**one) for one in json.loads(path.read_text(encoding="utf-8"))]


def _issue(line: str, *, since: date, actor: Actor, now: datetime) -> list[SignIn]:
    company = members.member(f"line:{line}").corporation_id
    began = now - timedelta(days=(now.date() - since).days)

    def person(role: str, login_id: str, name: str, *, corporation_id: str = company, **more: Any) -> SignIn:
        account_id = lifecycle.issue(
            corporation_id=corporation_id, login_id=login_id, name=name, active=True, actor=actor, now=began, **more
        )
        password = "-".join(secrets.SystemRandom().sample(WORDS, 3)) + f"-{secrets.randbelow(90) + 10}"
        accounts.first_password(account_id, password, actor=actor, now=now)
        return SignIn(role, account_queries.account(account_id).login_id, password)

    administrator = person(
        "administrator",
        "admin@demo.example",
        _("Sato Misaki"),
        name_kana="サトウ ミサキ",
        department=_("General affairs"),
        title=_("Manager"),
        contact_mail="admin@demo.example",
    )
    secret = generate_totp_secret()
    TOTP.activate(get_user_model().objects.get_by_natural_key(administrator.login_id), secret)
    employee = person(
        "employee",
        "",
        _("Suzuki Kenta"),
        name_kana="スズキ ケンタ",
        department=_("Sales"),
        employee_number="0042",
        contact_mail="kenta@demo.example",
        lines=[line],
    )
    free = person(
        "carrier_free",
        "hanako.takahashi",
        _("Takahashi Hanako"),
        name_kana="タカハシ ハナコ",
        department=_("Design"),
        contact_mail="hanako@demo.example",
        account_id=CARRIER_FREE,
    )
    _operator(actor, began)
    clerk = person(
        "clerk",
        "clerk@demo.example",
        _("Yamada Sakura"),
        name_kana="ヤマダ サクラ",
        contact_mail="clerk@demo.example",
        corporation_id=OPERATOR,
    )
    clerk_id = account_queries.named(clerk.login_id).account_id
    groups.add_staff(clerk_id, StaffRole.CLERK, shop="S001", shop_name=_("Shop at the station"), actor=actor, now=began)
    found = [account_queries.named(one.login_id).account_id for one in (administrator, free)]
    company_of.populate(company, administrator=found[0], employee_line=line, others=found[1:], actor=actor, now=began)
    return [SignIn(**asdict(administrator) | {"totp_secret": secret}), employee, free, clerk]


def _operator(actor: Actor, now: datetime) -> None:
    """The corporation of the operator's own people."""
    member_actions.add_corporation(
        corporation_id=OPERATOR,
        kind=CorporationKind.CORPORATION,
        name=_("The operator"),
        name_kana="",
        actor=actor,
        now=now,
    )


def solution_of_their_own(folder: Path, *, since: date, month: date) -> tuple[Path, Path]:
    """Files that give the person without a line a contract and the month's charges for it: points of their own."""
    company = account_queries.account(CARRIER_FREE).corporation_id
    contracts, bills = folder / "account-contracts.csv", folder / f"account-bills-{month:%Y-%m}.csv"
    contracts.write_text(
        "contract_id,corporation_id,line_id,account_id,solution,started_on,ended_on\n"
        f"demo-account-1,{company},,{CARRIER_FREE},device_management,{since},\n",
        encoding="utf-8",
    )
    bills.write_text(
        "item_id,bill_month,line_id,account_id,charge_code,amount_yen\n"
        f"demo-account-1,{month:%Y-%m},,{CARRIER_FREE},device_management,12800\n",
        encoding="utf-8",
    )
    return contracts, bills


def partner(folder: Path, *, issuer: str, url: str, actor: Actor, now: datetime) -> Registration:
    """Register the partner service once; its secret is in a file that only the owner may read."""
    path = folder / PARTNER_FILE
    if not path.exists():
        with transaction.atomic():
            made = sso.add_client(
                name=_("Partner service"),
                redirect_uris=[f"{url}/callback"],
                post_logout_redirect_uris=[f"{url}/"],
                backchannel_logout_uri=f"{url}/backchannel-logout",
                actor=actor,
                now=now,
            )
            _keep(path, asdict(Registration(issuer, url, made.client_id, made.secret)))
    return Registration(**json.loads(path.read_text(encoding="utf-8")))


def _keep(path: Path, what: object) -> None:
    """Credentials are for the owner of the data directory alone."""
    with files.whole(path) as target:
        target.chmod(0o600)
        target.write_text(json.dumps(what, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
