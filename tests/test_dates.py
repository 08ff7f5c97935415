"""Dates as pages write them: sixty forms, and what is no date or may be read two ways."""

from __future__ import annotations

import pytest

from pipeline.content import dates

WRITTEN = {
    "2020 Jul 14": "2020-07-14",
    "2020, July 14": "2020-07-14",
    "2020 Jul 14;": "2020-07-14",
    "2023/4/7": "2023-04-07",
    "2023/04/07": "2023-04-07",
    "2023-4-7": "2023-04-07",
    "2023.04.07": "2023-04-07",
    "2023-04-07": "2023-04-07",
    "2023-04-07T10:00:00Z": "2023-04-07",
    "2023-04-07 10:00:00 +0200": "2023-04-07",
    "2023-04-07T10:00:00.123+02:00": "2023-04-07",
    "20230407": "2023-04-07",
    "20230407T101500Z": "2023-04-07",
    "July 14, 2020": "2020-07-14",
    "July 14 2020": "2020-07-14",
    "JULY 14, 2020": "2020-07-14",
    "Jul 14, 2020": "2020-07-14",
    "Jul. 14, 2020": "2020-07-14",
    "Sept. 5, 2023": "2023-09-05",
    "Sept 5, 2023": "2023-09-05",
    "September 5th, 2023": "2023-09-05",
    "September 5th 2023": "2023-09-05",
    "March 1st, 2022": "2022-03-01",
    "14 July 2020": "2020-07-14",
    "14 Jul 2020": "2020-07-14",
    "14 July, 2020": "2020-07-14",
    "05 Sep, 2023": "2023-09-05",
    "5-Sep-2023": "2023-09-05",
    "3rd May 2021": "2021-05-03",
    "3rd of May 2021": "2021-05-03",
    "2nd of June, 2019": "2019-06-02",
    "Tuesday 5th of September, 2023": "2023-09-05",
    "Tuesday, September 5, 2023": "2023-09-05",
    "Tue, 05 Sep 2023 08:15:00 GMT": "2023-09-05",
    "Wed, 07 Apr 2021 10:00:00 +0000": "2021-04-07",
    "Fri Apr 28 19:20:36 CEST 2023": "2023-04-28",
    "Fri Apr 28 19:20:36 2023": "2023-04-28",
    "2024年04月24日23:52": "2024-04-24",
    "2024年4月24日": "2024-04-24",
    "28.04.2023": "2023-04-28",
    "28. 4. 2023": "2023-04-28",
    "28.04.2023, 19:20 Uhr": "2023-04-28",
    "5. September 2023": "2023-09-05",
    "12. März 2022": "2022-03-12",
    "5 septembre 2023": "2023-09-05",
    "1er mars 2022": "2022-03-01",
    "14 août 2021": "2021-08-14",
    "5 de septiembre de 2023": "2023-09-05",
    "5 de setembro de 2023": "2023-09-05",
    "2 maggio 2020": "2020-05-02",
    "2 mei 2020": "2020-05-02",
    "4 Mayıs 2025": "2025-05-04",
    "7 mars 2023": "2023-03-07",
    "29 February 2020": "2020-02-29",
    "31 Dec 1999": "1999-12-31",
}
LINES = {
    "Published: 2022-07-04": "2022-07-04",
    "First published online 3rd May 2021": "2021-05-03",
    "Publish date: Tuesday 5th of September, 2023": "2023-09-05",
    "Page last reviewed: 14 March 2022": "2022-03-14",
    "J Pain. 2020 Jul 14; 12(3): 44-51. Published online 2020 Jul 14.": "2020-07-14",
    "Last Updated: Jan 10, 2012 6:41 PM ET": "2012-01-10",
    "8/9/23, 9:00 PM": "2023-08-09",
    "DALLAS, September 22, 2025 — Stress narrows the arteries.": "2025-09-22",
    "By Jane Doe | Updated on March 5, 2021": "2021-03-05",
}
NONE = (
    "March 2022", "5/9/2023", "2022", "2021-13-45", "Feb 30, 2021", "10/11/12", "12 months 2020", "Decembre 2020",
    "1,200 patients in 2019", "1.5 to 2.5.2020x", "version 2023.4",
)  # fmt: skip


@pytest.mark.parametrize("said", WRITTEN)
def test_a_written_date(said: str) -> None:
    assert dates.to_iso(said) == WRITTEN[said]


def test_the_table_is_of_sixty_forms() -> None:
    assert len([one for one in (*WRITTEN.values(), *LINES.values()) if one]) >= 60


@pytest.mark.parametrize("said", LINES)
def test_a_line_with_a_date(said: str) -> None:
    assert dates.from_line(said)[0] == LINES[said]


@pytest.mark.parametrize("said", NONE)
def test_what_is_no_date_or_may_be_read_two_ways(said: str) -> None:
    assert not dates.to_iso(said)


@pytest.mark.parametrize(
    "said", ["On 3 May 2021 the trial began in Oslo", "June 3, 2021 was the day on which it began.", "May 2021"]
)
def test_a_sentence_with_a_date_is_no_date_line(said: str) -> None:
    assert not dates.is_date_line(said)
