# SPDX-License-Identifier: Apache-2.0
"""`empathy eval fusion`: figures by hand, no person on both sides of a fit, bad files by row."""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import pytest

from empathy_ros import cli
from empathy_ros.core.fusion_pool import Evidence, pool
from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.evaluation import fusion as evaluation
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.fusion_crema import read
from empathy_ros.evaluation.fusion_data import CHANNELS
from empathy_ros.evaluation.fusion_figures import (
    accuracy,
    Arm,
    macro_f1,
    People,
    uar,
    wrongly,
)
from empathy_ros.evaluation.fusion_fit import (
    fit,
    fit_table,
    fit_weights,
    folds_by_person,
    Heard,
    posterior,
)

VOTES = (
    Path(os.environ.get('EMPATHY_DATA', '/nowhere'))
    / 'voice' / 'crema_d_votes' / 'summaryTable.csv'
)  # fmt: skip
HEADER = (
    'face_neutral,face_happy,face_sad,voice_neutral,voice_happy,voice_sad,label,speaker,age,'
    'face_quality,voice_snr_db,voice_level'
)
ROWS = (
    '0.1,0.8,0.1,0.8,0.1,0.1,happiness,a,71,1,20,50',
    '0.8,0.1,0.1,0.9,0.05,0.05,neutral,a,71,1,20,',
    '0.8,0.1,0.1,0.1,0.1,0.8,sad,b,34,0.5,0,80',
    ',,,0.1,0.1,0.8,sadness,b,34,1,12,40',
    '0.1,0.8,0.1,,,,smiling,c,,0.9,,',
)
LETTERS = {'NEU': 'N', 'HAP': 'H', 'SAD': 'S', 'ANG': 'A', 'DIS': 'D', 'FEA': 'F'}


def run(file: Path, *more: str) -> dict:
    parser = argparse.ArgumentParser()
    evaluation.add_arguments(parser)
    return evaluation.run(parser.parse_args(['--data', str(file), *more]))


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    file = folder / 'clips.csv'
    file.write_text('\n'.join((header, *rows)) + '\n', encoding='utf-8')
    return file


def votes(folder: Path, people: int = 14, clips: int = 36) -> Path:
    """Write made-up votes in the form of CREMA-D: the face mixes up fear, the voice anger."""
    rng = np.random.default_rng(5)
    lines = ['"","FileName","VoiceVote","VoiceLevel","FaceVote","FaceLevel"']
    codes = tuple(LETTERS)
    for person in range(people):
        for clip in range(clips):
            code = codes[clip % 6]
            seen, heard = LETTERS[code], LETTERS[code]
            if code == 'FEA' and rng.random() < 0.6:
                seen = 'N'
            if code in ('ANG', 'NEU') and rng.random() < 0.5:
                heard = 'AN'[rng.integers(2)]
            if rng.random() < 0.2:
                heard = 'NHSADF'[rng.integers(6)]
            level = f'{rng.uniform(30, 90):.1f}'
            name = f'{1001 + person}_X{clip}_{code}_XX'
            lines.append(f'"1","{name}","{heard}","{level}","{seen}","{level}"')
    file = folder / 'summaryTable.csv'
    file.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    people_rows = (f'{1001 + p},{25 + 3 * p},"Female","Caucasian","x"' for p in range(people))
    (folder / 'VideoDemographics.csv').write_text(
        '\n'.join(('"ActorID","Age","Sex","Race","Ethnicity"', *people_rows)), encoding='utf-8'
    )
    return file


def test_report_counts_by_hand(tmp_path):
    result = run(table(tmp_path, *ROWS))
    assert result['n'] == 5
    assert result['classes'] == ['neutral', 'happiness', 'sadness']
    assert result['reliability'] == 'shipped'
    # Face: right, right, neutral for sad, no answer, right. Voice: wrong, right, right, right, no.
    assert result['accuracy']['face'] == 0.6
    assert result['accuracy']['voice'] == 0.6
    assert result['accuracy']['fused'] == 0.8
    assert result['people'] == 3
    assert set(result['groups']['age']) == {'70-79', '30-39', 'unknown'}
    assert result['per_class']['sadness']['n'] == 2
    assert result['confusion']['sadness'] == {'neutral': 0.5, 'happiness': 0.0, 'sadness': 0.5}
    assert set(result['ece']) == {'face', 'voice', 'face_learned', 'voice_learned', 'fused'}


