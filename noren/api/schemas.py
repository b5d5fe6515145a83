"""What the API takes and gives. Texts are collected for both languages and put into the caller's by `document`."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StrictInt

from noren.closing.explain import Contract, Item, Rating, Reason
from noren.members.queries import Member as ExplainedMember
from noren.orders.rules import OrderState
from noren.points.queries import BroughtRow, EntryRow, LotRow
from noren.points.rules import Movement
from noren.spending.rules import MOST, HoldState

PLAIN = r"^[^\x00-\x1f\x7f]*$"
"""Text of one line."""


class Told(Schema):
    """What is given."""

    model_config = ConfigDict(from_attributes=True)


class Asked(Schema):
    """What is taken: nothing that is not known, so that a slip of the pen is seen."""

    model_config = ConfigDict(extra="forbid")


class FieldError(Told):
    """A field that is wrong."""

    place: Literal["path", "query", "header", "body"] = Field(description=_("Where the field was sent."))
    field: str = Field(description=_("Its name."))
    code: str = Field(description=_("What is wrong, as a code."))
    reason: str = Field(description=_("What is wrong, as a sentence."))


class Problem(Told):
    """A no (RFC 9457)."""

    type: str = Field(description=_("The code as a URI."))
    title: str = Field(description=_("What the status means."))
    status: int = Field(description=_("The HTTP status."))
    detail: str = Field(description=_("What happened, as a sentence in the language of Accept-Language."))
    code: str = Field(description=_("What happened, as a code that never changes."))
    errors: list[FieldError] | None = Field(default=None, description=_("The fields that are wrong."))


class MemberOut(Told):
    """A member."""

    id: UUID = Field(description=_("The member's id in this API."))
    kind: Literal["line", "account"] = Field(description=_("A line, or the business account itself."))
    member_id: str = Field(description=_("The number of the line or account."))
    joined_on: date = Field(description=_("First day as a member."))
    withdrawn_on: date | None = Field(description=_("First day no longer a member."))
    is_pooled: bool = Field(description=_("Whether new points go to a group. Who manages the group uses them."))


class Members(Told):
    """The members of the person."""

    items: list[MemberOut] = Field(description=_("The account first, then its lines."))


class BalanceOut(Told):
    """A balance."""

    total: int = Field(description=_("All points; below 0: owed."))
    limited: int = Field(description=_("How many of them are limited in their uses or their time."))
    spendable: int = Field(description=_("How many of them can be used today."))
    on: date = Field(description=_("Today, where the programme is."))


class Lots(Told):
    """Lots of points."""

    items: list[LotRow] = Field(description=_("In the order in which they are used, empty ones too."))


class Posting(Told):
    """Something that happened."""

    posting_id: UUID = Field(description=_("The id of the posting."))
    on: date = Field(description=_("The business day."))
    booked_at: datetime = Field(description=_("When it was booked."))
    movement: Movement = Field(description=_("What happened to the points."))
    usage_month: date | None = Field(description=_("First day of the month of use that they are for."))
    kinds: list[str] = Field(description=_("The kinds of points."))
    lapses_on: date | None = Field(description=_("Last day of what came in."))
    points: int = Field(description=_("The change; below 0: less."))
    balance: int = Field(description=_("The balance after it."))
    use: str = Field(description=_("What they were used for; empty for all that is no use."))


class History(Told):
    """A page of the history."""

    items: list[Posting] = Field(description=_("The newest first."))
    next: str | None = Field(description=_("The cursor of the next page; null: this is the last one."))


class Tenure(Told):
    """What tenure was counted from."""

    opened_on: date | None = Field(description=_("First day of the line's contract."))
    judged_in: str = Field(description=_("The month in which tenure was counted."))


class Rounding(Told):
    """How a fraction ends."""

    of: Literal["units", "points"] = Field(description=_("What is rounded."))
    to: Literal["floor", "half_up", "ceiling"] = Field(description=_("How."))


class ExplanationOut(Told):
    """Why a member has the points of a month: the answer of `noren explain --json`."""

    member: ExplainedMember = Field(description=_("Whose points."))
    month: str = Field(description=_("The month of use."))
    run: str = Field(description=_("The close that decided."))
    business_date: date = Field(description=_("The day of that close."))
    programme_version: str = Field(description=_("The version of the programme that was in force."))
    membership: Reason = Field(description=_("Why it was a member in the month, or was none."))
    tenure: Tenure = Field(description=_("What tenure was counted from."))
    solutions_judged_on: date = Field(description=_("The day on which contracts were looked at."))
    stage_rule: str | None = Field(description=_("The condition of the stage, in words."))
    unit_yen: int = Field(description=_("The yen that earn the rate."))
    rounding: Rounding = Field(description=_("How a fraction ends."))
    rating: Rating | None = Field(description=_("The figures; null for who was no member."))
    items: list[Item] = Field(description=_("The bill items, and whether they count."))
    contracts: list[Contract] = Field(description=_("The solution contracts, and whether they count."))
    postings: list[EntryRow] = Field(description=_("What was posted to the member's own points."))
    pooled: list[BroughtRow] = Field(description=_("What went to a group."))
    lots: list[LotRow] = Field(description=_("The member's lots now."))


Points = Annotated[StrictInt, Field(ge=1, le=MOST)]


class Reserve(Asked):
    """Points to be reserved."""

    points: Points = Field(description=_("How many."))
    use: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,49}$",
        description=_("What for: one of the uses of the programme, such as goods. Bills are paid otherwise."),
        examples=["goods"],
    )
    reference: str = Field(
        min_length=1, max_length=200, pattern=PLAIN, description=_("What it is for in your books, such as an order.")
    )
    expires_at: AwareDatetime | None = Field(
        default=None,
        description=_(
            "When it is voided by itself unless it was captured: from now on, at most 90 days. Usually after a week."
        ),
    )


class Capture(Asked):
    """Reserved points that are used."""

    points: Points | None = Field(default=None, description=_("How many; the rest goes back. Usually all."))


class Void(Asked):
    """A reservation that comes to nothing."""


class Reverse(Asked):
    """Used points that go back."""

    points: Points | None = Field(default=None, description=_("How many. Usually all that is left."))
    reason: str = Field(
        default="", max_length=200, pattern=PLAIN, description=_("Why, for those who look at it later.")
    )


class ReservationOut(Told):
    """A reservation."""

    id: UUID = Field(description=_("The id of the reservation."))
    use: str = Field(description=_("What the points are for."))
    reference: str = Field(description=_("What it is for in your books."))
    points: int = Field(description=_("How many were reserved."))
    captured: int = Field(description=_("How many of them were used."))
    given_back: int = Field(description=_("How many of those were given back later."))
    state: HoldState = Field(description=_("Whether it waits, was captured or was voided."))
    expires_at: datetime | None = Field(description=_("When it is voided by itself."))
    made_at: datetime = Field(description=_("When it was made."))
    settled_at: datetime | None = Field(description=_("When it was captured or voided."))


class Reservations(Told):
    """A page of reservations."""

    items: list[ReservationOut] = Field(description=_("The newest first."))
    next: str | None = Field(description=_("The cursor of the next page; null: this is the last one."))


class ItemOut(Told):
    """Something that points buy."""

    code: str = Field(description=_("What it is called in an order."))
    use: str = Field(description=_("The use of points that it is: the programme says which points may be used so."))
    kinds: list[str] | None = Field(description=_("Only points of these kinds buy it; null: of any kind."))
    title: str = Field(description=_("In the language of Accept-Language."))
    text: str = Field(description=_("More about it."))
    points: int = Field(description=_("Points for one, today."))
    available: int | None = Field(description=_("How many there are; null: any number."))
    least: int = Field(description=_("At least so many at a time."))
    step: int = Field(description=_("More than that only in steps of so many."))
    most: int = Field(description=_("At most so many at a time."))
    needs_line: bool = Field(description=_("Whether it is for lines only."))
    needs_address: bool = Field(description=_("Whether it is delivered."))
    needs_phone_model: bool = Field(description=_("Whether the model of the phone must be named."))
    is_final: bool = Field(description=_("Whether an order of it cannot be cancelled."))
    until: date | None = Field(description=_("Last day on which it can be ordered."))


class CatalogueOut(Told):
    """What can be ordered today."""

    items: list[ItemOut] = Field(description=_("In the order in which they are shown."))


class AddressIn(Asked):
    """Where something is delivered to, in Japan."""

    name: str = Field(min_length=1, max_length=100, pattern=PLAIN, description=_("Who receives it."))
    postal_code: str = Field(pattern=r"^[0-9]{7}$", description=_("Seven figures."))
    prefecture: str = Field(min_length=1, max_length=10, pattern=PLAIN, description=_("The prefecture."))
    city: str = Field(min_length=1, max_length=100, pattern=PLAIN, description=_("City and part of the city."))
    street: str = Field(min_length=1, max_length=200, pattern=PLAIN, description=_("Street, building, department."))
    phone: str = Field(pattern=r"^0[0-9]{9,10}$", description=_("Telephone of who receives it, figures only."))


class PlaceOrder(Asked):
    """An order."""

    item: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description=_("The item's code."), examples=["headset"])
    quantity: Annotated[StrictInt, Field(ge=1, le=1_000_000)] = Field(description=_("How many."))
    points: Points = Field(
        description=_("Points for all of it, as the catalogue tells them. Another price is refused.")
    )
    phone_model: str = Field(
        default="", max_length=100, pattern=PLAIN, description=_("The model of the phone, where the item asks for it.")
    )
    address: AddressIn | None = Field(default=None, description=_("Where the item is delivered to, if it is."))


class CancelOrder(Asked):
    """An order that is taken back."""


class OrderOut(Told):
    """An order."""

    number: str = Field(description=_("The order's number."))
    member_id: UUID = Field(description=_("The member for whom it is."))
    item: str = Field(description=_("The item's code."))
    title: str = Field(description=_("In the language of Accept-Language."))
    use: str = Field(description=_("What the points are for."))
    quantity: int = Field(description=_("How many."))
    points: int = Field(description=_("Points for all of it."))
    state: OrderState = Field(description=_("What has become of it."))
    tracking: str = Field(description=_("The number by which its delivery can be followed; empty: none is known."))
    can_be_cancelled: bool = Field(description=_("Whether it can still be cancelled."))
    made_at: datetime = Field(description=_("When it was made."))


class Orders(Told):
    """A page of orders."""

    items: list[OrderOut] = Field(description=_("The newest first."))
    next: str | None = Field(description=_("The cursor of the next page; null: this is the last one."))
