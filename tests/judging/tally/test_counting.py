from collections import Counter
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from judging.tally.counting import METHODS, break_ties, count, duel_votes, settle, trimmed_mean
from tests.judging.tally import published

NAMES = "ABCDE"
MAJORITARIAN = ["plurality", "irv", "stv", "schulze", "ranked_pairs"]


@st.composite
def ballots(draw, most=9, ties=True, whole=False):
    """Up to nine ballots on up to five candidates, with ties and gaps unless told otherwise."""
    names = NAMES[: draw(st.integers(2, 5))]
    papers = []
    for _ in range(draw(st.integers(1, most))):
        order = draw(st.permutations(names))
        named = order if whole else order[: draw(st.integers(1, len(order)))]
        cuts = [draw(st.booleans()) if ties else True for _ in named[1:]]
        tiers = [[named[0]]]
        for one, cut in zip(named[1:], cuts, strict=True):
            if cut:
                tiers.append([one])
            else:
                tiers[-1].append(one)
        papers.append((draw(st.integers(1, 4)), tiers))
    return papers


def shape(counted):
    """Winners and order, regardless of how a tier is written down."""
    return set(counted.winners), [set(tier) for tier in counted.order]


# Published results


def test_schulze_s_examples():
    elections = published.examples()

    assert count("schulze", elections["schulze_wiki_45"]).winners == ["E"]
    assert count("schulze", elections["schulze_wiki_45"]).order == [["E"], ["A"], ["C"], ["B"], ["D"]]
    assert count("schulze", elections["schulze_wiki_30"]).winners == ["C"]


def test_tennessee_s_capital():
    tennessee = published.examples()["tennessee_100"]

    assert count("schulze", tennessee).winners == count("ranked pairs", tennessee).winners == ["N"]
    assert count("plurality", tennessee).winners == ["M"]
    runoff = count("irv", tennessee)
    assert runoff.winners == ["K"]
    assert runoff.rounds[-1].tallies == {"K": 58, "M": 42}


def test_burlington_s_mayor():
    votes = published.burlington()

    assert sum(weight for weight, _ in votes) == 8980
    assert count("irv", votes).winners == ["Kiss"]
    assert count("plurality", votes).winners == ["Wright"]
    assert count("schulze", votes).winners == count("ranked_pairs", votes).winners == ["Montroll"]
    duel = count("schulze", votes).rounds[0]
    assert duel.tallies == {"Montroll": 4067, "Kiss": 3477}
    assert duel.words == "Montroll beats Kiss by 4,067 to 3,477."


def test_borda_s_points():
    assert count("borda", published.examples()["tennessee_100"]).rounds[0].tallies == {
        "M": 126,
        "N": 194,
        "C": 173,
        "K": 107,
    }


# What every good count does


@settings(deadline=None)
@given(ballots(), st.sampled_from(sorted(METHODS)), st.integers(1, 3))
def test_everybody_is_placed_once_and_winners_stand_on_top(papers, method, seats):
    counted = count(method, papers, seats)

    everybody = {one for _, tiers in papers for tier in tiers for one in tier}
    assert sorted(one for tier in counted.order for one in tier) == sorted(everybody)
    assert len(counted.winners) >= min(seats, len(everybody))
    assert len(set(counted.winners)) == len(counted.winners)
    assert set(counted.order[0]) & set(counted.winners)
    assert all(step.words.strip() for step in counted.rounds)


@settings(deadline=None)
@given(ballots(), st.sampled_from(sorted(METHODS)), st.integers(1, 2), st.randoms())
def test_ballots_may_lie_in_any_order_and_names_make_no_difference(papers, method, seats, chance):
    mixed = [(weight, [chance.sample(tier, len(tier)) for tier in tiers]) for weight, tiers in papers]
    chance.shuffle(mixed)
    renamed = dict(zip(NAMES, chance.sample("VWXYZ", 5), strict=True))
    other = [(weight, [[renamed[one] for one in tier] for tier in tiers]) for weight, tiers in mixed]

    winners, order = shape(count(method, papers, seats))

    assert shape(count(method, other, seats)) == (
        {renamed[one] for one in winners},
        [{renamed[one] for one in tier} for tier in order],
    )


