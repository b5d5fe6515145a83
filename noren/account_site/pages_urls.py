"""What a person sees and changes about their own account."""

from django.urls import path

from noren.account_site import (
    pages,
    pages_abolish,
    pages_activity,
    pages_again,
    pages_contact,
    pages_lines,
    pages_login,
    pages_rules,
    pages_services,
    pages_sessions,
)

urlpatterns = [
    path("", pages.home, name="account_home"),
    path("step-up/", pages_again.step_up, name="account_step_up"),
    path("second-step/", pages_again.second_step, name="account_second_step"),
    path("confirm/", pages_again.confirm, name="account_confirm"),
    path("id/", pages_login.login_id, name="account_login_id"),
    path("data/", pages.user_data, name="account_user_data"),
    path("mail/", pages_contact.mail, name="account_contact_mail"),
    path("mobile/", pages_contact.mobile, name="account_contact_mobile"),
    path("rules/", pages_rules.rules, name="account_rules"),
    path("two-step/", pages.two_step, name="account_two_step"),
    path("browsers/", pages.browsers, name="account_browsers"),
    path("sessions/", pages_sessions.sessions, name="account_sessions"),
    path("history/", pages_sessions.history, name="account_history"),
    path("activity/", pages_activity.activity, name="account_activity"),
    path("services/", pages_services.services, name="account_services"),
    path("services/<str:client_id>/", pages_services.service, name="account_service"),
    path("services/<str:client_id>/release/", pages_services.release, name="account_service_release"),
    path("lines/", pages_lines.lines, name="account_lines"),
    path("lines/add/", pages_lines.add, name="account_lines_add"),
    path("lines/code/", pages_lines.code, name="account_lines_code"),
    path("lines/<str:line_id>/unlink/", pages_lines.unlink, name="account_lines_unlink"),
    path("abolish/", pages_abolish.abolish, name="account_abolish"),
]
