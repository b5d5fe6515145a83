"""The document says what the API does: schemathesis asks everything that it describes, right and wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from noren.api.document import document
from tests.api.partner import Partner
from tests.api.test_ordering import place
from tests.members.desk import Desk
from tests.orders.shop import load
from tests.soak import many
from tests.spending.desk import give, uid

DOCUMENT = Path(__file__).parents[2] / "docs/openapi.json"
EXAMPLES = many(25, 1000)
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.unsupported_method,
]


@pytest.fixture(autouse=True)
def _catalogue(_september: None, desk: Desk) -> None:
    load(desk.folder)
    give("L1", 5000)


def described() -> Any:
    """The document as schemathesis reads it, with the whole server behind it."""
    schema = schemathesis.openapi.from_dict(document("en"))
    schema.app = get_wsgi_application()
    return schema


FITTING = {"use": "goods", "expires_at": None, "item": "tea", "quantity": 1, "phone_model": "", "address": None}
"""What fits to the points that are there: nobody guesses it."""

OPERATIONS = {
    f"{method.upper()} {path}": (path, method)
    for path, methods in document("en")["paths"].items()
    for method in methods
}


@pytest.mark.parametrize("operation", OPERATIONS)
@override_settings(NOREN_API_CALLS_PER_MINUTE=10**9)
def test_everything_that_is_described_holds(partner: Partner, operation: str) -> None:
    path, method = OPERATIONS[operation]
    made = [partner.reserve(2).json()["id"] for _time in range(20)]
    for one in made if path.endswith("/reverse") else []:
        partner.step(one, "capture")
    schema = described()
    asked = schema[path][method]
    statuses: set[int] = set()
    orders = [place(partner).json()["number"] for _time in range(20)] if "number" in path else []
    known = {"member_id": str(uid("L1")), "month": "2021-07"}
    fitting = FITTING | {"points": 10 if path.endswith("/orders") else 1}

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(
        case=st.one_of(asked.as_strategy(GenerationMode.POSITIVE), asked.as_strategy(GenerationMode.NEGATIVE)),
        reservation=st.sampled_from(made),
        order=st.sampled_from(orders or ["AAAAA-AAAAA"]),
        deep=st.integers(0, 3),
    )
    def ask(case: Any, reservation: str, order: str, deep: int) -> None:
        # A query of unknown names is passed over, so a wrong one is left with a path that is wrong, too.
        right_query = case.meta.generation.mode is GenerationMode.POSITIVE or not case.query
        if deep and case.path_parameters and right_query:
            right = {**known, "reservation_id": reservation, "number": order}
            case.path_parameters.update({name: right[name] for name in case.path_parameters})
        if deep > 1 and isinstance(case.body, dict) and case.meta.generation.mode is GenerationMode.POSITIVE:
            case.body.update({name: fitting[name] for name in case.body if name in fitting})
        answer = case.call_and_validate(
            base_url="http://localhost:8000", headers={"Host": "localhost:8000", **partner.headers()}, checks=CHECKS
        )
        statuses.add(answer.status_code)

    ask()
    assert statuses & {200, 201}, statuses


def test_the_document_in_the_docs_is_the_one_that_is_served(partner: Partner) -> None:
    served = partner.http.get("/api/v1/openapi.json", headers={"Accept-Language": "en"})
    assert served.json() == json.loads(DOCUMENT.read_text(encoding="utf-8")), "run scripts/openapi"
    assert served.json()["openapi"] == "3.1.0"


def texts(node: Any) -> list[str]:
    """Summaries and descriptions."""
    if isinstance(node, list):
        return [text for part in node for text in texts(part)]
    if not isinstance(node, dict):
        return []
    own = [value for name in ("summary", "description") if isinstance(value := node.get(name), str) and value]
    return own + [text for part in node.values() for text in texts(part)]


def test_every_text_of_the_document_is_there_in_the_callers_language(partner: Partner) -> None:
    english, japanese = (
        partner.http.get("/api/v1/openapi.json", headers={"Accept-Language": one}).json() for one in ("en", "ja")
    )
    assert english["paths"].keys() == japanese["paths"].keys()
    assert set(texts(english)) & set(texts(japanese)) == set()


def test_the_page_tells_of_every_operation(partner: Partner) -> None:
    document = partner.http.get("/api/v1/openapi.json").json()
    page = partner.http.get("/api/v1/docs").content.decode()
    told = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert told
    assert [one for one in told if f'id="{one}"' not in page] == []
