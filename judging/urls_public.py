"""The ledger, for anyone, under /ledger/."""

from django.urls import path

from judging.views import ledger

app_name = "ledger"
urlpatterns = [
    path("<slug:edition>/", ledger.edition, name="edition"),
    path("<slug:edition>/digests.txt", ledger.digests, name="digests"),
]
