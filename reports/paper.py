"""Documents as files: one call for each form that they are handed out in."""

from reports.document import Document
from reports.markdown import as_markdown
from reports.writers.errors import DocumentError
from reports.writers.html import as_html
from reports.writers.pdf import as_pdf
from reports.writers.pptx import as_pptx
from reports.writers.xlsx import as_xlsx

# The ending of each form's file, and its media type.
FORMS = {
    "html": ("html", "text/html"),
    "pdf": ("pdf", "application/pdf"),
    "pdf-wide": ("pdf", "application/pdf"),
    "pptx": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "md": ("md", "text/markdown"),
}
FORM_NAMES = {
    "pdf": "PDF, A4",
    "pdf-wide": "PDF, 16:9",
    "pptx": "Slides (PPTX)",
    "xlsx": "Workbook (XLSX)",
    "html": "Mail (HTML)",
    "md": "Markdown",
}


def write(document: Document, form: str) -> bytes:
    """Return a document as the file of a form.

    Raises
    ------
    DocumentError
        There is no such form, or the document cannot be written in it.
    """
    if form == "html":
        return as_html(document).encode("utf-8")
    if form in ("pdf", "pdf-wide"):
        return as_pdf(document, is_wide=form == "pdf-wide")
    if form == "pptx":
        return as_pptx(document)
    if form == "xlsx":
        return as_xlsx(document)
    if form == "md":
        return as_markdown(document).encode("utf-8")
    raise DocumentError("That form is not known", f"'{form}' should be one of {', '.join(FORMS)}.")
