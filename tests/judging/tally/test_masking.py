"""Segments that show nothing but covered names."""

import pytest

from judging.tally import masking, watching
from tests.judging.tally.test_watching import PLAYLIST

INDEX = watching.index_of_playlist(PLAYLIST)  # 0-4 s, 4-8 s, 8-9.52 s


@pytest.mark.parametrize(
    ("hidden", "back"),
    [
        ([], [False, False, False]),
        ([(0, 4000)], [True, False, False]),
        ([(100, 4000)], [False, False, False]),
        ([(3000, 9000)], [False, True, False]),
        ([(4000, 6000), (6000, 9520)], [False, True, True]),
    ],
)
def test_only_whole_segments_are_kept_back(hidden, back):
    assert masking.kept_back(INDEX, hidden) == back


def test_their_bytes_are_withheld():
    assert masking.withheld(INDEX, [(4000, 9520)]) == [(1800, 5300)]
    assert masking.withheld(INDEX, [(5000, 6000)]) == []


def test_the_playlist_marks_them_as_gaps_and_keeps_the_rest():
    text = masking.with_gaps(PLAYLIST, INDEX, [(4000, 8000)])

    assert "#EXT-X-VERSION:8\n" in text
    assert text.count("#EXT-X-GAP") == 1
    assert "film.mp4\n#EXT-X-GAP\n#EXTINF:4.000000,\n#EXT-X-BYTERANGE:3000@1800\nfilm.mp4\n" in text
    assert watching.index_of_playlist(text) == INDEX
    assert text.endswith("#EXT-X-ENDLIST\n")


def test_where_nothing_is_hidden_only_the_version_changes():
    assert masking.with_gaps(PLAYLIST, INDEX, []) == PLAYLIST.replace("VERSION:7", "VERSION:8")
