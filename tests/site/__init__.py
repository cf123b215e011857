"""The site in a browser: what is seen, read, reached by keyboard and printed. Chromium with Playwright, and axe-core."""
