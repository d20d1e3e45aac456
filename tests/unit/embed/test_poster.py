"""The poster, read back by programs that did not write it: words, letters, size, and the code as a phone sees it."""

import pypdfium2 as pdfium
import pytest
import zxingcpp
from pypdfium2 import raw

from embed.poster import FORMATS, Format, Poster, pdf

URL = "https://avis.exemple.gouv.fr/avis/0123456789abcdef0123"
POSTER = Poster(
    invitation="Je donne mon avis",
    title="Déclarer l’œuvre d’une vie – « Été »",
    how="Scannez ce code avec l'appareil photo de votre téléphone, ou tapez cette adresse :",
    promise="Quelques questions, sans compte. Vos réponses sont anonymes.",
    url=URL,
)
LONG = Poster(
    "Je donne mon avis",
    "Demander le remboursement " * 6,
    POSTER.how,
    POSTER.promise,
    URL.replace("exemple", "je-donne-mon-avis.ministere-d-exemple"),
)
SIZES: dict[Format, tuple[int, int]] = {"a4": (595, 842), "a5": (420, 595)}


def words(page: pdfium.PdfPage) -> str:
    """Without blanks: a line may end anywhere."""
    return "".join(page.get_textpage().get_text_bounded().split())


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("poster", [POSTER, LONG])
def test_a_phone_reads_the_code_and_a_reader_the_words(poster: Poster, format: Format) -> None:
    document = pdfium.PdfDocument(pdf(poster, format))
    (page,) = document
    assert tuple(map(round, page.get_size())) == SIZES[format]
    (code,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    assert code.text == poster.url
    said = words(page)
    for text in (poster.invitation, poster.title, poster.how, poster.promise, poster.url):
        assert "".join(text.split()) in said
    left, bottom, right, top = _inked(page)
    assert left >= 0
    assert bottom >= 0
    assert right <= SIZES[format][0] + 1
    assert top <= SIZES[format][1] + 1


def _inked(page: pdfium.PdfPage) -> tuple[float, ...]:
    boxes = [one.get_bounds() for one in page.get_objects()]
    sides = list(zip(*boxes, strict=True))
    return min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])


def test_its_letters_are_embedded_and_nothing_in_it_is_a_picture() -> None:
    (page,) = pdfium.PdfDocument(pdf(POSTER, "a4"))
    kinds = [one.type for one in page.get_objects()]
    assert raw.FPDF_PAGEOBJ_IMAGE not in kinds
    texts = [one for one in page.get_objects() if one.type == raw.FPDF_PAGEOBJ_TEXT]
    assert len(texts) >= 5
    assert all(raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(one.raw)) == 1 for one in texts)


def test_it_says_its_title_and_language() -> None:
    file = pdf(POSTER, "a4")
    assert pdfium.PdfDocument(file).get_metadata_dict()["Title"] == f"Je donne mon avis – {POSTER.title}"
    assert b"/Lang (fr-FR)" in file
    assert len(file) < 60_000
