"""How much of a page still looks as it did."""

import numpy
import pymupdf

BLOCK, DPI = 8, 72


def blocks(page, width=None):
    """Mean darkness of each block of pixels of a rendered page, drawn `width` points wide."""
    scale = DPI / 72 * (width / page.rect.width if width else 1)
    shot = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csGRAY, annots=True)
    image = 255 - numpy.frombuffer(shot.samples, dtype=numpy.uint8).reshape(shot.height, shot.width).astype(float)
    high, wide = shot.height // BLOCK, shot.width // BLOCK
    out = image[: high * BLOCK, : wide * BLOCK].reshape(high, BLOCK, wide, BLOCK).mean(axis=(1, 3))
    return out


def alike(source, exhibit, most=3):
    """Share of the inked blocks of the first pages that look the same in the page of the exhibit that is most like it; None where nothing is comparable."""
    with pymupdf.open(source) as old, pymupdf.open(exhibit) as new:
        shares = []
        for page in list(old)[:most]:
            if page.rect.width > 3000 or page.rect.height > 3000:
                continue
            want = blocks(page)
            inked = want > 6
            if not inked.any():
                continue
            best = 0.0
            for other in list(new)[: most + 2]:
                if abs(other.rect.width / other.rect.height - page.rect.width / page.rect.height) > 0.02:
                    continue
                got = blocks(other, page.rect.width)
                high, wide = min(want.shape[0], got.shape[0]), min(want.shape[1], got.shape[1])
                near = numpy.abs(want[:high, :wide] - got[:high, :wide]) < 12
                best = max(best, float((near & inked[:high, :wide]).sum() / inked.sum()))
            shares.append(best)
    return round(sum(shares) / len(shares), 2) if shares else None
