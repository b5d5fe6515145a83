"""A person at a browser, as far as sign-on needs one: cookies, redirects and plain forms, no JavaScript."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

HOPS = 30
HEADER = ("/language/", "/account/logout/")


@dataclass
class Form:
    """A form on a page, with what it would send if nothing was typed."""

    action: str
    method: str
    id: str = ""
    hidden: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            told = of.get("action", ""), of.get("method", "get").lower(), of.get("id", "")
            self.found.append(Form(*told, hidden="hidden" in of))
            self.inside = True
        elif tag in {"input", "button"} and of.get("form"):
            self._control(tag, of, [form for form in self.found if form.id == of["form"]])
        elif self.inside and tag in {"input", "button"}:
            self._control(tag, of, self.found[-1:])

    def _control(self, tag: str, of: Mapping[str, str], owners: list[Form]) -> None:
        kind = of.get("type", "text" if tag == "input" else "submit").lower()
        name, value = of.get("name", ""), of.get("value", "")
        for form in owners:
            if kind == "submit":
                form.buttons.append((name, value))
            elif name and (kind not in {"checkbox", "radio"} or "checked" in of):
                form.fields.setdefault(name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def forms(page: str) -> list[Form]:
    """The forms of a page, in its order."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


class Browser:
    """Keeps cookies per host and port, also Secure ones: browsers trust http://localhost, cookie jars do not."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self.client = httpx.Client(transport=transport, timeout=20, follow_redirects=False)
        self.jar: dict[str, dict[str, str]] = {}
        self.seen: list[httpx.Response] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def set_cookie(self, url: str, name: str, value: str) -> None:
        self.jar.setdefault(urlsplit(url).netloc, {})[name] = value

    def request(self, method: str, url: str, **content: object) -> httpx.Response:
        """One request, its cookies sent and kept; no redirect is followed."""
        kept = self.jar.setdefault(urlsplit(url).netloc, {})
        headers = dict(content.pop("headers", {}))  # type: ignore[call-overload]
        if kept:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items())
        response = self.client.request(method, url, headers=headers, **content)  # type: ignore[arg-type]
        for line in response.headers.get_list("set-cookie"):
            self._keep(kept, line)
        self.seen.append(response)
        return response

    @staticmethod
    def _keep(kept: dict[str, str], line: str) -> None:
        pair, _semicolon, attributes = line.partition(";")
        name, _equals, value = pair.strip().partition("=")
        gone = "max-age=0" in attributes.lower() or "01 jan 1970" in attributes.lower().replace("-", " ")
        if gone or value in {"", '""'}:
            kept.pop(name, None)
        else:
            kept[name] = value

    def get(self, url: str, until: str = "") -> httpx.Response:
        """Open an address and follow its redirects, to a page or to an address that begins with `until`."""
        return self.follow(self.request("GET", url), until)

    def follow(self, response: httpx.Response, until: str = "") -> httpx.Response:
        for _hop in range(HOPS):
            if not response.is_redirect:
                return response
            target = urljoin(str(response.url), response.headers["location"])
            if until and target.startswith(until):
                return response
            response = self.request("GET", target)
        raise AssertionError(f"more than {HOPS} redirects, the last to {response.headers['location']}")

    def submit(self, page: httpx.Response, form: Form, until: str = "", **typed: str) -> httpx.Response:
        """Send a form of the page with what is typed; a browser tells the origin of a post."""
        url = urljoin(str(page.url), form.action or str(page.url))
        values = {**form.fields, **typed}
        if form.method == "get":
            return self.get(str(httpx.URL(url).copy_merge_params(values)), until)
        parts = urlsplit(str(page.url))
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Referer": str(page.url)}
        return self.follow(self.request("POST", url, data=values, headers=headers), until)

    def visit(self, url: str, until: str, answer: Callable[[httpx.Response], dict[str, str]]) -> str:
        """Open an address, answer every form on the way, and end at the first address that begins with `until`.

        Without `until` it ends at the first page that has no form. `answer` says what is typed on a page, with the
        button that is pressed.
        """
        page = self.get(url, until)
        for _page in range(10):
            if page.is_redirect:
                return urljoin(str(page.url), page.headers["location"])
            if until and str(page.url).startswith(until):
                return str(page.url)
            if not until and not posts(page):
                return str(page.url)
            page = self.submit(page, the_form(page), until, **answer(page))
        raise AssertionError(f"ten pages and no end: {page.url}\n{page.text[:3000]}")


def posts(page: httpx.Response) -> list[Form]:
    """Forms that do something, without those of every page's header."""
    return [
        one for one in forms(page.text) if one.method == "post" and not one.hidden and not one.action.endswith(HEADER)
    ]


def the_form(page: httpx.Response) -> Form:
    """The page's main form: the first one that does something."""
    found = posts(page)
    assert page.status_code == 200, (page.status_code, str(page.url), page.text[:3000])
    assert found, (str(page.url), page.text[:3000])
    return found[0]


def pressed(page: httpx.Response, *, last: bool = False) -> dict[str, str]:
    """The first button of the page's main form, or its last."""
    buttons = the_form(page).buttons
    return {name: value for name, value in (buttons[-1:] if last else buttons[:1]) if name}
