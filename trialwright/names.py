"""The names of what a build leaves."""

LATEST = "latest"
MANIFEST = "manifest.json"
REPORT = "report.html"
FINDINGS = "validation/findings.json"
