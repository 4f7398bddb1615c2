from django.apps import AppConfig


class FestivalConfig(AppConfig):
    name = "festival"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from festival import receivers  # noqa: F401 - connects them
