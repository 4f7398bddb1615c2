"""One engine and one authority for all of the studio's tests, made on the spot."""

from dataclasses import replace

import pytest
from django.conf import settings

from festival.provenance import credentials
from generation.engines import noise, registry
from tests.factories import make_user

QUICK = replace(
    noise.CARD,
    name="quick",
    title="Quick noise",
    sizes={"4:3": (64, 48), "1:1": (32, 32)},
    fps=8,
    shortest_s=0.5,
    longest_s=2,
    steps=3,
)


@pytest.fixture(scope="session")
def quick():
    """The card of a tiny Wan pipeline with random weights, installed where the settings look for engines."""
    return noise.build(settings.ENGINES_ROOT / "quick", card=QUICK)


@pytest.fixture(scope="session")
def engine(quick):
    """That engine, loaded by the path that production takes."""
    return registry.load(settings.ENGINES_ROOT, "quick")


@pytest.fixture(scope="session")
def authority():
    """The certificates by which the studio signs."""
    return credentials.make_authority(settings.KEYS_ROOT)


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory):
    """A folder of Sketch's weights as training leaves it, of the tiny configuration, with random numbers."""
    import torch
    from diffusers import AutoencoderKLWan

    from generation.sketch import folder, parts
    from generation.sketch.config import TINY
    from generation.sketch.control import Control

    place = tmp_path_factory.mktemp("weights") / "tiny"
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        control = Control(TINY.z_dim, 24)
        torch.nn.init.normal_(control.out.weight, std=0.5)
        models = {
            "vae": AutoencoderKLWan(**TINY.autoencoder),
            "text_encoder": parts.text_encoder(TINY),
            "transformer": parts.transformer(TINY),
            "control": control,
        }
    for name, part in models.items():
        folder.save_part(place, name, part)
        folder.note_progress(place, TINY, name, 1, 1)
    folder.save_rest(place)
    return place


@pytest.fixture(scope="session")
def sketch_root(tiny_weights, quick, tmp_path_factory):
    """A root of engines with that model and the one that draws noise."""
    from generation.engines import sketch

    root = tmp_path_factory.mktemp("engines")
    sketch.build(root / "sketch", source=tiny_weights)
    (root / "quick").symlink_to(settings.ENGINES_ROOT / "quick")
    return root


@pytest.fixture
def tiny_sketch(sketch_root, settings):
    """The card of that model, in a studio which has it."""
    settings.ENGINES_ROOT = sketch_root
    return registry.cards(sketch_root)["sketch"]


@pytest.fixture
def small(tmp_path, settings):
    """The card of the drawing programme, quick and small, which says that it begins with stills.

    It is the studio's only engine.
    """
    from generation.engines import scenes
    from tests.generation.small import SMALL

    settings.ENGINES_ROOT = tmp_path
    return scenes.build(tmp_path / "small", card=SMALL)


@pytest.fixture
def person():
    return make_user()
