import os

SECRET_KEY = "the same on every server of this lab"
ALLOWED_HOSTS = ["*"]
DEBUG = False
ROOT_URLCONF = "project.urls"
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["SESSCTL_DATABASE"]}
}
SESSION_CACHES = {}
from .sessctl_sessions import *  # noqa: E402,F403

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    **SESSION_CACHES,
}
