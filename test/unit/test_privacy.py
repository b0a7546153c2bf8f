# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    'name', ['ORT_DISABLE_TELEMETRY', 'HF_HUB_OFFLINE', 'HF_HUB_DISABLE_TELEMETRY']
)
def test_importing_the_package_turns_reports_off(name: str) -> None:
    """Also without the start script, as under `ros2 launch`."""
    code = f'import empathy_ros, os; print(os.environ[{name!r}])'
    environment = {key: value for key, value in os.environ.items() if key != name}
    done = subprocess.run(
        [sys.executable, '-c', code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == '1'
