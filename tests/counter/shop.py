"""A shop: its clerk at the desk, and customers with points. What is done is done through the pages."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from noren.accounts import actions as accounts
from noren.cli import arguments
from noren.counter import queries
from noren.counter.queries import QuoteRow
from noren.counter.rules import Kind
from noren.groups import actions as groups
from noren.groups.rules import StaffRole
from noren.lifecycle import actions as lifecycle
from noren.members.rules import MemberKind, uid_of
from noren.outbox.models import Message
from noren.points import actions as points
from noren.points import queries as books
from noren.points.rules import LotKey, WalletKey
from tests.admin_site.people import at_desk, person, text, who
from tests.members.desk import Desk

LINES = [f"L{number},C1,090-0000-000{number},mobile,2019-01-01,,2020-01-01," for number in range(1, 5)]
LINES += ["N1,C1,09000000008,mobile,2019-01-01,,,", "X1,C2,09000000009,mobile,2019-01-01,,2020-01-01,"]
PIN = "4711"
CURVE = [[[x, 60 + (x * 7) % 90] for x in range(50, 550, 5)], [[300, 20], [310, 180]]]
SIGNED = json.dumps(CURVE)


def fill(desk: Desk) -> None:
    """C1: L1 has an account (hanako), L2 none, L3 and L4 are in a group that leader represents. OP is the operator."""
    desk.bring("corporations", "C1,,見本商事,,corporation", "C2,,他社,,corporation", "OP,,運営者,,corporation")
    desk.bring("lines", *LINES)
    person("hanako", name="山田 花子", lines=["L1"], account_id="hanako", contact_mail="hanako@example.jp")
    person("leader", name="鈴木 一郎", lines=["L4"], account_id="leader")
    person("plain", account_id="plain")
    group = lifecycle.create_group(corporation_id="C1", name="営業", representative="leader", **who())
    lifecycle.join_group(group, account_ids=["plain"], line_ids=["L3"], **who())
    accounts.set_pins([("L2", PIN)])
    for line in ("L1", "L2"):
        give(WalletKey(uid(line), "line", line))
    give(WalletKey(group, "group", str(group)))
    staff("clerk")
    staff("sales", StaffRole.SALES)
    staff("other", shop="S2")


def uid(line_id: str) -> UUID:
    return uid_of(MemberKind.LINE, line_id)


def staff(name: str, role: StaffRole = StaffRole.CLERK, shop: str = "S1") -> str:
    """Somebody of the operator; their account has their name."""
    person(name, "OP", account_id=name)
    groups.add_staff(name, role, shop=shop, shop_name=f"駅前店 {shop}", **who())
    return name


def give(wallet: WalletKey) -> None:
    """100 points that lapse soon, 900 that do not, and 500 that pay bills alone."""
    today = arguments.clock().date()
    for uses, days, amount in (("*", 30, 100), ("*", 400, 900), ("bill", 20, 500)):
        points.grant(
            wallet=wallet,
            lot=LotKey("normal", uses != "*", uses, today + timedelta(days=days)),
            points=amount,
            on=today,
            key=f"gift/{uses}/{days}",
            reason="gift",
            **who(),
        )


def left(wallet_id: UUID) -> int:
    """What pays for a device."""
    return books.usable(wallet_id, Kind.DEVICE, arguments.clock().date())


def lots(wallet_id: UUID) -> list[int]:
    """What is left in each lot, the one for bills first."""
    return [lot.remaining for lot in books.lots(wallet_id)]


def clerk(name: str = "clerk", **more: int) -> Client:
    """The browser of one of the operator's people."""
    return at_desk(name, **more)


def find(client: Client, what: str = "090-0000-0001") -> Any:
    return client.post("/desk/", {"text": what})


def offer(client: Client, line: str = "L1", **more: object) -> dict[str, str]:
    """What the form of a quote sends for the line, who was found."""
    find(client, line)
    page = text(client.get(f"/desk/sell/{uid(line)}/"))
    key = re.findall(r'name="key" value="([^"]+)"', page)[0]
    persons = re.findall(r'<option value="([^"]+)"', page.partition('name="consent_of"')[2].partition("</select>")[0])
    about = {"kind": "device", "description_1": "スマートフォン", "price_1": 800, "points": 300, "key": key}
    given = {**about, **({"consent_of": persons[0]} if persons else {}), **more}
    return {name: str(value) for name, value in given.items()}


def look(client: Client, given: dict[str, str], line: str = "L1") -> Any:
    return client.post(f"/desk/sell/{uid(line)}/", given)


def looked_at(client: Client, given: dict[str, str], line: str = "L1") -> dict[str, str]:
    """The offer as the button below the look sends it."""
    page = text(look(client, given, line))
    return {**given, "looked_at": re.findall(r'name="looked_at" value="([^"]+)"', page)[0]}


def quoted(client: Client, line: str = "L1", **more: object) -> UUID:
    """A quote; its id."""
    answer = look(client, looked_at(client, offer(client, line, **more), line), line)
    assert answer.status_code == 302, alerts(answer)
    return UUID(answer["Location"].split("/")[-2])


def code_for(client: Client, quote_id: UUID) -> str:
    """Have a code sent; the code."""
    client.post(f"/desk/quotes/{quote_id}/code/")
    return str(re.findall(r"\b\d{6}\b", newest().body)[0])


def newest() -> Message:
    return Message.objects.order_by("-made_at").first() or Message()


def consent(client: Client, quote_id: UUID, by: str, said: str, **more: str) -> Any:
    given = {f"{by}-text": said, **{f"{by}-{name}": value for name, value in more.items()}}
    return client.post(f"/desk/quotes/{quote_id}/consent/{by}/", given)


def bring_back(client: Client, quote_id: UUID, yen: int, *, key: UUID | None = None, reason: str = "初期不良") -> Any:
    given = {"yen": yen, "reason": reason, "key": str(key or uuid4())}
    return client.post(f"/desk/quotes/{quote_id}/return/", given)


def sold(client: Client, line: str = "L1", **more: object) -> UUID:
    """A quote that a signature has paid."""
    quote_id = quoted(client, line, **more)
    answer = consent(client, quote_id, "signature", SIGNED, name="佐藤 次郎")
    assert answer.status_code == 302, alerts(answer)
    return quote_id


def state(quote_id: UUID, shop: str = "S1") -> QuoteRow:
    return queries.quote(quote_id, shop)


def alerts(answer: Any) -> str:
    """What a page complains of."""
    found = re.findall(r'<ul class="errors[^"]*"[^>]*>(.*?)</ul>', text(answer), re.DOTALL)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", one).strip() for one in found))
