"""Slides of 16:9: where on them there is room, and a next one that says it goes on when there is none."""

import math
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.presentation import Presentation as Deck
from pptx.util import Inches, Pt

from charts.numbers import day
from reports.document import Document

WIDTH, HEIGHT = 13.333, 7.5
LEFT, RIGHT, TOP, BOTTOM = 0.6, 12.73, 1.35, 6.85
INK, FAINT, ACCENT = RGBColor(0x1F, 0x29, 0x33), RGBColor(0x5B, 0x67, 0x75), RGBColor(0x25, 0x5C, 0x9E)
FONT = "Source Sans Pro"
_BLANK = 6


def lines_needed(text: str, size: float, width: float) -> int:
    """Return on how many lines a text of a size (points) stands in a width (inches)."""
    per_line = max(int(width * 72 / (0.5 * size)), 1)
    return max(sum(math.ceil(max(len(line), 1) / per_line) for line in text.split("\n")), 1)


def paint(frame: Any, text: str, size: float, *, is_bold: bool = False, colour: RGBColor = INK) -> None:
    """Write a text into a frame that is empty, in one run, so that nothing in it is more than text."""
    frame.word_wrap = True
    run = frame.paragraphs[0].add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), is_bold, FONT
    run.font.color.rgb = colour


class Slides:
    """A deck that is written from top to bottom; `take` gives the place for what needs so much height."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.deck: Deck = Presentation()
        self.deck.slide_width, self.deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.slide: Any = None
        self.title = ""
        self.y = TOP

    def cover(self) -> None:
        """Write the first slide: the title, and what it is of."""
        self.slide = self.deck.slides.add_slide(self.deck.slide_layouts[_BLANK])
        self.text(self.document.title, 40, LEFT, 2.3, RIGHT - LEFT, 1.2, is_bold=True)
        self.text(self.document.under, 18, LEFT, 3.7, RIGHT - LEFT, 1.8, colour=FAINT)
        self._foot()

    def begin(self, title: str, *, is_continued: bool = False) -> None:
        """Begin a slide."""
        self.title, self.y = title, TOP
        self.slide = self.deck.slides.add_slide(self.deck.slide_layouts[_BLANK])
        shown = f"{title} (continued)" if is_continued else title
        self.text(shown, 26, LEFT, 0.4, RIGHT - LEFT, 0.8, is_bold=True, colour=ACCENT)
        self._foot()

    def take(self, height: float) -> float:
        """Return where something of a height (inches) stands; on the next slide where this one has no room."""
        if self.y + height > BOTTOM and self.y > TOP:
            self.begin(self.title, is_continued=True)
        at = self.y
        self.y += height
        return at

    @property
    def room(self) -> float:
        """How much height is left on the slide, in inches."""
        return BOTTOM - self.y

    def text(
        self,
        text: str,
        size: float,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        is_bold: bool = False,
        colour: RGBColor = INK,
    ) -> None:
        """Write a text at a place (inches)."""
        box = self.slide.shapes.add_textbox(Inches(x), Inches(y), Inches(width), Inches(height))
        paint(box.text_frame, text, size, is_bold=is_bold, colour=colour)

    def _foot(self) -> None:
        at = f"as of the end of {day(self.document.as_of)}" if self.document.as_of else ""
        number = len(self.deck.slides)
        self.text(f"{self.document.title}   {at}", 10, LEFT, 7.0, 9.0, 0.35, colour=FAINT)
        self.text(str(number), 10, RIGHT - 0.6, 7.0, 0.6, 0.35, colour=FAINT)
