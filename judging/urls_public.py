"""The ledger, for anyone, under /ledger/."""

from django.urls import path

from judging.views import ledger, publication

app_name = "ledger"
urlpatterns = [
    path("<slug:edition>/results/", publication.results, name="results"),
    path("<slug:edition>/", ledger.edition, name="edition"),
    path("<slug:edition>/digests.txt", ledger.digests, name="digests"),
]
