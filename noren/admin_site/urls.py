"""The admin site: a corporation's administrators manage accounts, groups, points and security."""

from django.urls import path

from noren.admin_site import accounts_list, acting, group_pages, home, issuing, persons, usage

urlpatterns = [
    path("", home.home, name="manage_home"),
    path("accounts/", accounts_list.accounts, name="manage_accounts"),
    path("accounts/file/", accounts_list.accounts_csv, name="manage_accounts_csv"),
    path("accounts/choose/", accounts_list.choose, name="manage_choose"),
    path("accounts/views/", accounts_list.save_view, name="manage_save_view"),
    path("accounts/issue/", issuing.issue, name="manage_issue"),
    path("accounts/act/<slug:name>/", acting.act, name="manage_act"),
    path("accounts/result/", acting.result, name="manage_result"),
    path("accounts/of/<str:account_id>/", persons.account, name="manage_account"),
    path("accounts/of/<str:account_id>/data/", persons.data, name="manage_account_data"),
    path("accounts/of/<str:account_id>/id/", persons.login_id, name="manage_account_login_id"),
    path("accounts/of/<str:account_id>/contact/", persons.contact, name="manage_account_contact"),
    path("accounts/of/<str:account_id>/lines/", persons.link_line, name="manage_account_line"),
    path("accounts/of/<str:account_id>/lines/<str:line_id>/unlink/", persons.unlink_line, name="manage_account_unlink"),
    path(
        "accounts/of/<str:account_id>/services/<str:client_id>/release/",
        persons.release,
        name="manage_account_release",
    ),
    path("groups/", group_pages.group_list, name="manage_groups"),
    path("groups/permissions/", group_pages.permissions, name="manage_permissions"),
    path("groups/make/", group_pages.create, name="manage_group_create"),
    path("groups/apply/", group_pages.apply, name="manage_group_apply"),
    path("groups/<uuid:group_id>/", group_pages.group, name="manage_group"),
    path("groups/<uuid:group_id>/consent/", group_pages.consent, name="manage_group_consent"),
    path("groups/<uuid:group_id>/add/", group_pages.add, name="manage_group_add"),
    path("groups/<uuid:group_id>/settings/", group_pages.settings, name="manage_group_settings"),
    path("groups/<uuid:group_id>/units/", group_pages.unit_add, name="manage_unit_add"),
    path("groups/<uuid:group_id>/units/<uuid:unit_id>/remove/", group_pages.unit_remove, name="manage_unit_remove"),
    path("groups/<uuid:group_id>/revoke/", group_pages.revoke, name="manage_revoke"),
    path("groups/<uuid:group_id>/representative/", group_pages.representative, name="manage_representative"),
    path("groups/<uuid:group_id>/dissolve/", group_pages.dissolve, name="manage_group_dissolve"),
    path("use/", usage.usage, name="manage_usage"),
    path("use/file/", usage.usage_csv, name="manage_usage_csv"),
]
