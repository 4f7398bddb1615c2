"""What an entrant states about AI: departments, tools, the cue sheet, people, material, the signature.

Tools are named where they were used, by typing; a name that is new becomes a tool of the film, whose
version and licence the entrant fills in beside it.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, inlineformset_factory

from festival.labels import tool_name
from festival.models import Consent, DepartmentUse, Disclosure, Film, Reference, Statement, Tool
from festival.provenance import timecodes, vocabulary

NO_SUGGESTIONS = {"autocomplete": "off"}
TOOL_NAMES = {"list": "tool-names", "autocomplete": "off"}


class Toolbox:
    """The film's tools by the names people type, with those named for the first time."""

    def __init__(self, film: Film):
        self.film = film
        self.renamed: dict[str, int] = {}  # what a tool was called when the page was opened → its id
        self._known: dict[str, Tool] | None = None

    def find(self, name: str) -> Tool:
        """The tool called `name`; one that is new is written down."""
        known = self._tools()
        key = name.strip().casefold()
        if key not in known:
            known[key] = Tool.objects.create(film=self.film, name=name.strip()[:120])
        return known[key]

    def _tools(self) -> dict[str, Tool]:
        """Every tool under its name, its name with version, and what it was called before."""
        if self._known is None:
            tools = {tool.pk: tool for tool in self.film.tools.all()}
            self._known = {name: tools[pk] for name, pk in self.renamed.items() if pk in tools}
            for tool in tools.values():
                self._known.setdefault(tool.name.casefold(), tool)
            for tool in tools.values():
                self._known[str(tool).casefold()] = self._known[tool_name(tool).casefold()] = tool
        return self._known


class TimecodeField(forms.Field):
    """Seconds of the film's time, written and shown as h:mm:ss.cc."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs |= {"class": "timecode", "list": "cuts", "placeholder": "0:00:00.00"}
        self.widget.attrs |= NO_SUGGESTIONS

    def prepare_value(self, value):
        return timecodes.exact(value) if isinstance(value, int | float) else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return timecodes.read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial, data):
        if isinstance(initial, int | float):
            initial = timecodes.exact(initial)
        return super().has_changed(initial, data)


class StatementForm(forms.ModelForm):
    """What concerns the film as a whole."""

    class Meta:
        model = Statement
        fields = ["process", "realistic", "notice", "training_allowed"]
        labels = {
            "process": "How the film was made",
            "realistic": "Something in the film could be taken for real people or real events",
            "notice": "Notice to the audience",
            "training_allowed": "The film may be used to train models",
        }
        help_texts = {
            "process": "In your own words: what people decided, directed, drew and cut, and what machines "
            "did. Audiences read it, the jury does not.",
            "realistic": "For example an invented scene that looks like news, or a person who never said "
            "that. It is the deepfake test of the EU AI Act, Article 50(4).",
            "notice": "The wording, and where it stands: “Voices recreated with AI”, in the end titles.",
            "training_allowed": "Nobody may, unless you say so here.",
        }
        widgets = {"process": forms.Textarea(attrs={"rows": 6})}


class DepartmentForm(forms.ModelForm):
    """How far AI went in one department."""

    tools = forms.CharField(
        max_length=400,
        required=False,
        label="Tools",
        help_text="With commas between them.",
        widget=forms.TextInput(attrs=TOOL_NAMES),
    )

    class Meta:
        model = DepartmentUse
        fields = ["extent", "human_part"]
        widgets = {"extent": forms.RadioSelect, "human_part": forms.Textarea(attrs={"rows": 2})}
        labels = {"extent": "How far AI went", "human_part": "What people did"}
        help_texts = {"human_part": ""}

    def __init__(self, *args, toolbox: Toolbox, **kwargs):
        super().__init__(*args, **kwargs)
        self.toolbox = toolbox
        self.fields["extent"].required = False
        self.fields["extent"].choices = DepartmentUse.Extent.choices
        self.fields["human_part"].required = False
        if self.instance.pk:
            self.initial["tools"] = ", ".join(tool_name(tool) for tool in self.instance.tools.all())
        else:
            self.initial["extent"] = ""  # nothing is stated until somebody states it

    @property
    def title(self) -> str:
        return self.instance.get_department_display()

    def clean_extent(self):
        return self.cleaned_data["extent"] or (self.instance.extent if self.instance.pk else "")

    def clean(self):
        said = super().clean()
        if not said.get("extent") and (said.get("human_part") or said.get("tools")):
            self.add_error("extent", "Say how far AI went here, so that your words can be kept.")
        return said

    def _post_clean(self):
        if self.cleaned_data.get("extent"):
            super()._post_clean()

    def save(self, commit=True):
        if not self.cleaned_data.get("extent"):
            return None
        use = super().save(commit)
        typed = [name for name in self.cleaned_data["tools"].split(",") if name.strip()]
        none = use.extent == DepartmentUse.Extent.NONE
        use.tools.set([] if none else [self.toolbox.find(name) for name in typed])
        return use


class Departments:
    """The nine departments, each with its form; they are valid and saved together."""

    def __init__(self, film: Film, *, data=None, toolbox: Toolbox):
        stated = {use.department: use for use in film.departments.prefetch_related("tools")}
        self.forms = [
            DepartmentForm(
                data,
                instance=stated.get(value) or DepartmentUse(film=film, department=value),
                prefix=f"department-{value}",
                toolbox=toolbox,
            )
            for value in DepartmentUse.Department.values
        ]

    def __iter__(self):
        return iter(self.forms)

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])

    def save(self):
        for form in self.forms:
            form.save()


class ToolForm(forms.ModelForm):
    """A tool the film was made with."""

    class Meta:
        model = Tool
        fields = ["name", "version", "vendor", "licence"]
        help_texts = {"licence": ""}
        widgets = {name: forms.TextInput(attrs=NO_SUGGESTIONS) for name in fields}


class ToolRows(BaseInlineFormSet):
    """The film's tools, except those the platform wrote down itself."""

    def __init__(self, *args, toolbox: Toolbox, **kwargs):
        super().__init__(*args, **kwargs)
        self.toolbox = toolbox
        self.queryset = self.queryset.filter(from_platform=False)

    def save(self, commit=True):
        for form in self.initial_forms:
            before = Tool(name=form.initial["name"], version=form.initial["version"])
            self.toolbox.renamed |= {before.name.casefold(): form.instance.pk}
            self.toolbox.renamed |= {tool_name(before).casefold(): form.instance.pk}
        return super().save(commit)


