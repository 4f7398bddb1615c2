"""Accessibility, judged by axe-core in the page itself."""

from pathlib import Path

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page) -> list[str]:
    """What axe finds wrong on `page`, one line an element; the page's own policy stays as it is.

    The script is handed in by the debugger's door, which no policy closes, so that the page is judged
    exactly as visitors get it.
    """
    page.evaluate(SCRIPT.read_text())
    result = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}"
        for found in result["violations"]
        for node in found["nodes"]
    ]
