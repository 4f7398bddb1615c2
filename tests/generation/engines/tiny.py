"""The smallest pipeline of each family, with random weights, saved as an organiser's folder would be.

Nothing is fetched: tokenizers are made letter by letter, text encoders from their configuration.
"""

from dataclasses import replace
from pathlib import Path

from generation.engines import noise, registry
from generation.engines.base import Card

FLOW = {"shift": 7.0}


def install(root: Path, family: str) -> Card:
    """Save the family's tiny pipeline with its card under `root`; returns the card."""
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        pipe, size = MAKERS[family]()
    folder = root / family
    pipe.save_pretrained(folder)
    if family == "animatediff":
        motion_loras(pipe, folder)
    card = replace(
        registry.adapter(family).CARD,
        name=family,
        licence="CC0-1.0",
        revision=registry.digest(folder)[:16],
        random_weights=True,
        sizes={"1:1": (size, size)},
        pixel_step=size // 2,
        fps=8,
        shortest_s=0.25,
        longest_s=2,
        steps=2,
        max_sequence_length=16 if family != "animatediff" else 77,
        dtype="float32",
    )
    if family == "animatediff":
        card = replace(card, inputs=(*card.inputs, "camera"))
    (folder / "engine.json").write_text(card.to_json())
    return card


def t5():
    from transformers import T5Config, T5EncoderModel

    config = T5Config(vocab_size=256, d_model=32, d_kv=8, d_ff=37, num_layers=1, num_heads=4)
    return {"tokenizer": noise._tokenizer(64), "text_encoder": T5EncoderModel(config).eval()}


def umt5():
    from transformers import UMT5Config, UMT5EncoderModel

    config = UMT5Config(vocab_size=256, d_model=32, d_kv=8, d_ff=37, num_layers=1, num_heads=4)
    return {"tokenizer": noise._tokenizer(64), "text_encoder": UMT5EncoderModel(config).eval()}


def wan_vae():
    from diffusers import AutoencoderKLWan

    return AutoencoderKLWan(
        base_dim=4, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1,
        temperal_downsample=[False, True, True],
    )  # fmt: skip


def wan_transformer(kind, **fields):
    sizes = {
        "patch_size": (1, 2, 2), "num_attention_heads": 2, "attention_head_dim": 12, "in_channels": 16,
        "out_channels": 16, "text_dim": 32, "freq_dim": 32, "ffn_dim": 32, "num_layers": 1,
        "cross_attn_norm": True, "qk_norm": "rms_norm_across_heads", "rope_max_seq_len": 32,
    }  # fmt: skip
    return kind(**sizes | fields)


def flow():
    from diffusers import FlowMatchEulerDiscreteScheduler

    return FlowMatchEulerDiscreteScheduler(**FLOW)


def wan():
    from diffusers import WanPipeline, WanTransformer3DModel

    transformer = wan_transformer(WanTransformer3DModel)
    return WanPipeline(**umt5(), vae=wan_vae(), transformer=transformer, scheduler=flow()), 32


def wan_image():
    """In Wan 2.2's manner: no image encoder, the stills come as channels."""
    from diffusers import WanImageToVideoPipeline, WanTransformer3DModel

    return WanImageToVideoPipeline(
        **umt5(),
        vae=wan_vae(),
        transformer=wan_transformer(WanTransformer3DModel, in_channels=36),
        scheduler=flow(),
        image_encoder=None,
        image_processor=None,
    ), 32


def wan_vace():
    from diffusers import WanVACEPipeline, WanVACETransformer3DModel

    transformer = wan_transformer(
        WanVACETransformer3DModel, num_layers=2, vace_layers=[0], vace_in_channels=96
    )
    return WanVACEPipeline(**umt5(), vae=wan_vae(), transformer=transformer, scheduler=flow()), 32


