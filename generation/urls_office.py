"""The studio's side of the office, under /office/<edition>/studio/."""

from django.urls import path

from generation.views import office

app_name = "studio_office"
urlpatterns = [
    path("", office.board, name="board"),
    path("terms/", office.terms, name="terms"),
    path("live/", office.live, name="live"),
]
