"""What every malformed text is told."""

import pytest

from tests.readers.common import complaint, parse


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["empty"]),
        ("\n \n# only a comment\n", ["empty"]),
        ("\ufeff", ["empty"]),
        ("x,y\n", ["header on line 1", "no row"]),
        ("# c\n\nx,y\n# end\n", ["header on line 3", "no row"]),
        ("x\n1\n2\n", ["one column only", "label y"]),
        ("1\n2\n", ["one column only"]),
        ("x,y\n1,2\n\n3\n", ["line 4", "has 1 cell,", "line 1 has 2", "fill in"]),
        ("x,y\n1,2\n3,4,5\n", ["line 3", "has 3 cells", "line 1 has 2", "point"]),
        ("x;y\n1;2\n3;4;5\n", ["line 3", "has 3 cells", "remove"]),
        ("1 2\n3\n", ["line 2", "has 1 cell,", "line 1 has 2"]),
        ("x,y\n1,2\n3,abc\n", ["line 3, column 2 ('y')", "'abc' is not a finite number"]),
        ("1,2\nabc,4\n", ["line 2, column 1 ('c1')", "'abc'"]),
        ("x,y\n# c\n1,\n", ["line 3, column 2 ('y')", "empty"]),
        ("x,y\n , 2\n", ["line 2, column 1 ('x')", "empty"]),
        (",2\n3,4\n", ["line 1, column 1 ('c1')", "empty"]),
        ("x,y\n1,NaN\n", ["line 2, column 2 ('y')", "'NaN' is not a finite number", "remove"]),
        ("x,y\n-inf,1\n", ["line 2, column 1 ('x')", "'-inf' is not a finite number"]),
        ("nan,1\n1,2\n", ["line 1, column 1 ('c1')", "'nan'"]),
        ("x,y\n1,NA\n", ["line 2, column 2", "'NA'"]),
        ('x,y\n"1,234.5",2\n', ["line 2, column 1 ('x')", "'1,234.5'", "thousands"]),
        ("x,y\n1,1e10001\n", ["line 2, column 2 ('y')", "exponent", "10000"]),
        ("x,y\n1,1/0\n", ["line 2, column 2 ('y')", "zero"]),
        ("x,y\n1,0x1F\n", ["line 2, column 2 ('y')", "'0x1F'"]),
        ("x,y\n1,1_000\n", ["line 2, column 2 ('y')", "'1_000'"]),
        ("x,y\n1,2 # note\n", ["line 2, column 2 ('y')", "'2 # note'"]),
        ("x,y\n1,2\n3,a\nb,4\n", ["line 3, column 2", "'a'"]),
        ("x,y\na,b\n", ["line 2, column 1", "'a'"]),
        ("x,2024\n1,2\n", ["line 1, column 1", "'x' is text", "'2024'", "column 2", "quotes"]),
        ('"x","2024"\n"1","2"\n', ["line 1, column 1", "'x' is text"]),
        ('x "a" "b",2024\n1,2\n', ["line 1, column 1", "is text"]),
        ("1,abc\n3,4\n", ["line 1, column 2", "'abc' is text", "'1'", "quotes"]),
        ('x,y\n1,"2\n3,4\n', ["line 2", "quote"]),
        ('x,y\n"1"2,3\n', ["line 2", "quote"]),
        (f"x,y\n1,{'z' * 1000}\n", ["line 2, column 2", "zzz…zzz"]),
        (f"x,y\n1,{'7' * 140_000}\n", ["line 2", "too long"]),
    ],
)
def test_bad_text_is_located(text: str, parts: list[str]) -> None:
    message = complaint(text)
    for part in parts:
        assert part in message
    assert len(message) < 500


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("top", ["", "\ufeff", "# c\n", "\n\n", "#\n\n#\n"])
def test_bad_cell_line_number_after_anything(newline: str, top: str) -> None:
    text = top + 'x,y\n1,2\n\n# 9,9\n"3","4"\n5,oops\n'
    line = text.split("\n").index("5,oops") + 1
    assert f"line {line}, column 2 ('y')" in complaint(text.replace("\n", newline))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("PK\3\4", ["archive", ".xlsx"]),
        (b"\x1f\x8b\b", ["gzip", ".gz"]),
        ("PAR1", ["Parquet", ".parquet"]),
        ("x,y\n1,\x032\n", ["line 2", "0x03"]),
        ("x,y\n1,2\n\0", ["line 3", "NUL", "binary"]),
        ("x,y\n1,2\n\x1a", ["line 3", "end-of-file byte"]),
        ("x,y\n-35/\v7,2\n", ["line 2", "vertical tab"]),
        ("x,y\n8.\f,2\n", ["line 2", "form feed"]),
        ("0.1-100,0.2-100\n1,1\n2,0\n", ["line 1, column 1", "'0.1-100'", "no name"]),
        ("1 200,5\n1,1\n2,0\n", ["line 1, column 1", "'1 200'"]),
        ("0.1-100,abc\n1,1\n", ["line 1, column 1", "'0.1-100'"]),
        ("x,y\n0,0\n#N/A,7\n2,0\n", ["line 3, column 1", "'#N/A'", "missing"]),
        ("#N/A,7\n1,0\n2,0\n", ["line 1, column 1", "'#N/A'"]),
        ("x;y\n1,000;2\n", ["column 1", "--decimal ,", "--thousands ,"]),
        ("$1,000;2\n$2,000;3\n", ["column 1", "--decimal ,", "--thousands ,"]),
        ("1 000,5\n2 000,6\n", ["line 1, column 1", "'1 000'", "--thousands ' '"]),
        ("x\ty\n1 000\t5\n2 000\t6\n", ["line 2, column 1", "'1 000'", "--thousands ' '"]),
        ("x,y\n1\u0085,2\n", ["line 2", "'1\\x85'"]),
        ("x,y\n\u20111,2\n", ["line 2", "U+2011, non-breaking hyphen"]),
        ("x,y\n\u0661,2\n", ["line 2", "U+0661, arabic-indic digit one"]),
        ("x,y\n2024-01,1\n", ["line 2", "2024-12-31"]),
        ("x;y\n1.234,56;0,5\n2.000,1;1,5\n", ["'1.234,56'", "give --decimal , --thousands ."]),
        ("x;y\n1,234.56;0.5\n2.1;1.5\n", ["'1,234.56'", "give --thousands ,"]),
        ("x;y\n1.000;0,5\n2.000;1,5\n", ["('x') has points", "('y') decimal commas", "."]),
        ("x,y\n0,0,\n1,0,\n", ["line 2", "3 cells", "ends the row"]),
        ("x,y\n12:30,1\n12:45,2\n", ["'12:30'", "time of day"]),
        ("x,y\n1 kg,1\n2 kg,2\n", ["'1 kg'", "a unit belongs into the name"]),
        ('x,y\n="5",1\n1,2\n', ["""'="5"'""", "take the ="]),
        ("x,y\n1,(5)\n2,7\n", ["'(5)'", "minus sign"]),
        ("x,y\n1/2/2024,1\n", ["'1/2/2024'", "2024-12-31", "--dates"]),
        ("x;y\n1,5;2\n1.5;2\n", ["line 2, column 1", "'1,5'", "--decimal"]),
    ],
)
def test_nothing_unreadable_passes_by(text: str | bytes, parts: list[str]) -> None:
    message = complaint(text)
    for part in parts:
        assert part in message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_are_decoded_and_noted(encoding: str) -> None:
    data = parse("größe,y\r\n1,2\r\n3,4\r\n".encode(encoding))
    assert data.feature_names == ("größe",)
    assert len(data) == 2
    assert len(data.notes) == 1


def test_unknown_label_lists_the_columns_and_suggests() -> None:
    message = complaint("weight,height\n1,2\n", y="Wieght")
    assert "no column named 'Wieght'" in message
    assert "did you mean 'weight'?" in message
    assert "weight, height" in message
    assert "did you mean" not in complaint("a,b\n1,2\n", y="zzzz")
    many = complaint(",".join(f"n{k}" for k in range(40)) + "\n" + ",".join("1" * 40), y="q")
    assert "and 20 more" in many


def test_unknown_label_without_header_says_the_names() -> None:
    message = complaint("1,2,3\n", y="price")
    assert "no column named 'price'" in message
    assert "c1 to c3" in message


def test_duplicate_name_is_refused_only_as_label() -> None:
    text = "a,a,b\n1,2,3\n"
    assert parse(text).feature_names == ("a", "a")
    assert "columns 1 and 2 are both named 'a'" in complaint(text, y="a")
