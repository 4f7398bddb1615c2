"""The office: editions, overview, set-up, the call, people."""

from copy import copy
from zoneinfo import available_timezones

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from festival import office
from festival.forms.office import EditionForm, NewEditionForm, SeatForm, Sections, Tiers
from festival.models import Edition
from festival.views import office_figures as figures
from festival.views.office_door import for_organisers, for_the_house, told


@for_the_house
@require_GET
def editions(request):
    """All editions this person organises, the latest first."""
    rows = Edition.objects.organised_by(request.user).with_entry_counts().prefetch_related("tiers")
    return render(request, "festival/office/editions.html", {"editions": rows})


@for_the_house
def edition_new(request):
    """Begin an edition: a name, an address and a time zone are enough."""
    form = NewEditionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        edition = office.create_edition(by=request.user, **form.cleaned_data)
        messages.success(request, f"{edition} is in preparation. Set up its sections and deadlines next.")
        return redirect("office:setup", edition=edition.slug)
    return render(request, "festival/office/edition_new.html", {"form": form, "zones": zones()})


@for_organisers
@require_GET
def edition(request, edition):
    """The overview: what to do next, and how the entries come in."""
    minutes, days = figures.minutes_to_watch(edition), figures.by_day(edition)
    context = {
        "edition": edition,
        "steps": figures.next_steps(edition),
        "states": figures.by_state(edition),
        "sections": figures.by_section(edition),
        "days": days,
        "days_width": 10 * len(days),
        "days_most": max((column.number for column in days), default=0),
        "days_last": days[-1] if days else None,
        "minutes": minutes,
        "hours": minutes // 60,
        "handed_in": edition.films.filter(status__in=figures.IN_HAND).count(),
        "jurors": edition.roles.jurors().count(),
        "now": timezone.now(),
        "history": edition.events.select_related("by").order_by("-at", "-pk")[:8],
    }
    return render(request, "festival/office/edition.html", context)


@for_organisers
def setup(request, edition):
    """Everything entrants are told before they enter, in one form that is saved whole."""
    changed = copy(edition)  # a form writes into its row even where it finds mistakes
    form = EditionForm(request.POST or None, instance=changed)
    sections = Sections(request.POST or None, instance=changed, prefix="sections")
    valid = all([form.is_valid(), sections.is_valid()])
    with timezone.override(changed.zone):  # deadlines typed beside a new time zone are meant in it
        tiers = Tiers(request.POST or None, instance=changed, prefix="tiers")
        if tiers.is_valid() and valid:
            office.set_up(changed, [form, sections, tiers], by=request.user)
            messages.success(request, "Saved.")
            return redirect("office:setup", edition=changed.slug)
        context = {"edition": edition, "form": form, "sections": sections, "tiers": tiers, "zones": zones()}
        return render(request, "festival/office/setup.html", context)


@for_organisers
def call(request, edition):
    """Open, close and reopen the call for entries."""
    if request.method == "POST":
        opening = request.POST.get("verb") == "open"
        with told(request, "The call is open." if opening else "The call is closed."):
            (office.open_call if opening else office.close_call)(edition, by=request.user)
        return redirect("office:call", edition=edition.slug)
    context = {
        "edition": edition,
        "now": timezone.now(),
        "why_not_open": office.why_not_open(edition, at=timezone.now()),
        "why_not_close": office.why_not_close(edition),
        "sections": edition.sections.all(),
        "drafts": office.count_by_state(edition)["draft"],
    }
    return render(request, "festival/office/call.html", context)


@for_organisers
def people(request, edition):
    """Who organises and who judges; seat people by e-mail address."""
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        seated = form.cleaned_data
        with told(request, f"{seated['email']} has a seat, and a letter that says so."):
            office.seat(edition, seated["email"], seated["kind"], by=request.user)
        return redirect("office:people", edition=edition.slug)
    roles = edition.roles.select_related("person").order_by("person__name", "person__email")
    context = {
        "edition": edition,
        "form": form,
        "organisers": [role for role in roles if role.kind == "organiser"],
        "jurors": [role for role in roles if role.kind == "juror"],
    }
    return render(request, "festival/office/people.html", context)


@for_organisers
@require_POST
def unseat(request, edition, pk):
    """Take somebody's part in the edition away."""
    role = get_object_or_404(edition.roles.select_related("person", "edition"), pk=pk)
    with told(request, f"{role.person} no longer has this seat."):
        office.unseat(role, by=request.user)
    if role.person == request.user and not edition.roles.organisers().filter(person=request.user).exists():
        return redirect("public:foyer")
    return redirect("office:people", edition=edition.slug)


def zones() -> list[str]:
    """Time zones to choose from: those named after a place, and UTC."""
    return ["UTC", *sorted(name for name in available_timezones() if "/" in name and "Etc" not in name)]
