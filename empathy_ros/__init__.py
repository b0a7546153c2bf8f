# SPDX-License-Identifier: Apache-2.0
"""From a face, a voice and words to a kind and honest answer, on ROS 2."""

import os

__version__ = '0.1.0'

# Nothing leaves the home: ONNX Runtime and the model hub's client report to their makers unless
# told not to before they are imported. Whoever wants that sets the variables to another value.
for _name in ('ORT_DISABLE_TELEMETRY', 'HF_HUB_OFFLINE', 'HF_HUB_DISABLE_TELEMETRY'):
    os.environ.setdefault(_name, '1')