def ltx():
    from diffusers import AutoencoderKLLTXVideo, LTXPipeline, LTXVideoTransformer3DModel

    vae = AutoencoderKLLTXVideo(
        latent_channels=8,
        block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1, 1),
        spatio_temporal_scaling=(True, True, False, False),
        decoder_spatio_temporal_scaling=(True, True, False, False),
        decoder_inject_noise=(False,) * 5,
        upsample_residual=(False,) * 4,
        upsample_factor=(1,) * 4,
        timestep_conditioning=False,
        patch_size=1,
        patch_size_t=1,
        encoder_causal=True,
        decoder_causal=False,
    )
    vae.use_framewise_encoding = vae.use_framewise_decoding = False
    transformer = LTXVideoTransformer3DModel(
        in_channels=8, out_channels=8, patch_size=1, patch_size_t=1, num_attention_heads=4,
        attention_head_dim=8, cross_attention_dim=32, num_layers=1, caption_channels=32,
    )  # fmt: skip
    return LTXPipeline(**t5(), vae=vae, transformer=transformer, scheduler=flow()), 64


def cog_parts(in_channels: int):
    from diffusers import AutoencoderKLCogVideoX, CogVideoXDDIMScheduler, CogVideoXTransformer3DModel

    transformer = CogVideoXTransformer3DModel(
        num_attention_heads=4, attention_head_dim=8, in_channels=in_channels, out_channels=4,
        time_embed_dim=2, text_embed_dim=32, num_layers=1, sample_width=4, sample_height=4,
        sample_frames=17, patch_size=2, max_text_seq_length=16,
    )  # fmt: skip
    kinds = {
        "down_block_types": ("CogVideoXDownBlock3D",) * 4,
        "up_block_types": ("CogVideoXUpBlock3D",) * 4,
    }
    vae = AutoencoderKLCogVideoX(
        **kinds, block_out_channels=(8,) * 4, latent_channels=4, layers_per_block=1, norm_num_groups=2,
        temporal_compression_ratio=4,
    )  # fmt: skip
    return {**t5(), "vae": vae, "transformer": transformer, "scheduler": CogVideoXDDIMScheduler()}


def cogvideox():
    from diffusers import CogVideoXPipeline

    return CogVideoXPipeline(**cog_parts(4)), 32


def cogvideox_image():
    from diffusers import CogVideoXImageToVideoPipeline

    return CogVideoXImageToVideoPipeline(**cog_parts(8)), 32


def cogvideox_control():
    from diffusers import CogVideoXFunControlPipeline

    return CogVideoXFunControlPipeline(**cog_parts(8)), 32


def clip_tokenizer():
    """Letters only, which CLIP would merge into words."""
    import string

    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    letters = string.ascii_letters + string.digits + string.punctuation
    words = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{letter}</w>" for letter in letters)]
    table = {word: number for number, word in enumerate(words)}
    made = Tokenizer(models.BPE(vocab=table, merges=[], unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="<|startoftext|> $A <|endoftext|>",
        special_tokens=[("<|startoftext|>", 0), ("<|endoftext|>", 1)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<|startoftext|>", eos_token="<|endoftext|>",
        unk_token="<|endoftext|>", pad_token="<|endoftext|>", model_max_length=77,
    )  # fmt: skip


def animatediff():
    from diffusers import (
        AnimateDiffPipeline,
        AutoencoderKL,
        DDIMScheduler,
        MotionAdapter,
        UNet2DConditionModel,
    )
    from transformers import CLIPTextConfig, CLIPTextModel

    unet = UNet2DConditionModel(
        block_out_channels=(8, 8), layers_per_block=1, sample_size=8, in_channels=4, out_channels=4,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), cross_attention_dim=8, norm_num_groups=2,
    )  # fmt: skip
    vae = AutoencoderKL(
        block_out_channels=[8, 8], in_channels=3, out_channels=3,
        down_block_types=["DownEncoderBlock2D"] * 2, up_block_types=["UpDecoderBlock2D"] * 2,
        latent_channels=4, norm_num_groups=2,
    )  # fmt: skip
    text = CLIPTextModel(
        CLIPTextConfig(
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
            hidden_size=8,
            intermediate_size=8,
            num_attention_heads=2,
            num_hidden_layers=1,
            vocab_size=256,
        )
    ).eval()
    adapter = MotionAdapter(
        block_out_channels=(8, 8),
        motion_layers_per_block=1,
        motion_norm_num_groups=2,
        motion_num_attention_heads=2,
    )
    scheduler = DDIMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="linear", clip_sample=False)
    return AnimateDiffPipeline(
        vae=vae, text_encoder=text, tokenizer=clip_tokenizer(), unet=unet, motion_adapter=adapter,
        scheduler=scheduler, feature_extractor=None, image_encoder=None,
    ), 16  # fmt: skip