class RangeForm(forms.ModelForm):
    """One line of the cue sheet. Of a clip made here, only its place and the human part can be changed."""

    start_s = TimecodeField(label="In", error_messages={"required": "Where does it begin?"})
    end_s = TimecodeField(label="Out", error_messages={"required": "Where does it end?"})
    method = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Choose how"),
            *(
                (words, [(m.code, m.words) for m in vocabulary.METHODS.values() if m.track == track])
                for track, words in Disclosure.Track.choices
            ),
        ],
    )
    tool = forms.CharField(max_length=200, required=False, widget=forms.TextInput(attrs=TOOL_NAMES))

    class Meta:
        model = Disclosure
        fields = ["start_s", "end_s", "track", "kind", "method", "human_part"]
        labels = {"human_part": "What a person did"}
        widgets = {"human_part": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, toolbox: Toolbox, **kwargs):
        super().__init__(*args, **kwargs)
        self.toolbox = toolbox
        self.adopted = self.instance.adopted
        if self.instance.tool:
            self.initial["tool"] = tool_name(self.instance.tool)
        if self.instance.method and self.instance.method not in vocabulary.METHODS:
            kept = (self.instance.method, self.instance.method)
            self.fields["method"].choices = [*self.fields["method"].choices, kept]
        if self.adopted:
            for name in ("track", "kind", "method", "tool"):
                del self.fields[name]

    def clean(self):
        said = super().clean()
        start_s, end_s = said.get("start_s"), said.get("end_s")
        if start_s is not None and end_s is not None:
            self._check_length(start_s, end_s)
        method = vocabulary.METHODS.get(said.get("method", ""))
        if method and method.track != said.get("track"):
            self.add_error("method", f"“{method.words}” belongs to the {method.track} track.")
        return said

    def _check_length(self, start_s: float, end_s: float) -> None:
        if end_s <= start_s:
            self.add_error("end_s", "A range ends after it begins.")
        whole = self.instance.clip_s
        if self.adopted and whole and end_s - start_s > whole + 0.05:
            self.add_error("end_s", f"This clip lasts {timecodes.fine(whole)}; its range cannot be longer.")

    def save(self, commit=True):
        if not self.adopted:
            typed = self.cleaned_data["tool"]
            self.instance.tool = self.toolbox.find(typed) if typed else None
        return super().save(commit)


