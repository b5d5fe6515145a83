"""Business accounts, what they sign in with and what they signed in to."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from noren.accounts.rules import Kind, LockReason, LoginKind, SignInResult, State, TicketPurpose, TwoStep, login_key


class Accounts(BaseUserManager["Account"]):
    """Finds an account by what its person types."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account with that login id, however it is written."""
        return self.get(login_key=login_key(username or ""))


def _choices(kind: Any) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in kind]


class Account(AbstractBaseUser):
    """One person's business account. `account_id` never changes; `epoch` rises with everything that ends a sign-in."""

    account_id = models.TextField(primary_key=True)
    login_id = models.CharField(max_length=257)
    login_key = models.CharField(max_length=257, unique=True)
    login_kind = models.TextField(choices=_choices(LoginKind))
    kind = models.TextField(choices=_choices(Kind))
    corporation = models.ForeignKey("members.Corporation", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField(choices=_choices(State))
    lock_reason = models.TextField(choices=_choices(LockReason), blank=True)
    epoch = models.PositiveIntegerField(default=1)
    name = models.TextField()
    name_kana = models.TextField(blank=True)
    department = models.TextField(blank=True)
    title = models.TextField(blank=True)
    employee_number = models.TextField(blank=True)
    contact_mail = models.EmailField(max_length=254, blank=True)
    contact_mobile = models.TextField(blank=True)
    mobile_verified_at = models.DateTimeField(null=True)
    two_step = models.TextField(choices=_choices(TwoStep), default=TwoStep.STRONG.value)
    browsers_forgotten_at = models.DateTimeField(null=True)
    language = models.TextField(default="ja")
    failed_passwords = models.PositiveSmallIntegerField(default=0)
    failed_codes = models.PositiveSmallIntegerField(default=0, db_default=0)
    password_changed_at = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    dormant_notice_at = models.DateTimeField(null=True)
    policy = models.ForeignKey("Policy", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    """What the places in which the account is ask of it. No index, so that it changes heap-only."""

    as_recorded: Mapping[str, Any] = MappingProxyType({})
    """What the audit knows of the row: nothing yet of a new one."""

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "login_key"
    EMAIL_FIELD = "contact_mail"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "accounts_account"
        indexes = [models.Index(fields=["corporation", "state"], name="accounts_account_corporation")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key beside the id. A library that saves the whole row writes no more of it than it may change."""
        self.login_key = login_key(self.login_id)
        if not self._state.adding and kwargs.get("update_fields") is None:
            # Its copy may be old by now: it must not undo a lock or lower the epoch.
            kwargs["update_fields"] = ("password", "last_login")
        super().save(*args, **kwargs)

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the person may sign in."""
        return self.state == State.ACTIVE

    def get_session_auth_hash(self) -> str:
        """What a session remembers: it ends when the password changes or the epoch rises."""
        return salted_hmac("noren.accounts.session", f"{self.epoch}:{self.password}", algorithm="sha256").hexdigest()

    def __str__(self) -> str:
        return self.login_id


class Policy(models.Model):
    """The policies of some places together; its id is a digest of their names. Accounts in the same places share it."""

    policy_id = models.TextField(primary_key=True)
    places = ArrayField(models.TextField())

    class Meta:
        db_table = "accounts_policy"


class PolicyStep(models.Model):
    """What a policy asks from one moment to another: the strictest of its places. `noren.accounts.policy` decides.

    The steps of a policy cover all of time. `coming`: the ones that follow, so that a page can count down to them.
    """

    pk = models.CompositePrimaryKey("policy_id", "from_at")
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, db_index=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    methods = ArrayField(models.TextField(), null=True)
    second_factor = models.BooleanField()
    session_minutes = models.PositiveIntegerField(null=True)
    networks = ArrayField(models.TextField(), null=True)
    devices = models.PositiveSmallIntegerField(null=True)
    second_approval = models.BooleanField()
    sources = models.JSONField()
    coming = models.JSONField()

    class Meta:
        db_table = "accounts_policy_step"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=models.F("from_at")),
                name="accounts_policy_step_lasts",
            )
        ]


class Organisation(models.Model):
    """The short code that a corporation's employees type before their number."""

    corporation = models.OneToOneField(
        "members.Corporation", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    code = models.TextField(unique=True)

    class Meta:
        db_table = "accounts_organisation"


class LinkedLine(models.Model):
    """A line that belongs to the account's person. A line is linked to one account at a time.

    `phone_number` is the line's as far as the account has followed it: another one ends the sign-ins.
    """

    linked_line_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    line = models.ForeignKey("members.Line", on_delete=models.PROTECT, related_name="+")
    phone_number = models.TextField(blank=True)
    linked_at = models.DateTimeField()
    unlinked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_linked_line"
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(unlinked_at__isnull=True), name="accounts_linked_line_once"
            )
        ]


class LinePin(models.Model):
    """The four-digit secret of a line contract, as an HMAC with the installation's key."""

    line = models.OneToOneField("members.Line", on_delete=models.PROTECT, primary_key=True, related_name="+")
    digest = models.TextField()
    failed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "accounts_line_pin"


class Session(AbstractBaseSession):
    """A signed-in browser. `session_key` is the hash of what its cookie holds."""

    session_key = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, db_constraint=False)
    sid = models.UUIDField(null=True, db_index=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    address = models.TextField(blank=True)
    agent = models.TextField(blank=True)
    auth_hash = models.TextField(blank=True, default="", db_default="")
    """What it remembers of the account: sessions of an account live together when it is the same."""

    objects: ClassVar[BaseSessionManager[Any]] = BaseSessionManager()

    class Meta:
        db_table = "accounts_session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that keeps these rows."""
        from noren.accounts.sessions import SessionStore  # noqa: PLC0415  (the store imports this module)

        return SessionStore


class SignIn(models.Model):
    """One attempt to sign in, or one use of a partner service. Rows are added and never changed."""

    sign_in_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    at = models.DateTimeField()
    result = models.TextField(choices=_choices(SignInResult))
    methods = models.JSONField(default=list)
    service = models.TextField(blank=True)
    address = models.TextField(blank=True)
    agent = models.TextField(blank=True)

    class Meta:
        db_table = "accounts_sign_in"
        indexes = [models.Index(fields=["account", "-at"], name="accounts_sign_in_account")]


class Ticket(models.Model):
    """A link that works once: an invitation, a letter's QR code, an emergency lock. Only its token's hash is kept."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    purpose = models.TextField(choices=_choices(TicketPurpose))
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    address = models.TextField(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_ticket"
        indexes = [models.Index(fields=["account", "purpose"], name="accounts_ticket_account")]


class Code(models.Model):
    """A security code on its way to a mail address or a mobile: 6 digits, 10 minutes, 5 tries."""

    code_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    purpose = models.TextField()
    subject = models.TextField()
    destination = models.TextField()
    digest = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_code"
        indexes = [models.Index(fields=["purpose", "subject", "-made_at"], name="accounts_code_subject")]


class Application(models.Model):
    """A join: one that a person of the operator must look at, or a new corporation's, which decided it by itself.

    `journey_id` is the visitor's way through the pages: it ends here once, however often its last page is sent.
    """

    application_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    journey_id = models.TextField(unique=True)
    corporate_number = models.TextField(blank=True)
    name = models.TextField()
    name_kana = models.TextField(blank=True)
    person = models.TextField()
    person_kana = models.TextField(blank=True)
    department = models.TextField(blank=True)
    title = models.TextField(blank=True)
    login_id = models.TextField(blank=True)
    mail = models.EmailField()
    language = models.TextField(default="ja")
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    approved = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "accounts_application"