@settings(deadline=None)
@given(ballots(), st.sampled_from(sorted(METHODS)), st.integers(1, 2))
def test_a_weight_is_as_many_ballots(papers, method, seats):
    spread = [(1, tiers) for weight, tiers in papers for _ in range(weight)]

    assert shape(count(method, papers, seats)) == shape(count(method, spread, seats))


@settings(deadline=None)
@given(ballots(), st.sampled_from(MAJORITARIAN))
def test_whom_more_than_half_put_first_wins(papers, method):
    first = Counter()
    for weight, tiers in papers:
        first[tiers[0][0]] += weight * (len(tiers[0]) == 1)
    (favourite, votes), total = first.most_common(1)[0], sum(weight for weight, _ in papers)
    assume(2 * votes > total)

    assert count(method, papers).winners == [favourite]


@settings(deadline=None)
@given(ballots(), st.sampled_from(["schulze", "ranked_pairs"]))
def test_who_beats_everybody_wins(papers, method):
    votes = duel_votes(papers)
    names = {one for pair in votes for one in pair}
    best = [one for one in names if all(votes[one, k] > votes[k, one] for k in names - {one})]
    assume(best)

    assert count(method, papers).winners == best


@settings(deadline=None)
@given(ballots(most=6), st.data())
def test_schulze_is_not_moved_by_a_clone(papers, data):
    names = sorted({one for _, tiers in papers for tier in tiers for one in tier})
    twin = data.draw(st.sampled_from(names))
    cloned = []
    for weight, tiers in papers:
        pair = data.draw(st.sampled_from([[[twin], ["Z"]], [["Z"], [twin]], [[twin, "Z"]]]))
        wide = []
        for tier in tiers:
            if tier == [twin]:
                wide += pair
            else:
                wide.append([*tier, "Z"] if twin in tier else tier)
        cloned.append((weight, wide))

    alone, among = count("schulze", papers).winners, count("schulze", cloned).winners

    assert set(alone) - {twin} == set(among) - {twin, "Z"}
    assert (twin in alone) == bool({twin, "Z"} & set(among))


@settings(deadline=None)
@given(ballots())
def test_the_instant_run_off_is_the_transferable_vote_with_one_seat(papers):
    assert count("irv", papers) == count("stv", papers, 1)


@settings(deadline=None)
@given(ballots(), st.integers(1, 3))
def test_no_vote_is_lost_or_made_in_transfer(papers, seats):
    total = sum(weight for weight, _ in papers)

    for step in count("stv", papers, seats).rounds:
        assert sum(step.tallies.values(), step.spent) == total


# Transfers, beside a plain reading of the rule


def reference(papers, seats, lots):
    """Weighted inclusive Gregory for ballots without ties; `lots` decides who of the tied goes first."""
    hopeful, elected = {one for _, tiers in papers for [one] in tiers}, []
    quota = sum(weight for weight, _ in papers) // (seats + 1) + 1
    held = [[Fraction(weight), [one for [one] in tiers], None] for weight, tiers in papers]
    surplus = set()

    def deal(given_by, share):
        for pile in [pile for pile in held if pile[2] == given_by]:
            nxt = next((one for one in pile[1] if one in hopeful), "nobody")
            held.append([pile[0] * share, pile[1], nxt])
            pile[0] -= pile[0] * share

    deal(None, 1)
    while True:
        votes = {one: sum(p[0] for p in held if p[2] == one) for one in hopeful | surplus}
        for one in sorted(hopeful, key=lambda one: -votes[one]):
            if votes[one] >= quota:
                hopeful.discard(one)
                elected.append(one)
                surplus |= {one} if votes[one] > quota else set()
        if len(elected) >= seats:
            return set(elected)
        if len(elected) + len(hopeful) <= seats:
            return {*elected, *hopeful}
        if surplus:
            one = max(surplus, key=lambda one: (votes[one], lots.index(one)))
            surplus.discard(one)
            deal(one, (votes[one] - quota) / votes[one])
        else:
            one = min(hopeful, key=lambda one: (votes[one], lots.index(one)))
            hopeful.discard(one)
            deal(one, 1)


