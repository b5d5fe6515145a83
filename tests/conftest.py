"""Django for every test; the language is English unless a test says otherwise."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noren.config.settings")
os.environ["NOREN_LANG"] = "en"

import django

django.setup()
