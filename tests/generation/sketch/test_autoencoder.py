"""The autoencoder over whole clips, against diffusers' own chunk by chunk; and what its loss weighs."""

import numpy as np
import pytest
import torch

from generation.sketch.config import CPU, TINY

pytestmark = pytest.mark.xdist_group("torch")

SHAPES = [
    {"dim_mult": [1, 2, 2], "temperal_downsample": [True, True], "is_residual": True, "patch_size": 2},
    {"dim_mult": [1, 1, 2], "temperal_downsample": [False, True], "is_residual": False, "patch_size": 2},
    {"dim_mult": [1, 1], "temperal_downsample": [True], "is_residual": True, "patch_size": 4},
]


@pytest.fixture(scope="module", params=SHAPES, ids=["4 × in time", "2 × in time", "patches of 4"])
def vae(request):
    from diffusers import AutoencoderKLWan

    pixels = 3 * request.param["patch_size"] ** 2
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return AutoencoderKLWan(
            base_dim=8,
            z_dim=4,
            num_res_blocks=1,
            in_channels=pixels,
            out_channels=pixels,
            scale_factor_temporal=2 ** sum(request.param["temperal_downsample"]),
            latents_mean=[0.0] * 4,
            latents_std=[1.0] * 4,
            **request.param,
        ).eval()


@pytest.mark.parametrize("frames", [1, 9])
def test_a_whole_clip_at_once_gives_what_diffusers_gives_in_chunks(vae, frames):
    from generation.sketch import autoencoder

    video = torch.rand(2, 3, frames, 32, 48, generator=torch.Generator().manual_seed(1)) * 2 - 1
    with torch.inference_mode():
        posterior = vae.encode(video).latent_dist
        mean, logvar = autoencoder.encode(vae, video)
        drawn = autoencoder.decode(vae, mean)
        theirs = vae.decode(mean).sample

    torch.testing.assert_close(mean, posterior.mean, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(logvar, posterior.logvar, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(drawn.clamp(-1, 1), theirs, atol=1e-4, rtol=1e-3)
    assert drawn.shape == video.shape


def test_the_first_latent_frame_knows_nothing_of_the_later_ones(vae):
    from generation.sketch import autoencoder

    video = torch.rand(1, 3, 9, 32, 48, generator=torch.Generator().manual_seed(2)) * 2 - 1
    with torch.inference_mode():
        of_clip = autoencoder.encode(vae, video)[0][:, :, :1]
        of_picture = autoencoder.encode(vae, video[:, :, :1])[0]

    torch.testing.assert_close(of_clip, of_picture, atol=1e-5, rtol=1e-4)


def test_an_error_inside_the_subject_weighs_more_than_the_same_outside():
    from generation.sketch import fit_autoencoder

    vae = fit_autoencoder.build(TINY)
    video = torch.zeros(1, 3, 5, 32, 48)
    inside, outside = (torch.zeros(1, 1, 5, 32, 48) for _ in range(2))
    inside[..., :16, :16] = 1
    with torch.inference_mode():
        plain = fit_autoencoder.losses(vae, video, outside, torch.Generator().manual_seed(0))
        weighed = fit_autoencoder.losses(vae, video, inside, torch.Generator().manual_seed(0))

    assert float(weighed["mse"]) == pytest.approx(float(plain["mse"]))
    assert float(weighed["loss"]) > 1.5 * float(plain["loss"])


def test_a_posterior_begins_with_little_noise():
    from generation.sketch import autoencoder, fit_autoencoder

    vae = fit_autoencoder.build(TINY)
    with torch.inference_mode():
        logvar = autoencoder.encode(vae, torch.rand(1, 3, 5, 32, 48))[1]

    assert torch.unique(logvar).tolist() == [fit_autoencoder.FIRST_LOGVAR]


def test_the_cpu_configuration_is_eight_times_smaller_in_space_and_four_in_time():
    from generation.sketch import autoencoder, fit_autoencoder

    vae = fit_autoencoder.build(CPU)
    with torch.inference_mode():
        mean, _ = autoencoder.encode(vae, torch.zeros(1, 3, 17, 64, 96))

    assert mean.shape == (1, 32, 5, 8, 12)
    assert np.prod(mean.shape) * 20 < 3 * 17 * 64 * 96
