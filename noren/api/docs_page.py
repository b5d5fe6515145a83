"""The documentation as a page: the OpenAPI document in the person's language, without a script."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from noren.api.document import document
from noren.api.responses import SCHEME
from noren.api.service import ROOT

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, what may stand in it, whether it is needed, what it is. `name` of an inner one: a.b."""

    name: str
    kind: str
    needed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked at an address."""

    anchor: str
    method: str
    path: str
    summary: str
    text: str
    scopes: tuple[str, ...]
    params: tuple[tuple[str, Field], ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    responses: tuple[tuple[str, str], ...]


@login_not_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show it."""
    told = document(get_language() or "en")
    parts = [(tag["description"], tuple(_operations(told, tag["name"]))) for tag in told["tags"]]
    return render(request, "api/docs.html", {"told": told, "parts": parts, "root": ROOT})


def _operations(told: Node, tag: str) -> Iterator[Operation]:
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            if tag in one["tags"]:
                yield _operation(told, path, method, one)


def _operation(told: Node, path: str, method: str, one: Node) -> Operation:
    taken = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    given = next(answer for status, answer in one["responses"].items() if int(status) < 300)
    return Operation(
        anchor=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        text=one.get("description", ""),
        scopes=tuple(need[SCHEME][0] for need in one["security"]),
        params=tuple(
            (param["in"], Field(param["name"], _kind(told, param["schema"]), param["required"], param["description"]))
            for param in one["parameters"]
        ),
        body=tuple(_fields(told, taken)) if taken else (),
        answer=tuple(_fields(told, given["content"]["application/json"]["schema"])),
        responses=tuple((str(status), answer["description"]) for status, answer in one["responses"].items()),
    )


def _fields(told: Node, schema: Node, above: str = "") -> Iterator[Field]:
    """The fields of an object, and of the objects in it."""
    found = _plain(told, schema)
    for name, one in found.get("properties", {}).items():
        full = f"{above}.{name}" if above else name
        yield Field(full, _kind(told, one), name in found.get("required", ()), one.get("description", ""))
        yield from _fields(told, one, f"{full}[]" if _plain(told, one).get("type") == "array" else full)


def _plain(told: Node, schema: Node) -> Node:
    """What a reference or an alternative to null stands for, or an array is of: the schema that has the fields."""
    if "$ref" in schema:
        return dict(told["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    others = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(others) == 1:
        return _plain(told, others[0])
    return schema


def _kind(told: Node, schema: Node) -> str:
    """What may stand in a field, in the words of JSON Schema."""
    found = _plain(told, schema)
    if "enum" in found:
        return " | ".join(str(one) for one in found["enum"])
    if found.get("type") == "array":
        return f"array<{_kind(told, found['items'])}>"
    kind = str(found.get("format") or found.get("const") or found.get("type", ""))
    empty = any(one.get("type") == "null" for one in schema.get("anyOf", ()))
    return f"{kind} | null" if empty else kind
