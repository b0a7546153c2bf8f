# SPDX-License-Identifier: Apache-2.0
"""`./empathy demo`: the whole graph on a real video and real speech, with a report."""