def test_the_evaluation_pools_as_the_robot_does(tmp_path):
    clips = read(table(tmp_path, *ROWS))
    home = evaluation.prior_of(clips.classes, 'home')
    fused = evaluation.pool_all(clips, evaluation.shipped_logs(clips), home).fused
    columns = [BASIC8.index(name) for name in clips.classes]
    prior = np.zeros(8)
    prior[columns] = home
    for i in range(len(clips.truth)):
        said = []
        for modality in CHANNELS:
            channel = clips.channels[modality]
            if not np.isnan(channel.shares[i]).all():
                shares = np.full(8, np.nan)
                shares[columns] = channel.shares[i]
                said.append(Evidence(modality, shares, channel.quality[i], channel.level[i]))
        assert fused[i] == pytest.approx(pool(said, prior).basic[columns])


def test_sound_without_signal_leaves_the_face_alone(tmp_path):
    clips = read(table(tmp_path, ROWS[2]))
    prior = evaluation.prior_of(clips.classes, 'even')
    pooled = evaluation.pool_all(clips, evaluation.shipped_logs(clips), prior)
    arms = evaluation.arms_of(clips, pooled)
    assert clips.channels[CHANNELS[1]].quality[0] == 0.0
    assert pooled.fused == pytest.approx(arms['face_learned'].shares)


def test_the_level_can_be_left_out(tmp_path):
    file = table(tmp_path, *ROWS)
    with_level, without = run(file), run(file, '--ignore-level')
    assert with_level['levels_used']
    assert not without['levels_used']
    assert with_level['ece']['fused'] != without['ece']['fused']


def test_ties_are_shared_and_no_answer_is_wrong():
    arm = Arm(np.array([[0.5, 0.5, 0.0], [0.2, 0.2, 0.6], [np.nan] * 3]))
    people = People({'fused': arm}, np.array([0, 2, 1]), ['', '', ''])
    total = people.total('fused')
    assert accuracy(total) == pytest.approx(0.5)
    assert uar(total) == pytest.approx(0.5)
    assert macro_f1(total) == pytest.approx((2 * 0.5 / (1 + 0.5) + 0 + 1) / 3)
    assert arm.calibration(np.array([0, 2, 1])) == pytest.approx((0.0 + 0.4) / 2)


def test_wrongly_gloomy_counts_clips_of_other_classes_only():
    arm = Arm(np.array([[0.9, 0.1, 0.0], [0.1, 0.9, 0.0], [0.0, 0.5, 0.5], [0.0, 0.1, 0.9]]))
    assert wrongly(arm, np.array([0, 0, 2, 1]), [1]) == pytest.approx((0 + 1 + 0.5) / 3)


def test_folds_keep_people_together():
    person = [f'p{i % 10}' for i in range(200)]
    fold = folds_by_person(person, 4, 1)
    assert set(fold.tolist()) == {0, 1, 2, 3}
    for name in set(person):
        assert len({int(f) for f, p in zip(fold, person, strict=True) if p == name}) == 1


def test_fitted_table_counts():
    truth = np.repeat([0, 1], 500)
    shares = np.eye(2)[np.concatenate([np.repeat([0, 1], [400, 100]), np.repeat([1], 500)])]
    found = fit_table(Heard(shares, np.linspace(0, 100, 1000)), truth)
    assert found.named == pytest.approx(np.array([[0.8, 0.2], [0.0, 1.0]]), abs=0.01)


