# SPDX-License-Identifier: Apache-2.0
"""Virtual people and scripted days."""