class RangeRows(BaseInlineFormSet):
    """The cue sheet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.queryset = self.queryset.select_related("tool")


class ConsentForm(forms.ModelForm):
    class Meta:
        model = Consent
        fields = ["person", "kind", "given_on", "scope"]
        labels = {"kind": "For their", "given_on": "Given on", "scope": "What was agreed"}
        help_texts = {"scope": "What may be done, where and for how long."}
        widgets = {
            "given_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "person": forms.TextInput(attrs=NO_SUGGESTIONS),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Choose"), *Consent.Kind.choices]


class ReferenceForm(forms.ModelForm):
    class Meta:
        model = Reference
        fields = ["what", "source", "rights", "note"]
        labels = {"what": "What was fed in", "source": "Where it is from", "rights": "By what right"}
        widgets = {
            "what": forms.TextInput(attrs=NO_SUGGESTIONS),
            "source": forms.TextInput(attrs=NO_SUGGESTIONS),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [("", "Choose"), *Reference.Rights.choices]


ONE_BLANK = {"extra": 1, "can_delete_extra": False}  # a blank row needs no removing
ToolFormSet = inlineformset_factory(Film, Tool, form=ToolForm, formset=ToolRows, max_num=60, **ONE_BLANK)
RangeFormSet = inlineformset_factory(
    Film, Disclosure, form=RangeForm, formset=RangeRows, max_num=500, absolute_max=600, **ONE_BLANK
)
ConsentFormSet = inlineformset_factory(Film, Consent, form=ConsentForm, max_num=100, **ONE_BLANK)
ReferenceFormSet = inlineformset_factory(Film, Reference, form=ReferenceForm, max_num=100, **ONE_BLANK)


class SignForm(forms.Form):
    """The signature under the statement."""

    name = forms.CharField(
        max_length=120,
        required=False,
        label="Your full name",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        if self.signing and not name:
            raise ValidationError("Sign with your full name, or save without signing.")
        return name

    @property
    def signing(self) -> bool:
        """Whether the button that signs was pressed, not the one that only saves."""
        return "sign" in self.data


class StatementPage:
    """Every part of the statement, parsed from one post and kept by one act."""

    def __init__(self, film: Film, *, data=None):
        toolbox = Toolbox(film)
        statement = Statement.objects.filter(film=film).first() or Statement(film=film)
        given = {"form_kwargs": {"toolbox": toolbox}}
        self.statement = StatementForm(data, instance=statement)
        self.tools = ToolFormSet(data, instance=film, prefix="tools", toolbox=toolbox)
        self.departments = Departments(film, data=data, toolbox=toolbox)
        self.ranges = RangeFormSet(data, instance=film, prefix="ranges", **given)
        self.consents = ConsentFormSet(data, instance=film, prefix="consents")
        self.references = ReferenceFormSet(data, instance=film, prefix="references")
        self.sign = SignForm(
            data, prefix="sign", initial={"name": statement.attested_name or film.entrant.name}
        )

    @property
    def parts(self) -> list:
        """What is saved, in this order: tools come before those who name them."""
        return [
            self.statement,
            self.tools,
            self.departments,
            self.ranges,
            self.consents,
            self.references,
        ]

    def is_valid(self) -> bool:
        return all([part.is_valid() for part in [*self.parts, self.sign]])

    @property
    def sign_as(self) -> str:
        """The name it is signed with; "" where it is only kept."""
        return self.sign.cleaned_data["name"] if self.sign.signing else ""
