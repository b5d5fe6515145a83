"""Debian's Chromium without windows, for pages as people see them. It takes half the processor time of the one with."""

import shutil

from playwright.sync_api import Browser, Playwright

PROGRAM = "chromium-headless-shell"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)


def launch(playwright: Playwright) -> Browser:
    """A browser with nothing in it."""
    program = shutil.which(PROGRAM)
    assert program is not None, f"Debian's {PROGRAM} is needed: scripts/needs installs it"
    return playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
