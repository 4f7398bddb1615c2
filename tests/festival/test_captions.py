import io
import string

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from festival import captions
from festival.errors import Unacceptable

SRT = (
    b"1\r\n00:00:01,000 --> 00:00:03,500\r\nThe sea <i>remembers</i>.\r\n\r\n"
    b"2\r\n00:00:04,000 --> 00:00:05,000\r\nEverything.\r\n"
)
VTT = b"""WEBVTT - made elsewhere

STYLE
::cue { background: url(https://elsewhere.example/spy.png) }

REGION
id:left

NOTE nobody needs to know

one
00:01.000 --> 00:03.500 region:left align:start position:10%
<v Ines>The <c.red>sea</c> <00:02.000>remembers.

00:00:04.000 --> 00:00:05.000
Everything.
"""


@pytest.mark.parametrize("data", [SRT, VTT, b"\xef\xbb\xbf" + SRT, SRT.decode().encode("utf-16")])
def test_words_and_times_are_all_that_is_kept(data):
    assert captions.rewrite(data) == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:03.500\nThe sea remembers.\n\n"
        "00:00:04.000 --> 00:00:05.000\nEverything.\n",
        2,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<script>alert(1)</script>Still here", "Still here"),
        ("<SCRIPT src=//elsewhere.example>alert(1)", ""),
        ("<<b>script>alert(1)<</b>/script>", ""),
        ("<style>p{}</style>Calm", "Calm"),
        ("{\\an8}High up", "High up"),
        ("5 < 6 & 7 > 6", "5 < 6 & 7 > 6"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("Two\u2028lines\n\n\nand\x07 one", "Two\nlines\nand  one"),
        ("<img src=x onerror=alert(1)>Ines", "Ines"),
    ],
)
def test_markup_goes_and_words_stay(text, words):
    assert captions.plain(text) == words


def test_a_subtitle_with_scripts_is_written_anew_without_them():
    vtt, cues = captions.rewrite(
        b"1\n00:00:01,000 --> 00:00:02,000\n"
        b"<script>fetch('//elsewhere.example')</script>Hello <b onclick=x>you</b>\n"
        b"\n2\n00:00:03,000 --> 00:00:04,000\n&lt;script&gt;alert(1)&lt;/script&gt;\n"
    )

    assert cues == 2
    assert "<" not in vtt
    assert "fetch" not in vtt
    assert "Hello you" in vtt
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in vtt  # shown as words, never read as markup


texts = st.text(st.characters(codec="utf-8"), max_size=60)
hostile = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "&",
            "-->",
            "<b>",
            "</i>",
            "<script>",
            "WEBVTT",
            "NOTE",
            "&lt;",
            "&#10;",
            "\n",
            "{\\an8}",
            "a",
        ]
    ),
    max_size=12,
).map("".join)
cues = st.tuples(st.integers(0, 3_600_000), st.integers(1, 60_000), texts | hostile)


def as_srt(rows) -> bytes:
    def stamp(ms):
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"

    blocks = [
        f"{n}\n{stamp(a)} --> {stamp(a + length)}\n{text}\n" for n, (a, length, text) in enumerate(rows, 1)
    ]
    return "\n".join(blocks).encode()


def answer(data: bytes) -> tuple[str, int]:
    """What is made of `data`; ("", 0) where it is refused in a sentence. Anything else raises."""
    try:
        return captions.rewrite(data)
    except Unacceptable:
        return "", 0


@given(st.lists(cues, max_size=8))
def test_whatever_is_sent_the_answer_is_clean_webvtt_in_order_or_a_sentence(rows):
    vtt, count = answer(as_srt(rows))

    read = webvtt.WebVTT.from_buffer(io.StringIO(vtt)).captions if count else []
    assert len(read) == vtt.count("-->") == count
    assert "<" not in vtt
    starts = [caption.start_in_seconds for caption in read]
    assert starts == sorted(starts)
    assert answer(vtt.encode()) == (vtt, count)  # written anew once more, it is the same


@given(st.binary(max_size=400) | st.text(string.printable, max_size=400).map(str.encode))
def test_noise_gets_a_sentence_never_a_traceback(data):
    vtt, count = answer(data)

    assert vtt.startswith("WEBVTT\n\n") == (count > 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "neither SRT nor WebVTT"),
        (b"WEBVTT\n", "no caption in this file"),
        (b"\x00\x01\x02", "no text file"),
        (b"Dear festival,\n\nsee attached.", "neither SRT nor WebVTT"),
        ("1\n00:00:01,000 --> 00:00:02,000\nAção".encode("latin-1"), "encoding UTF-8"),
        (b"x" * (captions.MOST_BYTES + 1), "over 2 MB"),
        (b"1\n00:00:05,000 --> 00:00:04,000\nBack\n", "Caption 1 at 0:05.00 ends before it begins"),
        (SRT + b"\n3\n00:00:xx,000 --> 00:00:09,000\nLost\n", "cannot read the times of 1 of the 3 captions"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n" + b"a" * 2001 + b"\n", "has 2001 letters"),
        (b"9" * 100_000, "neither SRT nor WebVTT"),  # a pattern that other readers take minutes over
    ],
)
def test_what_cannot_be_taken_gets_a_sentence(data, words):
    with pytest.raises(Unacceptable, match=words):
        captions.rewrite(data)


def test_captions_that_begin_after_the_film_belong_to_another_cut():
    with pytest.raises(Unacceptable, match=r"Caption 2 begins at 0:04\.00, after the film’s end at 0:03\.40"):
        captions.rewrite(SRT, duration_s=3.4)


def test_the_last_caption_ends_with_the_film():
    vtt, _ = captions.rewrite(SRT, duration_s=4.5)

    assert "00:00:04.000 --> 00:00:04.500" in vtt


def test_captions_out_of_order_are_put_in_order():
    vtt, _ = captions.rewrite(b"1\n00:00:09,000 --> 00:00:10,000\nB\n\n2\n00:00:01,000 --> 00:00:02,000\nA\n")

    assert vtt.index("A\n") < vtt.index("B\n")


@pytest.mark.parametrize(
    ("ranges", "left"),
    [
        ([], ["one", "two", "three"]),
        ([(2, 3)], ["one", "two", "three"]),  # half-open: they only touch
        ([(3.5, 3.6)], ["one", "three"]),
        ([(0, 1.1), (4.9, 9)], ["two"]),
        ([(0, 60)], []),
    ],
)
def test_captions_in_a_range_are_left_out(ranges, left):
    cues = [captions.Cue(1, 2, "one"), captions.Cue(3, 4, "two"), captions.Cue(4, 5, "three")]

    kept = captions.outside(captions.write(cues), ranges)

    assert kept == captions.write([cue for cue in cues if cue.text in left])
