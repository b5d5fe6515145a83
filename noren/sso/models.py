"""Partner services, what they were given, and the keys that sign it. Codes and tokens are kept as hashes only."""

import uuid
from typing import Any

from django.db import models

from noren.sso.rules import Algorithm, ClientAuth, SubjectType


def _choices(kind: Any) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in kind]


class Client(models.Model):
    """A partner service (relying party)."""

    client_id = models.TextField(primary_key=True)
    name = models.TextField()
    auth_method = models.TextField(choices=_choices(ClientAuth))
    secret_hash = models.TextField(blank=True)
    jwks = models.JSONField(default=dict)
    redirect_uris = models.JSONField(default=list)
    post_logout_redirect_uris = models.JSONField(default=list)
    backchannel_logout_uri = models.TextField(blank=True)
    scopes = models.JSONField(default=list)
    grant_types = models.JSONField(default=list)
    subject_type = models.TextField(choices=_choices(SubjectType))
    sector = models.TextField()
    id_token_alg = models.TextField(choices=_choices(Algorithm))
    require_pkce = models.BooleanField(default=True)
    require_par = models.BooleanField(default=False)
    require_dpop = models.BooleanField(default=False)
    introspects_all = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sso_client"


class Link(models.Model):
    """An account's consent: the partner is one of its linked services."""

    link_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT)
    scopes = models.JSONField(default=list)
    given_at = models.DateTimeField()
    used_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sso_link"
        constraints = [models.UniqueConstraint(fields=["account", "client"], name="sso_link_once")]


class Grant(models.Model):
    """One authorisation and all that came of it: a code, then refresh tokens of which only the newest lives.

    `code_uses` counts redemptions, so that exactly one succeeds; a token that is not the newest revokes the grant.
    No index is on a column that changes, so that rotations stay heap-only.
    """

    grant_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, db_index=False)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField()
    sid = models.UUIDField(null=True, db_index=True)
    scope = models.TextField()
    claims = models.JSONField(default=dict)
    subject = models.TextField()
    auth_time = models.BigIntegerField()
    acr = models.TextField()
    amr = models.JSONField(default=list)
    methods = models.JSONField(default=list, db_default=[])
    began_at = models.DateTimeField(null=True)
    """How and when the sign-in was begun, in the words of policies: `amr` does not tell a mail from an app."""
    nonce = models.TextField(blank=True)
    redirect_uri = models.TextField(blank=True)
    challenge = models.TextField(blank=True)
    jkt = models.TextField(blank=True)
    code_hash = models.TextField(blank=True)
    code_uses = models.PositiveSmallIntegerField(default=0)
    code_expires_at = models.DateTimeField(null=True)
    handle_hash = models.TextField(blank=True)
    refresh_hash = models.TextField(blank=True)
    refresh_expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sso_grant"


class Pushed(models.Model):
    """An authorisation request that came by PAR."""

    uri_hash = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, db_index=False)
    params = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)
    uses = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "sso_pushed"


class Device(models.Model):
    """A device that waits for its person to allow it elsewhere."""

    device_hash = models.CharField(max_length=64, primary_key=True)
    user_code_hash = models.CharField(max_length=64, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, db_index=False)
    scope = models.TextField()
    expires_at = models.DateTimeField()
    polled_at = models.DateTimeField(null=True)
    uses = models.PositiveSmallIntegerField(default=0)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, db_index=False)
    denied_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sso_device"


class Seen(models.Model):
    """What may count only once (assertions, DPoP proofs), and access tokens that were revoked, until they expire."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "sso_seen"


class Call(models.Model):
    """A call of a partner that changed something, by the key that the partner gave it, and what was answered.

    No foreign key: its check would have all calls of a partner at a time lock the partner's one row.
    """

    pk = models.CompositePrimaryKey("client_id", "key_hash")
    client_id = models.TextField()
    key_hash = models.CharField(max_length=64)
    asked_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "sso_call"


class Key(models.Model):
    """A signing key. Its private part is sealed; after `retired_at` it signs no more and stays in the set a while."""

    kid = models.TextField(primary_key=True)
    alg = models.TextField(choices=_choices(Algorithm))
    private = models.TextField()
    public = models.JSONField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sso_key"
