"""Signing in and what one signs in with: allauth's views that we use, and ours in place of the others."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from noren.account_site import sign_in_code, sign_in_lock, sign_in_reset, sign_in_setup, sign_in_trust
from noren.account_site.pages_again import own_factor

urlpatterns = [
    path("login/", sign_in_setup.SignIn.as_view(), name="account_login"),
    path("login/code/", sign_in_code.confirm, name="account_confirm_login_code"),
    path("login/cancel/", sign_in_setup.cancel, name="account_cancel"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("lock/<str:token>/", sign_in_lock.self_lock, name="self_lock"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", sign_in_reset.ask, name="account_reset_password"),
    path("password/reset/code/", sign_in_reset.confirm, name="account_confirm_password_reset_code"),
    path("password/reset/new/", sign_in_reset.complete, name="account_complete_password_reset"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", sign_in_setup.SecondStep.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/trust/", sign_in_trust.Trust.as_view(), name="mfa_trust"),
    path("2fa/app/", own_factor(sign_in_setup.ActivateApp.as_view()), name="mfa_activate_totp"),
    path("2fa/app/remove/", own_factor(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", own_factor(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/new/", own_factor(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", own_factor(sign_in_setup.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("2fa/passkeys/login/", sign_in_setup.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("2fa/passkeys/reauthenticate/", sign_in_setup.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path(
        "2fa/passkeys/<int:pk>/remove/", own_factor(sign_in_setup.RemovePasskey.as_view()), name="mfa_remove_webauthn"
    ),
    path("2fa/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]
