"""Rounds of judging and the rubric each is marked by."""

import re

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from festival.models import Edition, Film
from festival.status import HasStatus


class RoundQuerySet(models.QuerySet):
    def organised_by(self, user) -> "RoundQuerySet":
        """Rounds of the editions whose office `user` may enter."""
        return self.filter(edition__in=Edition.objects.organised_by(user))

    def visible_to(self, user) -> "RoundQuerySet":
        """Rounds that have opened, for jurors who have films in them."""
        if not user.is_authenticated:
            return self.none()
        return self.exclude(status=Round.Status.DRAFT).filter(assignments__juror=user).distinct()

    def due_to_open(self, at) -> "RoundQuerySet":
        """Rounds in preparation whose hour has come."""
        return self.filter(status=Round.Status.DRAFT, opens_at__lte=at)

    def due_to_close(self, at) -> "RoundQuerySet":
        """Open rounds whose time is over."""
        return self.filter(status=Round.Status.OPEN, closes_at__lte=at)


class Round(HasStatus):
    """A stretch of judging: a kind, films, jurors, a rubric, an opening and a closing."""

    class Status(models.TextChoices):
        DRAFT = "draft", "In preparation"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Kind(models.TextChoices):
        ELIGIBILITY = "eligibility", "Eligibility"
        REVIEW = "review", "Review"
        FURTHER = "further", "Further reviews"
        SHORTLIST = "shortlist", "Shortlist"
        PAIRWISE = "pairwise", "Pairs"
        FINAL = "final", "Final ballot"
        DELIBERATION = "deliberation", "Deliberation"

    class Choice(models.TextChoices):
        ALL = "all", "Every film with the jury"
        THROUGH = "through", "Films that came through an earlier round"
        PICKED = "picked", "Films picked by hand"

    class Sight(models.TextChoices):
        NEVER = "never", "Hidden"
        AFTER = "after", "After their own"
        ALWAYS = "always", "From the start"

    class Method(models.TextChoices):
        SCHULZE = "schulze", "Schulze: the film that beats the others in pairs"
        IRV = "irv", "Instant runoff: the weakest film drops out, round by round"
        RANKED_PAIRS = "ranked_pairs", "Ranked pairs: the clearest victories count first"
        BORDA = "borda", "Borda: points for places"
        PLURALITY = "plurality", "Plurality: first places only"
        APPROVAL = "approval", "Approval: every film ranked first is approved of"
        STV = "stv", "Single transferable vote: several winners, in proportion"

    FLOW = {
        Status.DRAFT: {Status.OPEN},
        Status.OPEN: {Status.CLOSED},
        Status.CLOSED: {Status.OPEN},
    }
    MARKED = (Kind.ELIGIBILITY, Kind.REVIEW)  # a few jurors judge each film
    PLENARY = (Kind.PAIRWISE, Kind.FINAL, Kind.DELIBERATION)  # every juror judges every film
    BALLOTS = (Kind.FINAL, Kind.DELIBERATION)  # each juror hands in one ballot
    DESKWORK = (Kind.FURTHER, Kind.SHORTLIST)  # of the office alone; jurors never see such a round
    DECIDING = (Kind.ELIGIBILITY, Kind.SHORTLIST)  # rule which films come through

    edition = models.ForeignKey("festival.Edition", models.CASCADE, related_name="rounds")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.REVIEW)
    name = models.CharField(max_length=80, default="First review")
    status = models.CharField(max_length=6, choices=Status, default=Status.DRAFT)

    choice = models.CharField("which films", max_length=7, choices=Choice, default=Choice.ALL)
    source = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name="earlier round",
    )
    picked = models.ManyToManyField("festival.Film", blank=True, related_name="+")
    panels = models.ManyToManyField(
        "judging.Panel", blank=True, related_name="rounds", help_text="None chosen means all of them."
    )
    reviews = models.PositiveSmallIntegerField(
        "jurors a film", default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )

    watch_share = models.PositiveSmallIntegerField(
        "watched before it is marked, per cent",
        default=90,
        validators=[MaxValueValidator(95)],
        help_text="How much of a film a juror must have seen; 0 asks for nothing.",
    )
    blind = models.BooleanField("makers' names are hidden", default=True)
    untitled = models.BooleanField("films' titles are hidden", default=False)
    names_jurors = models.BooleanField("jurors' names are shown", default=False)
    sees_others = models.CharField("others' marks", max_length=6, choices=Sight, default=Sight.NEVER)
    sees_earlier = models.CharField("earlier marks", max_length=6, choices=Sight, default=Sight.NEVER)

    places = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1)], help_text="Winners of a ballot, films of a shortlist."
    )
    quotas = models.JSONField(default=dict, blank=True, help_text="Places of a section, by its number.")
    budget = models.PositiveIntegerField(default=0, help_text="Further reviews to give out.")
    method = models.CharField(max_length=12, choices=Method, default=Method.SCHULZE)
    secret = models.BooleanField("secret ballot", default=False)
    seed = models.PositiveIntegerField(
        null=True, blank=True, help_text="Breaks ties; public, and fixed when the round opens."
    )

    outcome = models.JSONField(null=True, blank=True, help_text="What the count gave when the round closed.")

    opens_at = models.DateTimeField("opens by itself", null=True, blank=True)
    closes_at = models.DateTimeField("closes by itself", null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name

    @property
    def plenary(self) -> bool:
        """Whether every juror judges every film."""
        return self.kind in self.PLENARY

    @property
    def deskwork(self) -> bool:
        """Whether the round is the office's alone."""
        return self.kind in self.DESKWORK

    @property
    def running(self) -> list[str]:
        """Statuses of films that the round may judge; prizes go to films of the programme, too."""
        running = [Film.Status.ELIGIBLE]
        return running if self.kind in self.MARKED else [*running, Film.Status.SELECTED]

    def films(self):
        """Films of the round: in the running, with a file to watch, and of its panels' sections."""
        films = Film.objects.filter(
            edition_id=self.edition_id, status__in=self.running, footage__isnull=False
        ).filter(self._of_panels())
        if self.choice == self.Choice.PICKED:
            return films.filter(pk__in=self.picked.values("pk"))
        if self.choice == self.Choice.THROUGH and self.source:
            return films.filter(pk__in=self.source.onward())
        return films

    def _of_panels(self) -> models.Q:
        """Sections the chosen panels sit over; all of them where none is chosen, or one sits over all."""
        everywhere = ~models.Exists(self.panels.all()) | models.Exists(self.panels.filter(sections=None))
        named = self.panels.filter(sections__isnull=False).values("sections")
        return models.Q(section__in=named) | models.Q(everywhere)

    def onward(self):
        """Ids of the films a later round may take up: those that came through, or simply all."""
        if self.kind in self.DECIDING:
            return self.rulings.filter(through=True).values("film")
        return self.films().values("pk")

    def shows(self, sight: str, *, done: bool) -> bool:
        """Whether a juror who has or has not `done` their own part sees what `sight` governs."""
        return sight == self.Sight.ALWAYS or (sight == self.Sight.AFTER and done)

    def name_of(self, film: Film) -> str:
        """What the round's jurors call a film: its title, or a neutral name where titles are hidden."""
        return f"Film {self._code_of(film)}" if self.untitled else film.title

    def _code_of(self, film: Film) -> str:
        """Eight characters that mean the film in this round alone, so that no other round tells its title."""
        return salted_hmac("a film in a round", f"{self.pk} {film.pk.hex}").hexdigest()[:8].upper()

    def veil(self, film: Film, words: str) -> str:
        """What its maker wrote of a film, with its title covered where titles are hidden."""
        titles = [title for title in (film.title, film.original_title) if title.strip() and self.untitled]
        for title in titles:
            words = re.sub(rf"(?<!\w){re.escape(title.strip())}(?!\w)", self.name_of(film), words, flags=re.I)
        return words

    @property
    def covers(self) -> bool:
        """Whether ranges of titles and names in the picture are kept from the round's jurors."""
        return self.blind or self.untitled

    def one_at_a_time(self) -> None:
        """Let whoever else acts on the round wait until the running transaction ends."""
        Round.objects.select_for_update(no_key=True).get(pk=self.pk)

    @transaction.atomic
    def move(self, to, *, by, note="", **changes):
        """Move and remember who did it; nobody where the clock did."""
        was = self.status
        self._move(to, **changes)
        self.events.create(by=by, was=was, became=to, note=note)


class RoundEvent(models.Model):
    """Who moved a round, and when. Rows are only ever added."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="events")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Nobody: the clock."
    )
    was = models.CharField(max_length=6, blank=True)
    became = models.CharField(max_length=6, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.round}: {self.was} → {self.became}"

    @property
    def words(self) -> str:
        """What was done, as a sentence begins: “Opened again”."""
        if self.was == self.became:
            return "Noted"
        done = {"": "Begun", Round.Status.DRAFT: "Opened", Round.Status.OPEN: "Closed"}
        return done.get(self.was, "Opened again")


class Criterion(models.Model):
    """One line of the rubric, marked from 1 to 10, with words for what a mark means."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="criteria")
    name = models.CharField(max_length=80)
    help = models.CharField(max_length=240, blank=True)
    weight = models.PositiveSmallIntegerField(
        "weight, per cent", validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    anchors = models.JSONField(default=dict, help_text='Words for marks: {"1": "…", "5": "…", "10": "…"}.')
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "criteria"

    def __str__(self):
        return self.name

    def words_for(self, mark: int) -> str:
        """What a mark means: its own words, or those of the anchors it lies between."""
        if own := self.anchors.get(str(mark)):
            return own
        known = sorted(int(anchor) for anchor in self.anchors)
        below = [anchor for anchor in known if anchor < mark][-1:]
        above = [anchor for anchor in known if anchor > mark][:1]
        words = [f"“{self.anchors[str(anchor)].rstrip('.')}”" for anchor in below + above]
        return f"Between {' and '.join(words)}." if len(words) == 2 else ""

    @property
    def ladder(self) -> list[tuple[int, str]]:
        """The marks that have words of their own, lowest first."""
        return sorted((int(anchor), words) for anchor, words in self.anchors.items())
