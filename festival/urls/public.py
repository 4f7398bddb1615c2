"""Addresses that any visitor may open."""

from django.urls import path

from festival.views import public, styleguide

app_name = "public"
urlpatterns = [
    path("", public.home, name="home"),
    path("foyer/", public.foyer, name="foyer"),
    path("films/", public.films, name="films"),
    path("films/<uuid:pk>/", public.film, name="film"),
    path("films/<uuid:pk>/disclosure.json", public.disclosure, name="label"),
    path("films/<uuid:pk>/captions/<str:language>.vtt", public.captions, name="captions"),
    path("schedule/", public.schedule, name="schedule"),
    path("schedule.ics", public.calendar, name="calendar"),
    path("screenings/<uuid:pk>/", public.screening, name="screening"),
    path("theme/", public.theme, name="theme"),
    path("styleguide/", styleguide.page, name="styleguide"),
]
