NO_CHROMIUM = "没有 Chromium：装上 chromium 和 fonts-noto-cjk，或用 CHROMIUM=… 指明它。"
"""Why a test here was skipped, or failed where a browser is required."""
