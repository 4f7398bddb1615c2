"""Every part of the house in its states, in both lights."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request):
    return render(request, "festival/public/styleguide.html", {})
