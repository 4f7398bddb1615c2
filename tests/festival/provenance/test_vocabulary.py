import pytest

from festival.provenance import vocabulary

GENERATED = vocabulary.IPTC + "trainedAlgorithmicMedia"
COMPOSITE = vocabulary.IPTC + "compositeWithTrainedAlgorithmicMedia"


@pytest.mark.parametrize(
    ("kind", "method", "uri"),
    [
        ("generated", "text-to-video", GENERATED),
        ("generated", "voice-clone", GENERATED),
        ("modified", "inpainting", COMPOSITE),
        ("modified", "upscaling", vocabulary.IPTC + "algorithmicallyEnhanced"),
        ("generated", "upscaling", GENERATED),  # what the entrant calls generated is not called less
        ("modified", "text-to-video", COMPOSITE),
        ("modified", "", COMPOSITE),
        ("captured", "", vocabulary.IPTC + "digitalCapture"),
    ],
)
def test_each_line_of_a_cue_sheet_has_its_digital_source_type(kind, method, uri):
    assert vocabulary.source_type(kind, method) == uri


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("trainedAlgorithmicMedia", "generated"),
        ("compositeSynthetic", "generated"),
        ("composite", "possible"),
        ("digitalCapture", "none"),
        ("somethingNew", "unknown"),
    ],
)
def test_digital_source_types_are_classed(term, found):
    assert vocabulary.source_class(vocabulary.IPTC + term) == found


def test_trained_data_has_the_other_address():
    assert vocabulary.source_class(vocabulary.C2PA + "trainedAlgorithmicData") == "generated"


def test_every_department_has_its_three_sentences_and_its_name():
    assert list(vocabulary.NAMED) == list(vocabulary.DEPARTMENTS)
    assert all(len(sentences) == len(vocabulary.EXTENTS) for sentences in vocabulary.DEPARTMENTS.values())
    assert vocabulary.department_sentence("edit", "generated") == "The edit was made by AI."


def test_a_method_outside_the_table_stands_as_written():
    assert vocabulary.method_words("by séance") == "by séance"
