"""The OpenID provider."""

from django.urls import path

from noren.idp import authorize, device, discovery, logout, token, userinfo

urlpatterns = [
    path(".well-known/openid-configuration", discovery.configuration, name="oidc_discovery"),
    path(".well-known/oauth-authorization-server", discovery.configuration, name="oauth_discovery"),
    path("oidc/authorize", authorize.authorize, name="oidc_authorize"),
    path("oidc/consent", authorize.decide, name="oidc_consent"),
    path("oidc/token", token.token, name="oidc_token"),
    path("oidc/userinfo", userinfo.userinfo, name="oidc_userinfo"),
    path("oidc/jwks", discovery.jwks, name="oidc_jwks"),
    path("oidc/introspect", token.introspect, name="oidc_introspect"),
    path("oidc/revoke", token.revoke, name="oidc_revoke"),
    path("oidc/par", authorize.push, name="oidc_par"),
    path("oidc/device_authorization", token.device_authorization, name="oidc_device_authorization"),
    path("oidc/device", device.device, name="oidc_device"),
    path("oidc/logout", logout.logout, name="oidc_logout"),
    path("oidc/logout/confirm", logout.confirm, name="oidc_logout_confirm"),
]
