#!/usr/bin/env python3
"""Writes crates/domain/data/places.csv, the dated list of municipalities and foreign states.

Source of the facts: the decoding tables of the Italian population register (ANPR) and of the
tax agency, as packaged in the Python package `python-codicefiscale` 0.12.1 (MIT licence).
Only facts are carried over: code, province, first and last day, name, second name.

    python3 -m venv /tmp/places && /tmp/places/bin/pip install python-codicefiscale==0.12.1
    /tmp/places/bin/python scripts/make_places.py

One line per period: `code;province;from;to;name;second name`, days as YYYYMMDD, an empty
`to` for a place that lives. Two periods that touch and differ in nothing else are one line.
"""
import datetime as dt
import pathlib
import re

from codicefiscale import data

TARGET = pathlib.Path(__file__).resolve().parent.parent / "crates/domain/data/places.csv"
DAY = dt.timedelta(days=1)


SMALL = set(
    "e ed di del dello della dei degli delle de da dal dalla dalle in nel nella su sul sulla "
    "sopra sotto a al allo alla alle ai con per tra presso".split()
)


def title(name):
    """`Massa D'Albe` is written `Massa d'Albe`, `Massa E Cozzile` is `Massa e Cozzile`."""
    words = []
    for n, word in enumerate(name.split()):
        if n and word.lower() in SMALL:
            word = word.lower()
        elif n and word[:2] in ("D'", "L'"):
            word = word[0].lower() + word[1:]
        words.append(word)
    return " ".join(words)


def day(text):
    return dt.date.fromisoformat(text[:10]) if text else None


def rows():
    for place in data.get_municipalities_data() + data.get_countries_data():
        if not re.fullmatch(r"[A-Z]\d{3}", place.get("code") or ""):
            continue  # four old places never had a code: «ND»
        name = title(place["name"])
        second = title(place.get("name_alt") or "")
        if second.casefold() == name.casefold():
            second = ""
        yield [place["code"], place["province"], day(place["date_created"]), day(place["date_deleted"]), name, second]


def merged(all_rows):
    out = []
    for row in sorted(all_rows, key=lambda r: (r[0], r[2] or dt.date.min, r[3] or dt.date.max, r[4])):
        last = out[-1] if out else None
        if last and last[0] == row[0] and last[1] == row[1] and last[4:] == row[4:] and last[3] and row[2] and row[2] <= last[3] + DAY:
            last[3] = max(last[3], row[3]) if row[3] else None
        elif last != row:
            out.append(row)
    return out


def main():
    lines = []
    for code, province, first, last, name, second in merged(rows()):
        assert ";" not in name + second, name
        days = [d.strftime("%Y%m%d") if d else "" for d in (first, last)]
        lines.append(";".join([code, province, *days, name] + ([second] if second else [])))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(lines), "periods,", TARGET.stat().st_size, "bytes")


main()
