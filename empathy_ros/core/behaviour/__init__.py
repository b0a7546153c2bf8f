# SPDX-License-Identifier: Apache-2.0
"""The behaviour tree and what its leaves need (py_trees allowed here)."""
