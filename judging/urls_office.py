"""The jury's side of the office, under /office/<edition>/jury/."""

from django.urls import path

from judging.views import feedback, ledger, office, panels, publication, results, stages, standing

app_name = "jury_office"
urlpatterns = [
    path("", office.rounds, name="rounds"),
    path("results/", results.latest, name="results"),
    path("publish/", publication.publish, name="publish"),
    path("seats/", panels.seats, name="seats"),
    path("seats/panels/", panels.panel, name="panel"),
    path("seats/ties/", panels.tie, name="tie"),
    path("seats/<int:pk>/limit/", panels.limit, name="limit"),
    path("seats/<int:pk>/free/", panels.unseat, name="unseat"),
    path("<int:pk>/", office.round, name="round"),
    path("<int:pk>/open/", office.open_round, name="open"),
    path("<int:pk>/close/", office.close_round, name="close"),
    path("<int:pk>/hours/", office.hours, name="hours"),
    path("<int:pk>/except/", stages.waive, name="waive"),
    path("<int:pk>/rule/", stages.rule, name="rule"),
    path("<int:pk>/shortlist/", stages.shortlist, name="shortlist"),
    path("<int:pk>/allot/", stages.allot, name="allot"),
    path("<int:pk>/count/", stages.count, name="count"),
    path("<int:pk>/belenios.zip", ledger.belenios, name="belenios"),
    path("<int:pk>/rubric/", office.rubric, name="rubric"),
    path("<int:pk>/rubric/begin/", office.begin_rubric, name="begin_rubric"),
    path("<int:pk>/assign/", panels.assign, name="assign"),
    path("<int:pk>/results/", results.results, name="results"),
    path("<int:pk>/results/jurors/", standing.jurors, name="habits"),
    path("<int:pk>/results/disagreement/", standing.disagreement, name="disagreement"),
    path("<int:pk>/results/deliberate/", standing.deliberate, name="deliberate"),
    path("<int:pk>/results/feedback/", feedback.board, name="feedback"),
    path("<int:pk>/results/feedback/compose/", feedback.compose, name="compose"),
    path("<int:pk>/results/feedback/approve/", feedback.approve_all, name="approve_all"),
    path("<int:pk>/results/feedback/<int:draft>/", feedback.change, name="draft"),
    path("<int:pk>/results/decide/", results.decide, name="decide"),
    path("<int:pk>/results.csv", results.export, name="export"),
    path("<int:pk>/films/<uuid:film>/", results.marks_of, name="marks"),
]
