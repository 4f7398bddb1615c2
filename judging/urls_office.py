app_name = "jury_office"
urlpatterns: list = []
