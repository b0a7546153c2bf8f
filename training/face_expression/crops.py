# SPDX-License-Identifier: Apache-2.0
"""Cuts the faces of a folder without expression labels out, as the robot would.

    ./empathy python training/face_expression/crops.py --data DIR --out FACES.npz

DIR holds labels.csv (file, age, gender) and its pictures; FACES.npz gets `images`
(n, 48, 48) uint8 and `groups` (n,), "gender, age" of each. It must lie outside the repository.
"""

from __future__ import annotations

import argparse
from pathlib import Path
import sys

import numpy as np

from empathy_ros.core.taxonomy import BASIC8
from empathy_ros.engines import face_models
from empathy_ros.evaluation.common import BadInput
from empathy_ros.evaluation.dataset import DataFolder
from empathy_ros.evaluation.face import largest_face_crop


def main() -> int:
    """Cut, write, and say how many faces were found."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--data', required=True, type=Path)
    parser.add_argument('--out', required=True, type=Path)
    args = parser.parse_args()
    folder = DataFolder(args.data, BASIC8.labels, label_required=False)
    find = largest_face_crop(face_models.load_all())
    images, groups = [], []
    for item in folder.items:
        crop = find(folder.read_image(item))
        if crop is not None:
            images.append(crop)
            groups.append(f'{item.values["gender"]}, {item.values["age"]}')
    np.savez_compressed(args.out, images=np.stack(images), groups=np.array(groups))
    print(f'{args.out}: {len(images)} faces in {len(folder.items)} pictures')
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except BadInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
