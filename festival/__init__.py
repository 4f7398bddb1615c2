"""The trunk: the Django project, and the festival itself."""

from festival.celery import app as celery_app

__all__ = ["celery_app"]
