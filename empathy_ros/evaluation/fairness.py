# SPDX-License-Identifier: Apache-2.0
"""Are some people called sad or angry more often than others? Ratios with bootstrap intervals.

Nothing is known about how the people in the pictures felt, so shares are compared, not errors:
there is no reason why one group should look sad far more often than another in pictures of the
same kind. Women smile more often in photographs, so other groups are compared with both sexes at
equal weight where the sex is known.

Two shares are compared: of the answers, which is what a user meets; and the mean probability over
all faces that were read, abstained or not, which differs between groups long before answers do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from empathy_ros.evaluation.common import wilson
from empathy_ros.evaluation.scores import BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED, interval, number

FLAG_RATIO = 1.25
UNPLEASANT = ('sadness', 'anger', 'disgust', 'fear', 'contempt')
SEX_COLUMNS = ('sex', 'gender')
FEWEST = 20


@dataclass(frozen=True, eq=False)
class Audited:
    """What an audit needs of n pictures; arrays of shape (n,) if nothing is said.

    Attributes:
        probabilities: Shape (n, k), of each class; a row of NaN = not read.
        answered: Above the smallest confidence.
        changed: Share of small changes of the picture that changed the class, 0..1, NaN = none.
        fit: Frontal and sharp: such pictures only are compared.
    """

    probabilities: NDArray[np.float64]
    answered: NDArray[np.bool_]
    changed: NDArray[np.float64]
    fit: NDArray[np.bool_]

    @property
    def read(self) -> NDArray[np.bool_]:
        """Which pictures were read at all."""
        return np.asarray(np.isfinite(self.probabilities).all(axis=1))

    @property
    def answers(self) -> NDArray[np.float64]:
        """Shape (n, k): 1 for the class that was answered; zeros = no answer."""
        hit = np.zeros_like(self.probabilities)
        said = self.answered & self.read
        hit[said, self.probabilities[said].argmax(axis=1)] = 1.0
        return hit


def audit(
    seen: Audited, columns: Mapping[str, Sequence[str]], classes: Sequence[tuple[int, str]]
) -> dict[str, object]:
    """Return the table of ratios per column and value, and the flags, certain ones first.

    Args:
        seen: The pictures.
        columns: Value of each picture, by column.
        classes: (number, name) of each class.
    """
    sexes = next((columns[name] for name in SEX_COLUMNS if name in columns), None)
    kinds = {
        'answers': (seen.answers, seen.fit & seen.read & seen.answered),
        'probability': (seen.probabilities, seen.fit & seen.read),
    }
    tables: dict[str, dict[str, object]] = {}
    flags: list[dict[str, object]] = []
    for column, values in columns.items():
        plain = sexes is None or column in SEX_COLUMNS
        strata = np.array([''] * len(values) if plain else sexes)
        tables[column] = {}
        for value in sorted(set(values)):
            inside = np.array(values) == value
            entry = _group(seen, inside)
            tables[column][value] = entry
            for kind, (shares, used) in kinds.items() if value != 'unknown' else ():
                ratios = _ratios(shares[used], inside[used], strata[used], classes)
                entry[kind] = ratios
                where = {'by': kind, 'column': column, 'value': value}
                flags += [where | flag for flag in _flags(ratios, kind == 'answers')]
    return {
        'n_frontal_sharp': int(seen.fit.sum()),
        'n_answering': int(kinds['answers'][1].sum()),
        'flag_above': FLAG_RATIO,
        'flags': sorted(flags, key=lambda flag: flag['certain'] is not True),
        'columns': tables,
    }


def _group(seen: Audited, inside: NDArray[np.bool_]) -> dict[str, object]:
    """Return how often and how surely a group is answered, frontal and sharp pictures only."""
    fit = inside & seen.fit
    n, said = int(fit.sum()), int((fit & seen.answered).sum())
    return {
        'n': int(inside.sum()),
        'frontal_sharp': n,
        'answering': said,
        'abstain_rate': number(1 - said / n) if n else None,
        'abstain_interval': interval(wilson(n - said, n)),
        'mean_confidence': _mean(seen.probabilities[fit & seen.read].max(axis=1, initial=0.0)),
        'changed_by_small_changes': _mean(seen.changed[fit]),
    }


def _mean(values: NDArray[np.float64]) -> dict[str, float | None]:
    known = values[np.isfinite(values)]
    if not len(known):
        return {'mean': None, 'plus_minus': None}
    spread = 1.96 * float(known.std()) / len(known) ** 0.5
    return {'mean': number(float(known.mean())), 'plus_minus': number(spread)}


def _ratios(
    shares: NDArray[np.float64],
    inside: NDArray[np.bool_],
    strata: NDArray[np.str_],
    classes: Sequence[tuple[int, str]],
) -> dict[str, dict[str, object]]:
    """Return per class the share inside, outside, and their ratio with its interval.

    Args:
        shares: Shape (n, k), of each picture.
        inside: Shape (n,).
        strata: Shape (n,); each has the same weight, those without both sides are left out.
        classes: (number, name) of each class.
    """
    n = len(shares)
    if not inside.any() or inside.all():
        return {}
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    drawn = rng.multinomial(n, np.full(n, 1.0 / n), size=BOOTSTRAP_ROUNDS)
    weights = np.concatenate([np.ones((1, n)), drawn])
    ours, theirs = _both_sides(shares, inside, strata, weights)
    with np.errstate(divide='ignore', invalid='ignore'):
        ratios = ours / theirs
    table: dict[str, dict[str, object]] = {}
    for i, name in classes:
        known = np.sort(ratios[1:, i][~np.isnan(ratios[1:, i])])
        # By rank, not between two values: a ratio may be infinite where the others have no hit.
        ends = [known[round(p * (len(known) - 1))] for p in (0.025, 0.975)] if len(known) else []
        table[name] = {
            'share': number(float(ours[0, i])),
            'share_of_others': number(float(theirs[0, i])),
            'ratio': _finite(float(ratios[0, i])),
            'interval': [_finite(float(end)) for end in ends],
            'sum': _finite(float(shares[inside, i].sum())),
            'sum_of_others': _finite(float(shares[~inside, i].sum())),
        }
    return table


def _both_sides(
    shares: NDArray[np.float64],
    inside: NDArray[np.bool_],
    strata: NDArray[np.str_],
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weighted mean shares inside and outside, each of shape (rounds, k)."""
    kept = [s for s in sorted(set(strata.tolist())) if len(set(inside[strata == s].tolist())) == 2]
    both = []
    for side in (True, False):
        parts = []
        for stratum in kept or ['']:
            rows = (inside == side) & ((strata == stratum) if kept else True)
            with np.errstate(divide='ignore', invalid='ignore'):
                total = weights[:, rows].sum(axis=1, keepdims=True)
                parts.append(weights[:, rows] @ shares[rows] / total)
        both.append(np.mean(parts, axis=0))
    return both[0], both[1]


def _finite(value: float) -> float | None:
    return round(value, 3) if np.isfinite(value) else None


def _flags(ratios: Mapping[str, Mapping[str, object]], counted: bool) -> list[dict[str, object]]:
    """Return which unpleasant classes a group gets too often.

    `certain` tells whether the whole interval is above 1, and counts are not too few for one.
    """
    flags: list[dict[str, object]] = []
    for name in UNPLEASANT:
        entry = ratios.get(name, {})
        ratio, ends = entry.get('ratio'), entry.get('interval')
        if not isinstance(ratio, float) or not isinstance(ends, list) or ratio <= FLAG_RATIO:
            continue
        hits = float(str(entry['sum'])) + float(str(entry['sum_of_others']))
        certain = ends[0] is not None and ends[0] > 1.0 and not (counted and hits < FEWEST)
        flags.append({'class': name, 'ratio': ratio, 'interval': ends, 'certain': certain})
    return flags
