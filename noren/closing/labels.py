"""What people call the steps of a close."""

from django.utils.translation import gettext_lazy as _

from noren.closing.rules import StepName

LABELS = {
    StepName.INTAKE: _("intake"),
    StepName.ASSESS: _("assess"),
    StepName.RATE: _("rate"),
    StepName.POST: _("post"),
    StepName.EXPIRE: _("expire"),
    StepName.REPORT: _("report"),
}
