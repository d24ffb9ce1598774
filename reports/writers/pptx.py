"""A document as slides of 16:9 whose charts are native: whoever gets them can edit, restyle and copy them."""

import io
from collections.abc import Sequence

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.util import Inches, Pt

from reports.document import Card, Cards, Document, Figure, Lines, Words
from reports.writers.cells import Grid, table_grid
from reports.writers.chart_data import INVISIBLE, axis_floor, axis_format, categories_of, series_of
from reports.writers.pictures import COLOURS
from reports.writers.slides import BOTTOM, FAINT, FONT, LEFT, RIGHT, TOP, Slides, lines_needed, paint

_TEXT, _SMALL, _CELL = 16.0, 12.0, 11.0
_MOST_CARDS = 5
_CARD_HEIGHT = 1.5
_ROW = 0.34
_CHART_LEAST = 3.1
_LONGEST_CELL = 160
_KINDS = {
    "line": XL_CHART_TYPE.LINE,
    "bar": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked": XL_CHART_TYPE.COLUMN_STACKED,
    "waterfall": XL_CHART_TYPE.COLUMN_STACKED,
}


def as_pptx(document: Document) -> bytes:
    """Return a document as slides; what does not fit on one goes on to the next, which says so."""
    slides = Slides(document)
    slides.cover()
    for section in document.sections:
        slides.begin(section.title)
        for part in section.parts:
            if isinstance(part, Words):
                _texts(slides, [part.text], 20.0 if part.lead else _TEXT, mark="")
            elif isinstance(part, Lines):
                _texts(slides, part.lines or [part.none], _TEXT, mark="• " if part.lines else "")
            elif isinstance(part, Cards):
                _cards(slides, part.cards)
            elif isinstance(part, Figure):
                _chart(slides, part, document)
            else:
                _table(slides, part.title, table_grid(part, document.numbers), part.none)
    file = io.BytesIO()
    slides.deck.save(file)
    return file.getvalue()


def _texts(slides: Slides, texts: Sequence[str], size: float, mark: str) -> None:
    width = RIGHT - LEFT
    for text in texts:
        if not text:
            continue
        shown = f"{mark}{text}"
        most = int((BOTTOM - TOP) * 72 / (size * 1.25)) * max(int(width * 72 / (0.5 * size)), 1)
        for start in range(0, len(shown), most):
            piece = shown[start : start + most]
            height = lines_needed(piece, size, width) * size * 1.25 / 72 + 0.15
            slides.text(piece, size, LEFT, slides.take(height), width, height)


def _cards(slides: Slides, cards: Sequence[Card]) -> None:
    for start in range(0, len(cards), _MOST_CARDS):
        row = cards[start : start + _MOST_CARDS]
        width = (RIGHT - LEFT) / len(row)
        at = slides.take(_CARD_HEIGHT + 0.1)
        for place, card in enumerate(row):
            x, inner = LEFT + place * width, width - 0.15
            slides.text(card.title, _SMALL, x, at, inner, 0.3, colour=FAINT)
            slides.text(card.value, 26, x, at + 0.28, inner, 0.55, is_bold=True)
            slides.text("\n".join(card.beside[:3]), 10, x, at + 0.82, inner, 0.7, colour=FAINT)


def _chart(slides: Slides, figure: Figure, document: Document) -> None:
    if slides.room < _CHART_LEAST + 0.7 and slides.y > TOP:
        slides.begin(slides.title, is_continued=True)
    slides.text(f"{figure.title} ({figure.unit})", _SMALL, LEFT, slides.take(0.35), RIGHT - LEFT, 0.35, is_bold=True)
    height = min(slides.room - 0.1, 5.0)
    at = slides.take(height)
    data = CategoryChartData(number_format=axis_format(figure, document.numbers))
    data.categories = categories_of(figure, document.numbers)
    drawn = series_of(figure)
    for one in drawn:
        data.add_series(one.name, one.values)
    place = (Inches(LEFT), Inches(at), Inches(RIGHT - LEFT), Inches(height))
    shape = slides.slide.shapes.add_chart(_KINDS[figure.kind], *place, data)
    shape.name = figure.alt[:120]
    chart = shape.chart
    chart.font.size, chart.font.name = Pt(11), FONT
    chart.has_legend = figure.kind != "waterfall" and len(drawn) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.has_major_gridlines = False
    chart.value_axis.tick_labels.number_format = axis_format(figure, document.numbers)
    chart.value_axis.tick_labels.number_format_is_linked = False
    floor = axis_floor(figure)
    if floor is not None:
        chart.value_axis.minimum_scale = floor
    for number, (series, one) in enumerate(zip(chart.plots[0].series, drawn, strict=True)):
        if one.colour == INVISIBLE:
            series.format.fill.background()
            continue
        colour = RGBColor.from_string((one.colour or COLOURS[number % len(COLOURS)]).lstrip("#").upper())
        if figure.kind == "line":
            series.format.line.color.rgb = colour
            series.format.line.width = Pt(2.25)
            series.smooth = False
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour


def _table(slides: Slides, title: str, grid: Grid, none: str) -> None:
    if not grid.rows:
        _texts(slides, [f"{title}: {none}"], _TEXT, mark="")
        return
    rows = list(grid.rows)
    is_first = True
    while rows:
        if slides.room < 0.35 + 3 * _ROW:
            slides.begin(slides.title, is_continued=True)
        name = title if is_first else f"{title} (continued)"
        slides.text(name, _SMALL, LEFT, slides.take(0.35), RIGHT - LEFT, 0.35, is_bold=True)
        widths = _widths(grid)
        taken: list[tuple[str, ...]] = []
        height = _ROW
        while rows:
            tall = max(
                lines_needed(cell[:_LONGEST_CELL], _CELL, width - 0.2)
                for cell, width in zip(rows[0], widths, strict=True)
            )
            needed = _ROW + (tall - 1) * _CELL * 1.25 / 72
            if taken and height + needed > slides.room - 0.2:
                break
            taken.append(rows.pop(0))
            height += needed
        _place_table(slides, grid, taken, widths, height)
        is_first = False


def _widths(grid: Grid) -> list[float]:
    longest = [
        min(max([len(title), *(len(row[place]) for row in grid.rows)]), 44) + 3
        for place, title in enumerate(grid.titles)
    ]
    return [(RIGHT - LEFT) * size / sum(longest) for size in longest]


def _place_table(slides: Slides, grid: Grid, rows: list[tuple[str, ...]], widths: list[float], height: float) -> None:
    at = slides.take(height + 0.15)
    place = (Inches(LEFT), Inches(at), Inches(RIGHT - LEFT), Inches(height))
    table = slides.slide.shapes.add_table(len(rows) + 1, len(grid.titles), *place).table
    for column, width in enumerate(widths):
        table.columns[column].width = Inches(width)
    for row, cells in enumerate([grid.titles, *rows]):
        table.rows[row].height = Inches(_ROW)
        for column, text in enumerate(cells):
            cell = table.cell(row, column)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            shown = text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
            white = RGBColor(0xFF, 0xFF, 0xFF)
            if row == 0:
                paint(cell.text_frame, shown, _CELL, is_bold=True, colour=white)
            else:
                paint(cell.text_frame, shown, _CELL)
