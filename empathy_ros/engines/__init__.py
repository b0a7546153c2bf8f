# SPDX-License-Identifier: Apache-2.0
"""Heavy or outside things: models, devices, speech engines, storage."""
