"""The operator decides about groups across companies."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

from noren.groups import actions as groups
from tests.groups.cast import TODAY, WHO, person
from tests.members.desk import Desk


def apply(leader: str, name: str, starts_on: date = TODAY) -> UUID:
    """With the second corporation."""
    return groups.apply(
        corporation_id="C1",
        name=name,
        representative=leader,
        partners={"C2": "子会社"},
        evidence_name="登記.pdf",
        evidence=b"%PDF-1.7",
        starts_on=starts_on,
        **WHO,
    )


def test_an_application_is_looked_at_and_decided(desk: Desk, tmp_path: Path) -> None:
    place = desk.place
    leader, other = person("leader", lines=["L1"]), person("other", corporation_id="C2", lines=["L3"])
    holding, refused = (str(apply(leader, name)) for name in ("持株", "別件"))
    listed = json.loads(place.noren("group", "list", "--json").stdout)
    assert [(one["group_id"], one["partners"]) for one in listed] == [
        (holding, [["C2", "子会社", False]]),
        (refused, [["C2", "子会社", False]]),
    ]
    early = place.noren("group", "approve", holding, check=False)
    assert (early.returncode, "group.not_consented" in early.stderr) == (1, True)
    groups.consent(UUID(holding), "C2", account_id=other, **WHO)
    assert "持株" in place.noren("group", "list").stdout
    place.noren("group", "evidence", holding, "--out", tmp_path / "tie.pdf")
    assert (tmp_path / "tie.pdf").read_bytes() == b"%PDF-1.7"
    place.noren("group", "approve", holding)
    place.noren("group", "refuse", refused, "--reason", "not tied")
    assert json.loads(place.noren("group", "list", "--json").stdout) == []
    again = place.noren("group", "refuse", holding, "--reason", "x", check=False)
    assert "group.wrong_state" in again.stderr
    unknown = place.noren("group", "evidence", UUID(int=0), "--out", tmp_path / "none.pdf", check=False)
    assert ("group.unknown" in unknown.stderr, (tmp_path / "none.pdf").exists()) == (True, False)
