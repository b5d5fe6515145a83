"""The versions of the programme that this installation runs."""

from django.db import models


class Version(models.Model):
    """One definition, word for word as its file had it."""

    effective_from = models.DateField(primary_key=True)
    programme = models.TextField()
    source = models.TextField()
    digest = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "programme_version"
