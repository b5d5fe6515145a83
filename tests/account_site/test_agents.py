"""What lists and letters call a browser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noren.web import agents

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
IOS = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0.0.0 Safari/537.36", "Chrome (Windows)"),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0",
            "Edge (Windows)",
        ),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {IOS} Version/26.0 Safari/605.1.15", "Safari (macOS)"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) {IOS} Version/26.0 Safari/604.1", "Safari (iPhone)"),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) {IOS} CriOS/142.0 Safari/604.1", "Chrome (iPhone)"),
        (f"{MOZILLA} (Linux; Android 10; K) {WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome (Android)"),
        (f"{MOZILLA} (Linux; Android 10; K) {WEBKIT} SamsungBrowser/29.0 Chrome/136.0", "Samsung Internet (Android)"),
        (f"{MOZILLA} (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox (Linux)"),
        (f"{MOZILLA} (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/142.0.0.0 Safari/537.36", "Chrome (ChromeOS)"),
        ("Opera/9.80 Firefox/3.0", "Firefox"),
        ("curl/8.14.1", ""),
        ("Your account expires: https://evil.example/", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_its_name_and_its_system(agent: str, called: str) -> None:
    assert agents.short(agent) == called


@given(st.text(max_size=300))
def test_whatever_a_browser_says_the_words_are_ours(agent: str) -> None:
    browsers, systems = ({name for _mark, name in marks} for marks in (agents.BROWSERS, agents.SYSTEMS))
    assert agents.short(agent) in {"", *browsers, *(f"{one} ({other})" for one in browsers for other in systems)}
