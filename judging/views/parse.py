"""What a form is given to parse."""


def posted(request):
    """What was posted, even where that is nothing; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None
