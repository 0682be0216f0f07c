"""Small workbooks, written by hand: what spreadsheet programs store, and what they would not."""

import io
import zipfile
from collections.abc import Mapping, Sequence

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# Style 1 is a date, style 2 a date with a time, style 3 a percentage.
_STYLES = (
    f'<styleSheet {_MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>'
    '<xf numFmtId="9"/></cellXfs></styleSheet>'
)


def number(place: str, text: str, style: int = 0) -> str:
    return f'<c r="{place}" s="{style}"><v>{text}</v></c>'


def text(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def table(rows: Sequence[Sequence[str | float]], row: int = 1, column: int = 0) -> list[str]:
    """Cells of a table that begins in a cell, its numbers as ``repr`` writes them."""
    cells = []
    for i, values in enumerate(rows, row):
        for k, value in enumerate(values, column):
            place = f"{chr(ord('A') + k)}{i}"
            cells.append(
                text(place, value) if isinstance(value, str) else number(place, f"{value!r}")
            )
    return cells


def sheet_xml(cells: Sequence[str]) -> str:
    rows: dict[str, str] = {}
    for cell in cells:
        place = cell.split('"')[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        rows[place] = rows.get(place, "") + cell
    inner = "".join(f'<row r="{place}">{held}</row>' for place, held in rows.items())
    return f"<worksheet {_MAIN}><sheetData>{inner}</sheetData></worksheet>"


def xlsx(sheets: Mapping[str, Sequence[str] | str]) -> bytes:
    """A workbook of sheets of cells, or of whole XML files."""
    names = list(enumerate(sheets, 1))
    listed = "".join(f'<sheet name="{n}" sheetId="{k}" r:id="rId{k}"/>' for k, n in names)
    related = "".join(
        f'<Relationship Id="rId{k}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{k}.xml"/>'
        for k, _ in names
    )
    styles = f'<Relationship Id="rIdS" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f"{styles}</Relationships>",
        "xl/styles.xml": _STYLES,
    }
    for k, name in names:
        cells = sheets[name]
        members[f"xl/worksheets/sheet{k}.xml"] = (
            cells if isinstance(cells, str) else sheet_xml(cells)
        )
    return packed(members)


def ods(rows: str) -> bytes:
    """An OpenDocument spreadsheet of one table, its rows given in XML."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Data">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    members = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    return packed(members)


def ods_row(*values: str | float, repeated: int = 1, tail: str = "") -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>'
        if isinstance(v, str)
        else f'<table:table-cell office:value-type="float" office:value="{v!r}"/>'
        for v in values
    )
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}">{cells}{tail}</table:table-row>'
    )


def packed(members: Mapping[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()
