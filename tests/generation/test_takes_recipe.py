"""A take of a model tells its weights, its scheduler and its libraries."""

import hashlib
import shutil

import pytest

from generation import drawing, takes
from generation.engines import installing
from generation.models import Job, Take
from tests.factories import make_user
from tests.generation.makers import make_shot

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]


def test_a_take_of_a_model_names_its_weights_scheduler_and_libraries(quick, authority, settings, tmp_path):
    folder = tmp_path / "quick"
    shutil.copytree(settings.ENGINES_ROOT / "quick", folder)
    (folder / installing.SUMS).write_text(installing.sums(folder))
    settings.ENGINES_ROOT = tmp_path
    person = make_user()

    asked = takes.draw(make_shot(owner=person), by=person)[0]
    drawing.draw(Job.objects.claim(asked.job_id))

    recipe = Take.objects.get().recipe
    weights = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    assert recipe["weights"]["transformer/diffusion_pytorch_model.safetensors"] == digest
    assert recipe["scheduler"]["_class_name"].endswith("Scheduler")
    assert [part.split()[0] for part in recipe["software"][:2]] == ["diffusers", "torch"]
    assert (recipe["brief"]["revision"], recipe["brief"]["steps"]) == (quick.revision, quick.steps)
