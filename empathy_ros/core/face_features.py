# SPDX-License-Identifier: Apache-2.0
"""Head pose, gaze, closed eyes and action-unit proxies of the person who agreed.

The landmark network costs more than finding the face, so it runs a few times a second; what it
last said holds until the next time. It also tells when the expression must not be read: the face
is turned too far, or the eyes have been closed for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
import math

import numpy as np
from numpy.typing import NDArray

from empathy_ros.core.action_units import closure, NeutralBaseline, PROXIES, proxies, smiles
from empathy_ros.core.face import Face
from empathy_ros.core.gaze import Eye, Gaze, gaze_of
from empathy_ros.core.head_pose import FaceMesh, from_the_front, head_pose, HeadPose
from empathy_ros.core.params import param

Image = NDArray[np.uint8]
FloatArray = NDArray[np.float64]

NS_PER_S = 1_000_000_000
NO_LANDMARKS = 'no_landmarks'
TURNED_AWAY = 'turned_away'
EYES_CLOSED = 'eyes_closed'
ASLANT_RAD = 0.35


def _unknown() -> FloatArray:
    return np.full(len(PROXIES), np.nan)


@dataclass(frozen=True)
class FaceFeaturesConfig:
    """How often the points of a face are looked for, and when they forbid to read it.

    The limits come from 3,143 pictures of the FER+ validation part: of the answers of the
    expression network 94 % were right up to 30 degrees to the side and 20 down, 91 % to 40 and 89
    % to 30, 87 % and 74 % beyond; 81 % of 31 where no points were found.
    """

    landmarks_hz: float = param(
        2.0, 'Head pose, gaze, eyes and brows per second at most; 0 = never [Hz].', lo=0.0, hi=30.0
    )
    iris: bool = param(
        True, 'Look into the eyes too: gaze and closed eyes; costs twice as much again.',
        read_only=True,
    )  # fmt: skip
    min_landmark_score: float = param(
        0.5, 'Smallest score of the points of a face.', lo=0.1, hi=0.99
    )
    max_yaw_rad: float = param(
        0.7, 'A face turned further to the side is not read [rad].', lo=0.1, hi=1.6
    )
    max_pitch_rad: float = param(
        0.5, 'A face turned further up or down is not read [rad].', lo=0.1, hi=1.6
    )
    closed_share: float = param(
        0.8, 'Both eyes at least so far closed count as closed, 0..1.', lo=0.3, hi=1.0
    )
    closed_after_s: float = param(
        1.0, 'With the eyes closed for so long the face is not read [s].', lo=0.1, hi=30.0
    )
    baseline_readings: int = param(
        30, 'Neutral looks of the person before changes against them are given.',
        lo=3, hi=300, read_only=True,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class FaceFeatures:
    """What the points of one face say.

    Attributes:
        stamp_ns: Acquisition time of the picture.
        id: Face track.
        person_id: The person who agreed.
        pose: Of the head, None = unknown.
        gaze: None = unknown.
        eye_closure: Right and left eye, 0 = open .. 1 = closed, NaN = unknown.
        proxies: Shape (8,), order of action_units.PROXIES, NaN = unknown.
        change: The same minus the person's own neutral face, NaN = not known yet.
        score: Of the landmarks, 0..1.
        reason: 'no_landmarks', 'turned_away', 'eyes_closed' or ''.
        model_id: Manifest entry of the landmark network.
        model_hash: First 12 hexadecimal digits of its sha256.
    """

    stamp_ns: int
    id: str
    person_id: str
    pose: HeadPose | None = None
    gaze: Gaze | None = None
    eye_closure: tuple[float, float] = (math.nan, math.nan)
    proxies: FloatArray = field(default_factory=_unknown)
    change: FloatArray = field(default_factory=_unknown)
    score: float = 0.0
    reason: str = ''
    model_id: str = ''
    model_hash: str = ''


class FeatureReader:
    """Looks at the points of one person's face a few times a second."""

    def __init__(
        self,
        landmarks: Callable[[Image, Face], FaceMesh],
        eyes: Callable[[Image, FaceMesh], tuple[Eye, Eye]] | None = None,
        config: FaceFeaturesConfig | None = None,
        model: tuple[str, str] = ('', ''),
    ) -> None:
        """Keep the parts.

        Args:
            landmarks: Picture, shape (h, w, 3), and face to its points.
            eyes: Picture and points to the right and the left eye; None = not looked at.
            config: Rates and limits.
            model: Manifest entry of the landmark network and its hash.
        """
        self._landmarks, self._eyes, self._model = landmarks, eyes, model
        self.config = config or FaceFeaturesConfig()
        self._baseline = NeutralBaseline(self.config.baseline_readings)
        self._newest: FaceFeatures | None = None
        self._closed_ns: int | None = None

    def clear(self) -> None:
        """Forget the person and the face."""
        self._baseline.clear()
        self.pause()

    def pause(self) -> None:
        """Forget the face, not the person's neutral one: nobody is looked at now."""
        self._newest = self._closed_ns = None

    def look(
        self, image_bgr: Image, face: Face, track_id: str, person_id: str, stamp_ns: int
    ) -> FaceFeatures | None:
        """Return the features of a face, None when it is not yet time for another look.

        Args:
            image_bgr: Shape (h, w, 3), uint8.
            face: The face in it.
            track_id: Its track.
            person_id: Who it is; '' = nobody, nothing is looked for.
            stamp_ns: Time of the picture; when it goes back, only the neutral face is kept.
        Raises:
            Whatever `landmarks` and `eyes` raise.
        """
        newest = self._newest
        if newest is not None and (newest.id != track_id or newest.stamp_ns > stamp_ns):
            self.pause()
        if not person_id or not self._due(stamp_ns):
            return None
        mesh = self._landmarks(image_bgr, face)
        if mesh.score < self.config.min_landmark_score:
            self._newest = FaceFeatures(
                stamp_ns, track_id, person_id, score=mesh.score, reason=NO_LANDMARKS,
                model_id=self._model[0], model_hash=self._model[1],
            )  # fmt: skip
        else:
            eyes = self._eyes(image_bgr, mesh) if self._eyes is not None else ()
            self._newest = self._measured(mesh, eyes, track_id, person_id, stamp_ns)
        return self._newest

    def _measured(
        self,
        mesh: FaceMesh,
        eyes: tuple[Eye, ...],
        track_id: str,
        person_id: str,
        stamp_ns: int,
    ) -> FaceFeatures:
        pose = head_pose(mesh)
        closed = tuple(closure(eye.opening) for eye in eyes)
        values = proxies(from_the_front(mesh, pose), closed)
        return FaceFeatures(
            stamp_ns,
            track_id,
            person_id,
            pose,
            gaze_of(pose, eyes),
            (closed[0], closed[1]) if closed else (math.nan, math.nan),
            values,
            self._baseline.change(person_id, values),
            mesh.score,
            self._reason(pose, closed, values, stamp_ns),
            *self._model,
        )

    def seems_neutral(self, person_id: str) -> None:
        """Take the newest proxies, once, as neutral ones: the face was read as neutral."""
        newest = self._newest
        if newest is None or newest.pose is None or newest.person_id != person_id:
            return
        if max(abs(newest.pose.yaw_rad), abs(newest.pose.pitch_rad)) < ASLANT_RAD:
            self._baseline.add(person_id, newest.proxies)

    def hindrance(self, track_id: str) -> str:
        """Return why the expression of a face must not be read now, '' when it may."""
        newest = self._newest
        if newest is None or newest.id != track_id or newest.reason == NO_LANDMARKS:
            return ''
        return newest.reason

    def clearness(self, track_id: str) -> float:
        """Return how well the face can be read, 1 = frontal .. 0.5 = at the limit, no points."""
        newest = self._newest
        if newest is None or newest.id != track_id:
            return 1.0
        if newest.pose is None:
            return 0.5
        turned = max(
            abs(newest.pose.yaw_rad) / self.config.max_yaw_rad,
            abs(newest.pose.pitch_rad) / self.config.max_pitch_rad,
        )
        return 1.0 - 0.5 * min(1.0, max(0.0, 2.0 * turned - 1.0))

    def _due(self, stamp_ns: int) -> bool:
        rate_hz = self.config.landmarks_hz
        if rate_hz <= 0.0:
            self.pause()
            return False
        if self._newest is None:
            return True
        # A frame that comes a little early still counts, or every second one would be missed.
        return stamp_ns - self._newest.stamp_ns >= 0.9 * NS_PER_S / rate_hz

    def _reason(
        self, pose: HeadPose, closed: tuple[float, ...], values: FloatArray, stamp_ns: int
    ) -> str:
        # Laughing narrows the eyes as much as sleep.
        if not closed or min(closed) < self.config.closed_share or smiles(values):
            self._closed_ns = None
        elif self._closed_ns is None:
            self._closed_ns = stamp_ns
        if (
            abs(pose.yaw_rad) > self.config.max_yaw_rad
            or abs(pose.pitch_rad) > self.config.max_pitch_rad
        ):
            return TURNED_AWAY
        closed_ns = self._closed_ns
        if closed_ns is not None and stamp_ns - closed_ns >= self.config.closed_after_s * NS_PER_S:
            return EYES_CLOSED
        return ''
