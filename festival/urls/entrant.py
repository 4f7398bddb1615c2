"""Addresses of an entrant's own films."""

from django.urls import path

from festival.views import entrant, listing, statement, titles

app_name = "entrant"
urlpatterns = [
    path("", entrant.my_entries, name="entries"),
    path("new/", entrant.new, name="new"),
    path("<uuid:pk>/", entrant.entry, name="entry"),
    path("<uuid:pk>/edit/", listing.edit, name="edit"),
    path("<uuid:pk>/extras/", listing.extras, name="extras"),
    path("<uuid:pk>/stills/", listing.still_add, name="still_add"),
    path("<uuid:pk>/stills/<uuid:still>/", listing.still, name="still"),
    path("<uuid:pk>/subtitles/", listing.subtitle_add, name="subtitle_add"),
    path("<uuid:pk>/subtitles/<int:subtitle>/remove/", listing.subtitle_remove, name="subtitle_remove"),
    path("<uuid:pk>/film/", entrant.film_file, name="film"),
    path("<uuid:pk>/retry/", entrant.retry, name="retry"),
    path("<uuid:pk>/statement/", statement.statement, name="statement"),
    path("<uuid:pk>/names/", titles.titles, name="titles"),
    path("<uuid:pk>/preview/", entrant.preview, name="preview"),
    path("<uuid:pk>/submit/", entrant.submit, name="submit"),
    path("<uuid:pk>/withdraw/", entrant.withdraw, name="withdraw"),
    path("<uuid:pk>/receipt/", entrant.receipt, name="receipt"),
]
