# SPDX-License-Identifier: Apache-2.0
from empathy_ros.core.alerts import AlertBook, AlertRules, MOST_OPEN
from empathy_ros.core.types import Alert, AlertKind

S = 1_000_000_000
RULES = AlertRules(
    repeat_s=30.0, escalate_after=2, contacts=('nurse', 'family'), outside='adviser'
)


def alert(name='a1', kind=AlertKind.CRISIS, severity=2, **more):
    return Alert(0, name, kind, severity, 'summary', contact='nurse', **more)


def test_repeats_until_acknowledged():
    book = AlertBook(RULES)
    assert book.add(alert(), 0)
    assert book.tick(29 * S, 1) == ()
    assert [a.repeats for a in book.tick(30 * S, 2)] == [1]
    assert book.tick(31 * S, 3) == ()
    done = book.acknowledge('a1', 'nurse B')
    assert done.acknowledged
    assert done.acknowledged_by == 'nurse B'
    assert book.tick(500 * S, 4) == ()
    assert book.acknowledge('a1', 'x') is None


def test_goes_to_the_next_contact_after_some_repeats():
    book = AlertBook(RULES)
    book.add(alert(), 0)
    contacts = [book.tick(n * 30 * S, n)[0].contact for n in (1, 2, 3, 4, 5)]
    assert contacts == ['nurse', 'family', 'family', 'family', 'family']


def test_abuse_never_reaches_the_household():
    book = AlertBook(RULES)
    book.add(alert(kind=AlertKind.ABUSE), 0)
    contacts = {book.tick(n * 30 * S, n)[0].contact for n in range(1, 12)}
    assert contacts == {'adviser'}


def test_a_known_or_answered_alert_is_not_added_again():
    book = AlertBook(RULES)
    assert book.add(alert(), 0)
    assert not book.add(alert(), 5)
    assert not book.add(alert('a2', acknowledged=True), 5)
    assert not book.add(alert('a3', needs_ack=False), 5)
    assert [a.id for a in book.open] == ['a1']


def test_only_a_graver_state_replaces_an_open_alert():
    book = AlertBook(RULES)
    book.add(alert(severity=2), 0)
    assert not book.update(alert(severity=2))
    assert book.update(alert(severity=3))
    assert book.open[0].severity == 3


def test_a_flood_drops_the_least_severe_only():
    book = AlertBook(RULES)
    book.add(alert('grave', severity=3), 0)
    for number in range(MOST_OPEN + 20):
        book.add(alert(f'n{number}', severity=1), number)
    assert len(book.open) == MOST_OPEN
    assert 'grave' in [a.id for a in book.open]


def test_after_a_restart_open_alerts_are_due_at_once():
    book = AlertBook(RULES)
    book.restore([alert('old'), alert('answered', acknowledged=True)], 1000 * S)
    assert [a.id for a in book.tick(1000 * S, 9)] == ['old']
