"""The order of turns by itself: what is promised to everyone, whoever asks for how much."""

from hypothesis import given, settings
from hypothesis import strategies as st

from generation import turns
from generation.turns import Standing, Waiting

NOBODY = Standing({}, {})


def job(pk, person, seconds=10.0, asked=None, **more) -> Waiting:
    return Waiting(pk, person, seconds, float(pk if asked is None else asked), **more)


def order(waiting, standing=NOBODY, **more) -> list:
    return [one.pk for one in turns.in_turn(waiting, standing, now=0.0, **more)]


def test_a_single_job_overtakes_the_queue_of_ten_of_whoever_came_first():
    ten = [job(n, 1) for n in range(10)]
    theirs = job(10, 2)

    assert order([*ten, theirs]) == [0, 10, *range(1, 10)]


def test_turns_are_counted_in_seconds_and_not_in_jobs():
    long = [job(n, 1, 60.0) for n in range(2)]
    short = [job(10 + n, 2, 20.0) for n in range(5)]

    assert order([*long, *short]) == [0, 10, 11, 12, 1, 13, 14]


def test_of_ones_own_what_was_put_first_then_drafts_then_age():
    mine = [job(1, 1), job(2, 1, draft=True), job(3, 1, priority=1), job(4, 1)]

    assert order(mine) == [3, 2, 1, 4]


def test_of_people_who_are_even_the_one_with_a_draft_is_first():
    assert order([job(1, 1), job(2, 2, draft=True)]) == [2, 1]


def test_the_loaded_engine_decides_between_equals_and_never_against_a_deficit():
    waiting = [job(1, 1, engine="wan"), job(2, 2, engine="ltx")]
    assert order(waiting, loaded="ltx") == [2, 1]

    behind = Standing({2: 5.0}, {})
    assert order(waiting, behind, loaded="ltx") == [1, 2]


def test_while_no_engine_is_loaded_what_names_none_is_no_nearer_than_others():
    assert order([job(1, 1, engine="wan"), job(2, 1)]) == [1, 2]
    assert order([job(1, 1, engine="wan"), job(2, 2)]) == [1, 2]


def test_of_ones_own_a_loaded_engine_does_not_overtake_what_has_waited_long():
    mine = [job(1, 1, engine="wan", asked=0), job(2, 1, engine="ltx", asked=turns.PATIENCE_S + 1)]
    soon = [mine[0], job(3, 1, engine="ltx", asked=turns.PATIENCE_S)]

    assert order(mine, loaded="ltx") == [1, 2]
    assert order(soon, loaded="ltx") == [3, 1]


def test_a_call_takes_jobs_of_one_key_up_to_two_jobs_worth():
    alike = [job(n, 1, 60.0, batch_key="k") for n in range(4)]
    other = job(9, 1, 60.0, batch_key="other")

    call = turns.together(alike[0], [*alike, other], NOBODY)

    assert [one.pk for one in call] == [0, 1]


def test_four_short_ones_are_one_call():
    alike = [job(n, 1, 5.0, batch_key="k") for n in range(6)]

    assert len(turns.together(alike[0], alike, NOBODY)) == 4


def test_a_call_takes_in_others_only_while_they_are_as_near_as_its_owner():
    mine, theirs, late = job(1, 1, 5, batch_key="k"), job(2, 2, 5, batch_key="k"), job(3, 3, 5, batch_key="k")

    call = turns.together(mine, [mine, theirs, late], Standing({3: 1.0}, {}))

    assert [one.pk for one in call] == [1, 2]


arrivals = st.lists(
    st.tuples(
        st.integers(0, 5),  # who
        st.floats(0.0, 300.0),  # when
        st.floats(0.1, 90.0),  # seconds of a worker
        st.booleans(),  # draft
        st.sampled_from(["", "wan", "ltx"]),
        st.integers(-2, 2),  # priority
    ),
    min_size=1,
    max_size=60,
)


def run(asked):
    """One worker draws everything that comes, in turn: (job, begun, deficit of its owner as it came)."""
    jobs = [
        job(n, who, cost, when, draft=draft, engine=engine, priority=priority)
        for n, (who, when, cost, draft, engine, priority) in enumerate(asked)
    ]
    to_come = sorted(jobs, key=lambda one: one.asked)
    clock, standing, loaded, waiting, done = 0.0, NOBODY, "", [], []
    at_ask: dict = {}
    while to_come or waiting:
        if not waiting:
            clock = max(clock, to_come[0].asked)
        while to_come and to_come[0].asked <= clock:
            waiting.append(to_come.pop(0))
            at_ask[waiting[-1].pk] = standing.deficit(waiting[-1].person)
        one, quantum = turns.next_one(waiting, standing, loaded=loaded)
        standing, loaded = standing.after(one, quantum=quantum, at=clock), one.engine
        waiting.remove(one)
        done.append((one, clock, at_ask[one.pk]))
        clock += one.seconds
    return done


@settings(max_examples=150, deadline=None)
@given(arrivals)
def test_nobody_starves(asked):
    """Whoever has one job waits for two jobs' worth of each other person at most, and for what they had
    themselves drawn ahead of others."""
    done = run(asked)

    assert sorted(one.pk for one, *_ in done) == list(range(len(asked)))
    longest = max(one.seconds for one, *_ in done)
    for one, begun, deficit in done:
        own = [(other, at) for other, at, _ in done if other.person == one.person and at < begun]
        if any(at + other.seconds > one.asked for other, at in own):
            continue  # it had another on the way
        for person in {other.person for other, *_ in done} - {one.person}:
            got = sum(
                other.seconds
                for other, at, _ in done
                if other.person == person and at < begun and at + other.seconds > one.asked
            )
            assert got <= 2 * longest + deficit + 1e-6


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.1, 60.0)), min_size=8, max_size=60))
def test_whoever_always_waits_gets_as_many_seconds_as_anyone_else(asked):
    """While two people both have jobs waiting, what they get differs by two jobs' worth at most."""
    waiting = [job(n, who, seconds) for n, (who, seconds) in enumerate(asked)]
    left = {who: sum(one.person == who for one in waiting) for who, _ in asked}
    longest = max(one.seconds for one in waiting)
    got = dict.fromkeys(left, 0.0)

    for one in turns.in_turn(waiting, NOBODY, now=0.0):
        got[one.person] += one.seconds
        left[one.person] -= 1
        if not all(left.values()):
            break
        assert max(got.values()) - min(got.values()) <= 2 * longest


@settings(max_examples=100, deadline=None)
@given(arrivals, st.sampled_from(["", "wan"]))
def test_what_is_foretold_is_what_happens_turn_by_turn(asked, loaded):
    waiting = [
        job(n, who, cost, when, draft=draft, engine=engine, priority=priority)
        for n, (who, when, cost, draft, engine, priority) in enumerate(asked)
    ]
    foretold = list(turns.in_turn(waiting, NOBODY, loaded=loaded, now=1000.0))

    now, standing, happened = 1000.0, NOBODY, []
    while waiting:
        one, quantum = turns.next_one(waiting, standing, loaded=loaded)
        now += max(one.seconds, turns.LEAST_S)
        standing, loaded = standing.after(one, quantum=quantum, at=now), one.engine
        waiting.remove(one)
        happened.append(one)

    assert foretold == happened
