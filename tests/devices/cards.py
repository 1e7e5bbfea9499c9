"""Text records of synthetic cards, laid out by hand from the tables of the protocol."""

from __future__ import annotations


def laid_out(*fields: tuple[int, int, str]) -> bytes:
    """256 bytes of UTF-16LE spaces with texts at (offset, length)."""
    record = bytearray(" ".encode("utf-16-le") * 128)
    for offset, length, text in fields:
        raw = text.encode("utf-16-le")
        assert len(raw) <= length
        record[offset : offset + len(raw)] = raw
    return bytes(record)


def resident(**changes: str) -> bytes:
    """王小芳, female, born 1985-06-15."""
    say = {
        "name": "王小芳",
        "sex": "2",
        "ethnicity": "02",
        "birth": "19850615",
        "address": "内蒙古自治区包头市昆都仑区试验街道1号",
        "number": "150207198506150028",
        "authority": "包头市公安局昆都仑分局",
        "valid_from": "20160101",
        "valid_to": "20360101",
        "kind": " ",
        **changes,
    }
    return laid_out(
        (0, 30, say["name"]),
        (30, 2, say["sex"]),
        (32, 4, say["ethnicity"]),
        (36, 16, say["birth"]),
        (52, 70, say["address"]),
        (122, 36, say["number"]),
        (158, 30, say["authority"]),
        (188, 16, say["valid_from"]),
        (204, 16, say["valid_to"]),
        (248, 2, say["kind"]),
    )


def hmt() -> bytes:
    """A residence permit of 2018."""
    return laid_out(
        (0, 30, "陈大文"),
        (30, 2, "1"),
        (36, 16, "19900307"),
        (52, 70, "内蒙古自治区包头市青山区"),
        (122, 36, "810000199706020014"),
        (158, 30, "包头市公安局"),
        (188, 16, "20200101"),
        (204, 16, "20250101"),
        (220, 18, "H12345678"),
        (238, 4, "01"),
        (248, 2, "J"),
    )


def foreigner_2017(number: str = "KAZ110090123105") -> bytes:
    """A permanent residence card of 2017, born 1990-12-31."""
    return laid_out(
        (0, 120, "TESTOVA, ANNA"),
        (120, 2, "2"),
        (122, 30, number),
        (152, 6, "KAZ"),
        (158, 30, "安娜"),
        (188, 16, "20180101"),
        (204, 16, "20280101"),
        (220, 16, "19901231"),
        (236, 4, "01"),
        (240, 8, "1500"),
        (248, 2, "I"),
    )


def foreigner_2023() -> bytes:
    """A five-star card whose English name goes on in the second field, a space at the seam."""
    first = "TESTERSON-VERY-LONG, ALEXANDER JOHN "
    assert len(first) == 36
    return laid_out(
        (0, 30, ""),
        (30, 2, "1"),
        (32, 4, "01"),
        (36, 16, "19850101"),
        (52, 70, first[:35]),
        (122, 36, "932682198501010017"),
        (188, 16, "20240101"),
        (204, 16, "20340101"),
        (220, 22, first[35:] + "PAUL"),
        (242, 6, "682"),
        (248, 2, "Y"),
        (250, 6, "001"),
    )
