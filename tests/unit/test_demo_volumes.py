"""The demo's daily numbers: the same whenever they are made, so that a second demo changes none of them."""

from datetime import date, timedelta

from collector.demo_volumes import volumes

TODAY = date(2026, 3, 12)


def test_the_same_days_come_again_whenever_they_are_made() -> None:
    now = volumes("passeport", TODAY, 60, 1)
    later = volumes("passeport", TODAY + timedelta(days=1), 60, 1)
    assert len(now.keys() & later.keys()) > 60
    assert {key: now[key] for key in now.keys() & later.keys()} == {
        key: later[key] for key in now.keys() & later.keys()
    }
    assert volumes("permis", TODAY, 60, 1) != now
    assert volumes("passeport", TODAY, 60, 2) != now


def test_today_is_not_over_and_counters_are_shut_at_weekends() -> None:
    days = volumes("passeport", TODAY, 14, 1).values()
    assert {one.day for one in days} == {(TODAY - timedelta(days=n)).isoformat() for n in range(1, 15)}
    assert not [one for one in days if one.channel == "counter" and date.fromisoformat(one.day).weekday() >= 5]
