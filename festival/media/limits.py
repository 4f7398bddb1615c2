"""How much of a stranger's file we take in, and in which formats."""

from dataclasses import dataclass

# Containers and decoders a film may come in. Playlists (HLS, DASH, ffconcat), picture sequences and
# network protocols are absent on purpose: they open other files.
CONTAINERS = "mov,matroska,avi,mxf,mpegts,mpeg,ogg,wav,mp3,flac,aac"
PICTURE_CODECS = (
    "h264,hevc,prores,dnxhd,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,mpeg2video,mpeg1video,"
    "mjpeg,ffv1,cfhd,qtrle,png,theora,rawvideo,v210"
)
SOUND_CODECS = (
    "aac,mp3,mp3float,mp2,mp2float,ac3,eac3,opus,libopus,vorbis,libvorbis,flac,alac,pcm_s16le,pcm_s16be,"
    "pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_u8,pcm_s8,pcm_bluray,pcm_mulaw,pcm_alaw"
)


@dataclass(frozen=True)
class Limits:
    """The largest and longest film we take in."""

    max_bytes: int = 20 * 1024**3
    min_duration_s: float = 0.5
    max_duration_s: float = 4 * 3600
    max_pixels: int = 36_000_000  # a frame; 8K is 33 million
    max_frame_rate: int = 120
    max_streams: int = 32
    patience: float = 20  # seconds of work granted for each second of film, after the first five minutes
