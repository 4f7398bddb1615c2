app_name = "entrant"
urlpatterns: list = []