def test_weights_undo_evidence_that_is_counted_twice():
    """Two channels that always say the same deserve half the weight each."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, 6000)
    said = np.where(rng.random(6000) < 0.7, truth, rng.integers(0, 3, 6000))
    log = np.log(np.where(np.eye(3)[said] > 0, 0.8, 0.1))
    weights = fit_weights(np.stack([log, log], axis=1), truth)
    assert weights == pytest.approx(np.full((2, 3), 0.5), abs=0.06)
    p = posterior(np.stack([log, log], axis=1), weights)
    right = p.argmax(axis=1) == truth
    assert p.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.02)


def test_fit_is_deterministic_and_the_report_holds_together(tmp_path):
    file = votes(tmp_path)
    one, two = run(file), run(file)
    assert one == two
    assert one['form'] == 'crema_d'
    assert one['reliability'].startswith('refit')
    assert one['people'] == 14
    assert one['gain_over_better_single']['accuracy']['gain'] > 0.05
    assert one['ece']['fused'] < 0.06
    older = one['groups']['older']['60 and over']
    low, high = older['gloomy_wrongly_interval']
    assert low <= older['gloomy_wrongly']['fused'] <= high
    low, high = one['intervals']['accuracy']['fused']
    assert low < one['accuracy']['fused'] < high


def test_no_person_is_fitted_on_itself(tmp_path, monkeypatch):
    clips = read(votes(tmp_path))
    seen = []
    real = fit

    def watched(heard, truth, fold):
        seen.append(len(truth))
        return real(heard, truth, fold)

    monkeypatch.setattr(evaluation, 'fit', watched)
    evaluation.refitted_logs(clips)
    assert len(seen) == evaluation.FOLDS
    assert sum(len(clips.truth) - n for n in seen) == len(clips.truth)


@pytest.mark.parametrize(
    ('header', 'row', 'told'),
    [
        (HEADER, ROWS[0].replace('happiness', 'glee'), ('row 2', "unknown label 'glee'")),
        (HEADER, ROWS[0].replace('happiness', 'anger'), ('row 2', 'no face_ or voice_ column')),
        (HEADER, ROWS[0].replace('happiness', ''), ('row 2', 'label is empty')),
        (HEADER, ROWS[0].replace('0.1,0.8,0.1,0.8', 'nan,0.8,0.1,0.8'), ('row 2', 'face_neutral')),
        (HEADER, ROWS[0].replace('0.1,0.8,0.1,0.8', '-0.1,1.0,0.1,0.8'), ('row 2', '-0.1')),
        (HEADER, ROWS[0].replace('0.1,0.8,0.1,0.8', '0.4,0.8,0.1,0.8'), ('row 2', 'sum to 1.3')),
        (HEADER, ROWS[0].replace('0.1,0.8,0.1,0.8', 'x,0.8,0.1,0.8'), ('row 2', "'x' is not")),
        (HEADER, ROWS[0].replace('0.1,0.8,0.1,0.8', ',0.8,0.1,0.8'), ('row 2', 'face_neutral')),
        (HEADER, ROWS[0] + ',1', ('row 2', '13 fields')),
        (HEADER, ROWS[0].replace(',1,20,50', ',7,20,50'), ('row 2', 'face_quality')),
        (HEADER, ',,,,,,sad,a,1,1,1,1', ('row 2', 'neither face nor voice')),
        (HEADER.replace('label', 'truth'), ROWS[0], ('row 1', 'no column label')),
        (HEADER.replace('face_sad', 'face_blue'), ROWS[0], ('row 1', 'face_blue')),
        (HEADER.replace('face_sad', 'face_happiness'), ROWS[0], ('row 1', 'there twice')),
        (HEADER.replace('voice_', 'x'), ROWS[0], ('row 1', 'voice_CLASS')),
    ],
)
def test_bad_rows_are_named(tmp_path, header, row, told):
    with pytest.raises(BadInput) as caught:
        run(table(tmp_path, row, header=header))
    for word in ('clips.csv', *told):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ('old', 'new', 'told'),
    [
        ('1001_X0_NEU_XX', '1001_X0_JOY_XX', ('row 2', 'JOY')),
        ('1001_X0_NEU_XX', '1001-X0', ('row 2', 'FileName')),
        ('"1","1001_X0_NEU_XX","', '"1","1001_X0_NEU_XX","Q', ('row 2', 'voicevote')),
    ],
)
def test_bad_votes_are_named(tmp_path, old, new, told):
    file = votes(tmp_path)
    file.write_text(file.read_text(encoding='utf-8').replace(old, new, 1), encoding='utf-8')
    with pytest.raises(BadInput) as caught:
        run(file)
    for word in ('summaryTable.csv', *told):
        assert word in str(caught.value)


def test_empty_missing_and_few(tmp_path, capsys):
    for text in ('', HEADER + '\n'):
        file = tmp_path / 'clips.csv'
        file.write_text(text, encoding='utf-8')
        assert cli.main(['eval', 'fusion', '--data', str(file)]) == 2
        assert 'holds no rows' in capsys.readouterr().err
    assert cli.main(['eval', 'fusion', '--data', str(tmp_path / 'no.csv')]) == 2
    assert 'no such file' in capsys.readouterr().err
    assert cli.main(['eval', 'fusion', '--data', str(tmp_path)]) == 2
    assert 'is a folder' in capsys.readouterr().err
    (tmp_path / 'binary.csv').write_bytes(bytes(range(256)))
    assert cli.main(['eval', 'fusion', '--data', str(tmp_path / 'binary.csv')]) == 2
    assert 'binary.csv' in capsys.readouterr().err
    file = table(tmp_path, *ROWS)
    assert cli.main(['eval', 'fusion', '--data', str(file), '--reliability', 'refit']) == 2
    assert 'at least 7 speakers' in capsys.readouterr().err


def test_command_prints_one_json_object(tmp_path, capsys):
    assert cli.main(['eval', 'fusion', '--data', str(table(tmp_path, *ROWS)), '--json']) == 0
    assert json.loads(capsys.readouterr().out)['n'] == 5


@pytest.mark.skipif(not VOTES.is_file(), reason='needs EMPATHY_DATA/voice/crema_d_votes')
def test_fusion_is_better_than_the_better_channel_on_people_not_seen():
    result = run(VOTES)
    assert result['n'] == 7442
    assert result['gain_over_better_single']['accuracy']['gain'] >= 0.04
    assert result['gain_over_better_single']['accuracy']['interval'][0] > 0.02
    assert result['ece']['fused'] <= 0.03