def motion_loras(pipe, folder: Path) -> None:
    """Two LoRAs on the motion modules, with random weights, saved as MotionLoRAs are."""
    import torch
    from peft import LoraConfig, get_peft_model_state_dict

    targets = [
        name for name, _ in pipe.unet.named_modules()
        if "motion_modules" in name and name.endswith(("to_q", "to_k", "to_v"))
    ]  # fmt: skip
    for move in ("pan-right", "zoom-in"):
        pipe.unet.add_adapter(
            LoraConfig(r=2, lora_alpha=2, init_lora_weights="gaussian", target_modules=targets), move
        )
        for name, weight in pipe.unet.named_parameters():
            if move in name:
                torch.nn.init.normal_(weight, std=0.5)
        layers = get_peft_model_state_dict(pipe.unet, adapter_name=move)
        pipe.save_lora_weights(folder / "motion-lora", layers, weight_name=f"{move}.safetensors")
        pipe.unet.delete_adapters(move)


def svd():
    from diffusers import (
        AutoencoderKLTemporalDecoder,
        EulerDiscreteScheduler,
        StableVideoDiffusionPipeline,
        UNetSpatioTemporalConditionModel,
    )
    from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModelWithProjection

    unet = UNetSpatioTemporalConditionModel(
        block_out_channels=(32, 32), layers_per_block=1, sample_size=8, in_channels=8, out_channels=4,
        down_block_types=("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
        up_block_types=("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
        cross_attention_dim=8, num_attention_heads=2, projection_class_embeddings_input_dim=96,
        addition_time_embed_dim=32,
    )  # fmt: skip
    vae = AutoencoderKLTemporalDecoder(
        block_out_channels=[32, 32], in_channels=3, out_channels=3, latent_channels=4,
        down_block_types=["DownEncoderBlock2D"] * 2,
    )  # fmt: skip
    scheduler = EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", interpolation_type="linear",
        num_train_timesteps=1000, prediction_type="v_prediction", sigma_max=700.0, sigma_min=0.002,
        steps_offset=1, timestep_spacing="leading", timestep_type="continuous", use_karras_sigmas=True,
    )  # fmt: skip
    seeing = CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=8,
            projection_dim=8,
            num_hidden_layers=1,
            num_attention_heads=2,
            image_size=224,
            intermediate_size=8,
            patch_size=56,
        )
    ).eval()
    return StableVideoDiffusionPipeline(
        vae=vae, image_encoder=seeing, unet=unet, scheduler=scheduler,
        feature_extractor=CLIPImageProcessor(),
    ), 32  # fmt: skip


def sana_wm():
    from diffusers import AutoencoderKLLTX2Video, SanaWMPipeline, SanaWMTransformer3DModel
    from transformers import Gemma2Config, Gemma2ForCausalLM

    text = Gemma2ForCausalLM(
        Gemma2Config(
            vocab_size=256,
            hidden_size=16,
            intermediate_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            num_key_value_heads=1,
            head_dim=8,
        )
    ).eval()
    transformer = SanaWMTransformer3DModel(
        in_channels=8, num_layers=4, hidden_size=48, num_attention_heads=2, linear_head_dim=24,
        caption_channels=16, chunk_plucker_channels=48, chunk_plucker_post_attn_blocks=4,
        mixed_precision="fp32",
    ).eval()  # fmt: skip
    vae = AutoencoderKLLTX2Video(
        latent_channels=8, block_out_channels=(8, 8, 8, 8), decoder_block_out_channels=(8, 8, 8),
        layers_per_block=(1, 1, 1, 1, 1), decoder_layers_per_block=(1, 1, 1, 1),
        spatial_compression_ratio=32, temporal_compression_ratio=8, upsample_residual=(False,) * 3,
        upsample_factor=(1,) * 3,
    )  # fmt: skip
    return SanaWMPipeline(
        tokenizer=noise._tokenizer(2048),
        text_encoder=text,
        vae=vae,
        transformer=transformer,
        scheduler=flow(),
    ), 64


MAKERS = {
    "wan": wan,
    "wan-image": wan_image,
    "wan-vace": wan_vace,
    "ltx": ltx,
    "cogvideox": cogvideox,
    "cogvideox-image": cogvideox_image,
    "cogvideox-control": cogvideox_control,
    "animatediff": animatediff,
    "svd": svd,
    "sana-wm": sana_wm,
}
