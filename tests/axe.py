"""Accessibility, judged by axe-core in the page itself."""

from pathlib import Path

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


JUDGE = """rules => axe.run({ runOnly: rules, resultTypes: ["violations"] }).then(found =>
  found.violations.flatMap(({ id, nodes }) => nodes.map(n => `${id}: ${n.target} ${n.failureSummary}`)))"""


def findings(page) -> list[str]:
    """What axe finds wrong on `page`, one line an element; the page's own policy stays as it is.

    The script is handed in by the debugger's door, which no policy closes, so that the page is judged
    exactly as visitors get it. What it finds in order is not listed: that takes longer than looking.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text())
    return page.evaluate(JUDGE, RULES)
