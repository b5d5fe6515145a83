"""A letter to print for a person without mail: their login ID and a QR code that works once."""

from datetime import datetime

import segno
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from noren.accounts.queries import AccountRow
from noren.accounts.rules import TICKET_LIFE

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 25mm; }}
body {{ font-family: "Noto Sans JP", "Hiragino Sans", sans-serif; font-size: 12pt;
  line-height: 1.7; max-width: 160mm; }}
svg {{ width: 55mm; height: 55mm; }}
code {{ font-size: 10pt; overflow-wrap: anywhere; }}
</style>
</head>
<body>
<p>{corporation}<br>{department}<br>{name}</p>
<h1>{title}</h1>
<p>{text}</p>
{code}
<p><code>{link}</code></p>
<p>{login}</p>
<p>{until}</p>
</body>
</html>
"""


def letter(account: AccountRow, link: str, now: datetime) -> str:
    """The letter as one HTML file without anything from elsewhere, in the account's language."""
    drawn = segno.make(link, error="m", micro=False).svg_inline(border=4)
    with translation.override(account.language):
        return format_html(
            PAGE,
            language=account.language,
            title=_("Your business account"),
            corporation=account.corporation_name,
            department=account.department,
            name=account.name,
            text=_("Scan this code with your phone, or type the address below, and set your account up."),
            code=mark_safe(drawn),  # noqa: S308  (made here, of our own link)
            link=link,
            login=_("Your login ID: %(login_id)s") % {"login_id": account.login_id},
            until=_("It works once, until %(until)s. Keep it to yourself.")
            % {"until": f"{localtime(now + TICKET_LIFE):%Y-%m-%d %H:%M}"},
        )
