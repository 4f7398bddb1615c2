"""What every page knows: the edition on stage, the rooms this person may enter, the theme."""

from festival.models import Edition, Role

THEMES = ("auto", "night", "paper")


def page(request):
    """Context for base.html. Lazy, so that pages which ask nothing pay nothing."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in THEMES else "auto",
        "stage": _Lazy(lambda: current_edition(request.user)),
        "roles": _Lazy(lambda: roles_of(request.user)),
    }


def current_edition(user) -> Edition | None:
    """The edition visitors meet first: the latest published, else the latest whose call is open."""
    seen = Edition.objects.visible_to(user).exclude(status=Edition.Status.DRAFT)
    return seen.published().first() or seen.first()


def roles_of(user) -> set[str]:
    """Kinds of role `user` holds in any edition: "organiser", "juror"."""
    if not user.is_authenticated:
        return set()
    kinds = set(Role.objects.filter(person=user).values_list("kind", flat=True))
    return kinds | ({Role.Kind.ORGANISER} if user.is_superuser else set())


class _Lazy:
    """Call once, when a template first asks."""

    def __init__(self, ask):
        self._ask = ask

    def __call__(self):
        if not hasattr(self, "_answer"):
            self._answer = self._ask()
        return self._answer