@settings(max_examples=60, deadline=None)
@given(ballots(ties=False), st.integers(1, 3))
def test_winners_are_those_of_some_way_to_draw_lots(papers, seats):
    names = sorted({one for _, tiers in papers for [one] in tiers})
    seats = min(seats, len(names))

    by_lot = [reference(papers, seats, lots) for lots in permutations(names)]

    assert set(count("stv", papers, seats).winners) == set().union(*by_lot)


def test_a_surplus_is_passed_on_in_exact_shares():
    papers = [(7, [["p"], ["h"]]), (4, [["d"]]), (4, [["h"]]), (2, [["c"], ["d"]])]

    counted = count("stv", papers, 2)

    assert [step.tallies["h"] for step in counted.rounds[:2]] == [4, 5]
    assert counted.rounds[0].words == "p reaches the quota of 6. p’s surplus of 1 goes on."
    assert counted.rounds[1].words == "c has the fewest votes and leaves."
    assert counted.winners == ["d", "p"]
    assert counted.rounds[-1].words == "d reaches the quota of 6. d and p have won."


def test_a_tie_to_leave_that_decides_is_reported_as_a_tie():
    counted = count("irv", [(3, [["A"], ["C"]]), (2, [["B"], ["A"]]), (2, [["C"], ["B"]])])

    assert counted.winners == ["A", "B"]
    assert counted.rounds[0].words == (
        "B and C are tied: if B leaves first, A can win; if C leaves first, B can win. "
        "Shown is what follows if B leaves first."
    )
    assert counted.rounds[-1].words.endswith("A and B are tied for the win.")


def test_more_ties_than_can_be_followed_leave_all_of_them_tied():
    names = [f"{n:02}" for n in range(20)]
    papers = [(1, [[one], [names[n - 1]]]) for n, one in enumerate(names)]

    counted = count("irv", papers)

    assert counted.winners == names
    assert counted.rounds[0].words.startswith("There are too many ties")


# Ties among equally strong defeats


def test_a_circle_of_equal_defeats_ties_all_who_are_in_it():
    papers = [(1, [["A"], ["B"], ["C"]]), (1, [["B"], ["C"], ["A"]]), (1, [["C"], ["A"], ["B"]])]

    assert count("ranked_pairs", papers).winners == ["A", "B", "C"]
    assert count("schulze", papers).winners == ["A", "B", "C"]


def locked_by_lot(papers, lots):
    """Ranked pairs with equal defeats in the order `lots` gives."""
    votes = duel_votes(papers)
    defeats = [pair for pair in votes if votes[pair] > votes[pair[::-1]]]
    locked = set()

    def leads(start, goal):
        return start == goal or any(leads(k, goal) for one, k in locked if one == start)

    for one, other in sorted(
        defeats, key=lambda p: (-votes[p], votes[p[::-1]], lots.index(p[0]), lots.index(p[1]))
    ):
        if not leads(other, one):
            locked.add((one, other))
    return {one for one in lots if not any(other == one for _, other in locked)}


@settings(max_examples=60, deadline=None)
@given(ballots(most=4, whole=True, ties=False))
def test_ranked_pairs_win_under_every_order_of_equals_that_lots_could_give(papers):
    names = sorted({one for _, tiers in papers for tier in tiers for one in tier})

    winners = set(count("ranked_pairs", papers).winners)

    for lots in permutations(names):
        assert locked_by_lot(papers, lots) <= winners


# Panels


