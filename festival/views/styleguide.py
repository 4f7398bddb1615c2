"""Every part of the house in its states, in both lights."""

from datetime import UTC, datetime
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from festival import bill, screenings
from festival.labels import Label, Line, Range
from festival.models import Edition, Film, Person

NOW = datetime(2027, 5, 3, 19, 30, tzinfo=UTC)
ROOMS = ("night", "paper")
DIRECTION = {
    "camera": {"curves": {"truck": [{"t": 0, "v": 0}, {"t": 1, "v": 2.5}]}},
    "boxes": [
        {
            "noun": "red balloon",
            "keys": [{"t": 0, "box": [0.16, 0.3, 0.27, 0.56]}, {"t": 1, "box": [0.42, 0.12, 0.53, 0.38]}],
        }
    ],
    "strokes": [{"points": [[0.66, 0.21], [0.78, 0.25]], "radius": 0.09, "push": [-2, 0.4], "name": "sun"}],
}


class SampleForm(forms.Form):
    """One field of each sort."""

    title = forms.CharField(help_text="As it stands in the film.")
    mail = forms.EmailField(label="E-mail address", required=False)
    section = forms.ChoiceField(choices=[("", "Choose a section"), ("stories", "Stories")])
    synopsis = forms.CharField(widget=forms.Textarea, required=False)
    premiere = forms.ChoiceField(
        choices=[("world", "World premiere"), ("none", "Shown before")], widget=forms.RadioSelect
    )
    rights = forms.BooleanField(label="I hold the rights to every picture")
    still = forms.ImageField(required=False, help_text="JPEG or PNG, up to 20 MB.")


@require_safe
def page(request):
    film = bill.cards(Film.objects.on_show().filter(footage__folder__gt="")).first()
    context = {
        "rooms": [(room, _form(room)) for room in ROOMS],
        "film": _film(),
        "show": _show(),
        "at": NOW,
        "label": _label(),
        "pages": Paginator(range(30), 10).page(2),
        "states": _states(),
        "person": Person(name="Mina Holm", email="mina@example.org"),
        "played": film,
        "playback": screenings.play(film.footage) if film else None,
        "captions": bill.captions(film) if film else [],
        "scale": range(1, 11),
        "direction": DIRECTION,
        "card": {"inputs": ["text", "camera", "boxes"]},
        "stills": [{"sha256": "a" * 64, "url": static("festival/icon.svg"), "words": "A lit board"}],
        "clips": [{"id": "take-3", "words": "Take 3: a ferry leaves the quay"}],
    }
    return render(request, "festival/public/styleguide.html", context)


def _form(room: str) -> SampleForm:
    return SampleForm({"title": "", "mail": "mina@", "premiere": "world"}, auto_id=f"{room}_%s")


def _states() -> list[tuple[str, str]]:
    return [
        ("draft", "Draft"),
        ("submitted", "Submitted"),
        ("examining", "Being examined"),
        ("selected", "Selected"),
        ("waiting", "Waiting list"),
        ("declined", "Not selected"),
        ("verified", "Credential verified"),
    ]


def _rows(*rows) -> SimpleNamespace:
    return SimpleNamespace(all=lambda: rows)


def _film() -> SimpleNamespace:
    return SimpleNamespace(
        title="The Tide Keeps Time",
        year=2026,
        section="Stories",
        footage=SimpleNamespace(colour="#5b3a55", duration_s=512.0, folder=""),
        countries=_rows(SimpleNamespace(code="NO"), SimpleNamespace(code="PT")),
        stills=_rows(),
    )


def _show() -> SimpleNamespace:
    return SimpleNamespace(
        pk="00000000-0000-0000-0000-000000000000",
        title="Opening night",
        edition=Edition(name="Marquee 2027", time_zone="Europe/Lisbon"),
        venue=SimpleNamespace(name="Cinema Império", online=False),
        starts_at=datetime(2027, 5, 3, 19, 0, tzinfo=UTC),
        ends_at=datetime(2027, 5, 3, 21, 0, tzinfo=UTC),
        note="With the makers.",
    )


def _label() -> Label:
    ranges = (
        Range(0, 96, "picture", "captured", "declared", "0:00–1:36 · Captured · declared only"),
        Range(96, 210, "picture", "generated", "verified", "1:36–3:30 · Generated · credential verified"),
        Range(300, 345, "picture", "modified", "declared", "5:00–5:45 · Modified · declared only"),
        Range(120, 180, "sound", "generated", "declared", "2:00–3:00 · Generated, voice · declared only"),
    )
    return Label(
        short="31 % of picture seconds",
        base="Counted in picture seconds: the film’s 8:32 of running time.",
        shares={"all": 31.0, "generated": 22.0, "modified": 9.0, "verified": 22.0, "declared": 9.0},
        kinds="22 % generated, 9 % modified",
        standing="22 % credential verified, 9 % declared by the makers",
        sentences=(
            Line(
                "Picture", "Generated", "Shots of the sea were generated.", "Drew each key frame.", "Wan 2.2"
            ),
            Line("Script", "None", "The script was written by people.", "", ""),
        ),
        tools=("Wan 2.2 (licence: Apache-2.0; drawn here, on record)",),
        ranges=ranges,
        duration_s=512.0,
        notice="",
        process="Storyboarded on paper over six weeks.",
        consents="Consent on record: 1 voice.",
        signed="Signed by Mina Holm on 3 May 2027.",
    )
