#!/usr/bin/env python3
"""Writes the strange PDFs into a folder, each with a sidecar of what must stay and what must be gone.

    pip install PyMuPDF pikepdf reportlab weasyprint Pillow fonttools
    python3 benches/strange_papers.py /tmp/strange [part of a name ...]
"""

import sys

from redaction import strange

made, failed = strange.make(sys.argv[1], sys.argv[2:])
print(f"{len(made)} papers")
for name, why in failed.items():
    print(f"not made: {name}: {why}")
