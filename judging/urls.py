"""The jury room, under /jury/. A film's address is that of its place on the juror's own list."""

from django.urls import path

from judging.views import jury as views

app_name = "jury"
urlpatterns = [
    path("", views.films, name="films"),
    path("<uuid:pk>/", views.film, name="film"),
    path("<uuid:pk>/recuse/", views.recuse, name="recuse"),
    path("<uuid:pk>/captions/<str:language>.vtt", views.captions, name="captions"),
]