def test_a_panel_leaves_out_its_extremes():
    scores = np.array([[1, 5], [5, 5], [6, np.nan], [7, 9], [10, np.nan]], float)

    assert trimmed_mean(scores).tolist() == [6, 5]
    assert trimmed_mean(scores[:2]).tolist() == [3, 5]  # too few to leave any out
    assert trimmed_mean(scores, drop=0)[0] == 5.8
    assert np.isnan(trimmed_mean(np.full((3, 1), np.nan))).all()
    with pytest.raises(ValueError, match="table"):
        trimmed_mean([1, 2, 3])


def test_trimmed_points_leave_out_each_candidate_s_best_and_worst_vote():
    papers = [(1, [["A"], ["B"], ["C"]]), (2, [["B"], ["A"], ["C"]]), (1, [["C"], ["B"], ["A"]])]

    assert count("trimmed", papers).rounds[0].tallies == {"A": 1, "B": Fraction(3, 2), "C": 0}


# Ballots as people make them


def test_a_tie_on_a_ballot_shares_the_vote():
    papers = [(1, [["A", "B"]]), (2, [["C"]])]

    assert count("plurality", papers).rounds[0].tallies == {"A": Fraction(1, 2), "B": Fraction(1, 2), "C": 2}
    assert count("approval", papers).rounds[0].tallies == {"A": 1, "B": 1, "C": 2}
    assert count("borda", papers).rounds[0].tallies == {"A": Fraction(5, 2), "B": Fraction(5, 2), "C": 4}


def test_who_stands_on_no_ballot_is_last():
    assert count("borda", [(1, [["A"]])], candidates=["A", "B"]).order == [["A"], ["B"]]


def test_a_decimal_weight_is_taken_as_it_is_printed():
    assert count("plurality", [(0.1, [["A"]]), (0.2, [["A"]]), (0.3, [["B"]])]).winners == ["A", "B"]


def test_more_seats_than_candidates_seat_everybody():
    for method in METHODS:
        assert sorted(count(method, [(1, [["A"], ["B"]])], 5).winners) == ["A", "B"]


@pytest.mark.parametrize(
    ("papers", "seats", "why"),
    [
        ([], 1, "nobody"),
        ([(1, [])], 1, "nobody"),
        ([(1, [["A"], ["A"]])], 1, "twice"),
        ([(-1, [["A"]])], 1, "negative"),
        ([(float("nan"), [["A"]])], 1, "number"),
        ([(1, [["A"]])], 0, "seat"),
    ],
)
def test_bad_ballots_are_refused_in_words(papers, seats, why):
    with pytest.raises(ValueError, match=why):
        count("irv", papers, seats)


def test_unknown_counts_and_candidates_are_refused():
    with pytest.raises(ValueError, match="no count called 'coin toss'"):
        count("coin toss", [(1, [["A"]])])
    with pytest.raises(ValueError, match="B does not stand"):
        count("borda", [(1, [["B"]])], candidates=["A"])


# Lots


def test_lots_follow_from_the_seed_alone():
    # printf 'S\nA' | sha256sum gives c206…, B ed6b…, C 8113…
    assert break_ties(["A", "B", "C"], "S") == break_ties(["C", "B", "A"], "S") == ["C", "A", "B"]
    orders = {tuple(break_ties(["A", "B", "C"], f"seed {n}")) for n in range(60)}
    assert len(orders) == 6


def test_a_tie_is_settled_by_lot_and_the_transcript_says_so():
    tied = count("plurality", [(2, [["A"]]), (1, [["B"]]), (1, [["C"]])], 2)
    assert tied.winners == ["A", "B", "C"]

    settled = settle(tied, "lottery of 1 May", 2)

    first, _ = break_ties(["B", "C"], "lottery of 1 May")
    assert settled.winners == ["A", first]
    assert settled.rounds[:-1] == tied.rounds
    assert "the seed “lottery of 1 May”" in settled.rounds[-1].words
    assert settle(settled, "again", 2) is settled
