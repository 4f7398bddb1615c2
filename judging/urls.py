"""The jury room, under /jury/. A film's address is that of its place on the juror's own list."""

from django.urls import path

from judging.views import ballots, ledger, panels, pins, screening
from judging.views import jury as views

app_name = "jury"
urlpatterns = [
    path("", views.films, name="films"),
    path("background/", panels.background, name="background"),
    path("receipts/<slug:edition>/", ledger.receipts, name="receipts"),
    path("receipts/<slug:edition>.txt", ledger.receipts_file, name="receipts_file"),
    path("rounds/<int:pk>/", ballots.ballot, name="ballot"),
    path("<uuid:pk>/", views.film, name="film"),
    path("<uuid:pk>/check/", ballots.check, name="check"),
    path("<uuid:pk>/recuse/", views.recuse, name="recuse"),
    path("<uuid:pk>/captions/<str:language>.vtt", views.captions, name="captions"),
    path("<uuid:pk>/watched/<str:token>/", screening.watched, name="watched"),
    path("<uuid:pk>/pins/", pins.add, name="pin"),
    path("<uuid:pk>/pins/<int:pin>/remove/", pins.remove, name="unpin"),
    path("media/<str:token>/<path:rest>", screening.media, name="media"),
]
