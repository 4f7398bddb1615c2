"""Letters of decision: what is to be sent, what became of what was sent, and who does not know yet."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from festival import letters
from festival.views.office_door import for_organisers, told

A_PAGE = 100


@for_organisers
def board(request, edition):
    """Decisions not sent yet, the one button that sends them, and the letters that were."""
    if request.method == "POST":
        with told(request):
            sent = letters.send(edition, by=request.user)
            messages.success(request, f"{sent} {'letter is' if sent == 1 else 'letters are'} on the way.")
        return redirect("office:letters", edition=edition.slug)
    context = {
        "edition": edition,
        "owed": letters.owed(edition).select_related("entrant", "section").order_by("status", "title"),
        "unheard": letters.unheard(edition),
        "page": Paginator(letters.of(edition), A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "festival/office/letters.html", context)


@for_organisers
@require_POST
def deal(request, edition, pk):
    """A letter came back, is sent again, or its reader was told in another way."""
    letter = get_object_or_404(letters.of(edition).select_related("film__edition"), pk=pk)
    verb = request.POST.get("verb")
    if verb == "back":
        with told(request, f"The letter on “{letter.film}” came back."):
            letters.came_back(letter, by=request.user)
    elif verb == "again":
        with told(request, f"The letter on “{letter.film}” goes out once more, to {letter.person.email}."):
            letters.send_again(letter, by=request.user)
    elif verb == "otherwise":
        with told(request, f"The entrant of “{letter.film}” has been told."):
            letters.told_otherwise(letter, by=request.user, note=request.POST.get("note", ""))
    return redirect("office:letters", edition=edition.slug)
