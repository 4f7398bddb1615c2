"""Addresses of the office."""

from django.urls import path

from festival.views import office, office_awards, office_entries, office_letters, programme_office

app_name = "office"
urlpatterns = [
    path("", office.editions, name="editions"),
    path("new/", office.edition_new, name="edition_new"),
    path("<slug:edition>/", office.edition, name="edition"),
    path("<slug:edition>/setup/", office.setup, name="setup"),
    path("<slug:edition>/call/", office.call, name="call"),
    path("<slug:edition>/people/", office.people, name="people"),
    path("<slug:edition>/people/<int:pk>/unseat/", office.unseat, name="unseat"),
    path("<slug:edition>/entries/", office_entries.entries, name="entries"),
    path("<slug:edition>/entries/waiting/", office_entries.to_accept, name="to_accept"),
    path("<slug:edition>/entries.csv", office_entries.entries_csv, name="entries_csv"),
    path("<slug:edition>/entries/<uuid:pk>/", office_entries.entry, name="entry"),
    path("<slug:edition>/decide/", office_entries.decide, name="decide"),
    path("<slug:edition>/letters/", office_letters.board, name="letters"),
    path("<slug:edition>/letters/<int:pk>/", office_letters.deal, name="letter"),
    path("<slug:edition>/awards/", office_awards.board, name="awards"),
    path("<slug:edition>/awards/announce/", office_awards.announce, name="announce"),
    path("<slug:edition>/awards/<int:pk>/", office_awards.deal, name="award"),
    path("<slug:edition>/programme/", programme_office.board, name="programme"),
    path("<slug:edition>/programme/place/", programme_office.place, name="place"),
    path("<slug:edition>/programme/publish/", programme_office.publish, name="publish"),
    path("<slug:edition>/venues/", programme_office.venue_add, name="venue_add"),
    path("<slug:edition>/venues/<int:pk>/remove/", programme_office.venue_remove, name="venue_remove"),
    path("<slug:edition>/screenings/", programme_office.screening_add, name="screening_add"),
    path("<slug:edition>/screenings/<uuid:pk>/", programme_office.screening, name="screening"),
    path(
        "<slug:edition>/screenings/<uuid:pk>/remove/",
        programme_office.screening_remove,
        name="screening_remove",
    ),
]
