"""How long the kiosk waits for a person."""

import pytest

from kiosk.engine.patience import GOES_ON, Verdict, judge
from kiosk.session.visit import AT_WORK, Page
from kiosk.settings import Visit

SETTINGS = Visit(idle_s=60, idle_personal_s=30, still_there_s=20, longest_s=300, thanks_s=20)


def at(page: Page, now: float, *, began: float = 0, touched: float = 0, shown: float = 0) -> Verdict:
    return judge(page, began=began, touched=touched, shown=shown, now=now, settings=SETTINGS)


@pytest.mark.parametrize("page", [Page.HOME, *sorted(AT_WORK)])
def test_nobody_is_sent_away_from_home_or_while_the_machine_works(page: Page) -> None:
    assert at(page, 10_000) == GOES_ON


def test_patience_is_shorter_where_personal_data_shows() -> None:
    assert at(Page.DOCUMENTS, 31).ask_s == 19
    assert at(Page.HELP, 31) == GOES_ON
    assert at(Page.HELP, 61).ask_s == 19


def test_no_answer_to_still_there_ends_the_visit() -> None:
    assert at(Page.DOCUMENTS, 50).over


def test_a_touch_and_a_new_page_start_it_again() -> None:
    assert at(Page.DOCUMENTS, 50, touched=45) == GOES_ON
    assert at(Page.DOCUMENTS, 50, shown=45) == GOES_ON


def test_a_visit_on_personal_pages_has_an_end_even_when_touched() -> None:
    assert at(Page.DOCUMENTS, 300, touched=299).over


def test_the_last_page_goes_by_itself() -> None:
    assert at(Page.THANKS, 19) == GOES_ON
    assert at(Page.THANKS, 20).over
