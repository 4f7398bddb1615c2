"""Productions on the page: the list, the storyboard, and who shares it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from festival.errors import Problem
from generation import productions
from generation.forms.desk import BeginForm, InviteForm, PlaceForm, TitleForm
from generation.models import Member, Production, Scene, Shot
from generation.views.clips import drawable
from generation.views.door import address, back, one, told


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request):
    """The productions one shares, invitations that wait, and the form that begins another."""
    editions = drawable(request.user)
    form = BeginForm(request.POST or None, editions=editions)
    if request.method == "POST" and form.is_valid():
        try:
            begun = productions.begin(by=request.user, **form.cleaned_data)
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("studio:production", begun.pk)
    shared = list(productions.mine(request.user))
    faces = productions.faces(shared)
    for production in shared:
        production.face = faces.get(production.pk)
        address(production.face)
    waiting = Member.objects.open().filter(person=request.user)
    context = {
        "productions": shared,
        "invitations": waiting.select_related("production__edition", "invited_by"),
        "editions": editions,
        "form": form,
    }
    return render(request, "generation/productions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def production(request, pk):
    """The storyboard: scenes, each with its shots as stills; a post gives the production another title."""
    found = one(Production.objects.select_related("edition", "owner"), request, pk=pk)
    if request.method == "POST":
        with told(request, "Saved."):
            productions.rename(found, by=request.user, title=request.POST.get("title", ""))
        return redirect("studio:production", pk)
    scenes = productions.storyboard(found)
    for shot in (shot for scene in scenes for shot in scene.board):
        address(shot.selected and shot.selected.clip)
    context = {
        "production": found,
        "scenes": scenes,
        "drawn": any(shot.take_count for scene in scenes for shot in scene.board),
        "shot_count": sum(len(scene.board) for scene in scenes),
        "members": found.members.present().select_related("person"),
        "invite": InviteForm(),
    }
    return render(request, "generation/production.html", context)


@login_required
@require_POST
def add_scene(request, pk):
    found = one(Production.objects, request, pk=pk)
    with told(request):
        productions.add_scene(found, by=request.user, title=_title(request))
    return redirect("studio:production", pk)


@login_required
@require_POST
def scene(request, pk):
    """Change a scene: a title, a place, a shot more, or away with it."""
    found = one(Scene.objects.select_related("production"), request, pk=pk)
    with told(request):
        _change(found, request)
    return redirect(f"{_board(found.production_id)}#scene-{found.pk or ''}")


@login_required
@require_POST
def place(request, pk):
    """Change a shot on the storyboard: a title, a place, or away with it."""
    found = one(Shot.objects.select_related("scene__production"), request, pk=pk)
    with told(request):
        _change(found, request)
    return redirect(back(request, _board(found.scene.production_id)))


def _change(thing: Scene | Shot, request) -> None:
    """Do to a scene or a shot what the pressed button says."""
    by, do = request.user, request.POST.get("do", "")
    if do in ("up", "down"):
        productions.step(thing, by=by, way=do)
    elif do == "remove":
        productions.remove(thing, by=by)
    elif do == "shot" and isinstance(thing, Scene):
        productions.add_shot(thing, by=by, title=_title(request))
    elif do == "to" and isinstance(thing, Shot):
        _dragged(thing, request)
    else:
        productions.rename(thing, by=by, title=_title(request))


def _dragged(shot: Shot, request) -> None:
    form = PlaceForm(request.POST)
    if form.is_valid():
        into = one(Scene.objects, request, pk=form.cleaned_data["scene"])
        productions.move(shot, by=request.user, to=form.cleaned_data["to"], scene=into)


def _title(request) -> str:
    form = TitleForm(request.POST)
    return form.cleaned_data["title"] if form.is_valid() else ""


def _board(pk) -> str:
    return reverse("studio:production", args=[pk])


# People


@login_required
@require_POST
def invite(request, pk):
    found = one(Production.objects.select_related("edition", "owner"), request, pk=pk)
    form = InviteForm(request.POST)
    if not form.is_valid():
        messages.error(request, "This is no e-mail address. Check it, and invite them again.")
    else:
        with told(request, f"Invited: a letter goes to {form.cleaned_data['email']}."):
            productions.invite(found, form.cleaned_data["email"], by=request.user)
    return redirect(f"{_board(pk)}#people")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, pk):
    """Say yes or no to an invitation."""
    found = one(
        Member.objects.select_related("production__edition", "invited_by"),
        request,
        pk=pk,
        person=request.user,
    )
    if request.method != "POST":
        return render(request, "generation/invitation.html", {"member": found})
    if request.POST.get("do") == "no":
        with told(request, "Declined. Nobody but you and the owner hears of it."):
            productions.part(found, by=request.user)
        return redirect("studio:productions")
    with told(request, f"You share “{found.production}” now."):
        productions.accept(found, by=request.user)
    return redirect("studio:production", found.production_id)


@login_required
@require_POST
def part(request, pk):
    """Leave a production, or remove a member."""
    found = one(Member.objects.select_related("production", "person"), request, pk=pk)
    own = found.person_id == request.user.pk
    with told(request, "You have left the production." if own else f"{found.known_as} was removed."):
        productions.part(found, by=request.user)
    return redirect("studio:productions") if own else redirect(f"{_board(found.production_id)}#people")
