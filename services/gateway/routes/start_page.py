"""The page at `/`, which loads nothing: what this is, whether it is ready, and where things are."""

from html import escape
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from services.gateway.readiness import AskReadiness

LINKS: Final = (
    ("/docs", "API", "every path with its fields, to be tried out here"),
    ("/openapi.json", "OpenAPI", "the same for programs"),
    ("/api/v1/strategies", "Strategies", "the catalogue"),
    ("/api/v1/strategies/types", "Strategy types", "what can be run, with its parameters"),
    ("/api/v1/backtests", "Backtests", "the newest first"),
    ("/api/v1/metrics", "Metrics", "what the figures mean"),
    ("/health/ready", "Health", "for probes"),
)

PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Backchat</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }}
h1 {{ margin-bottom: 0 }}
dt {{ float: left; clear: left; width: 9rem }}
dd {{ margin: 0 0 .3rem 9rem }}
code, pre {{ font: 14px/1.5 ui-monospace, monospace }}
pre {{ padding: .8rem; overflow-x: auto; background: color-mix(in srgb, currentColor 8%, transparent) }}
.state {{ padding: .1rem .6rem; border-radius: 1rem; border: 1px solid currentColor }}
</style>
</head>
<body>
<h1>Backchat</h1>
<p>Talk back to your backtests: ask in Korean or English, and get answers from stored results.</p>
<p><span class="state">{state}</span> {checks}</p>
<h2>Where things are</h2>
<dl>{links}</dl>
<h2>A first question</h2>
<pre>API=http://ADDRESS-OF-THIS-PAGE/api/v1/chatops-advanced
SESSION=$(curl -s -X POST $API/session/create | cut -d '"' -f 4)
curl $API/session/$SESSION/chat -H 'Content-Type: application/json' \\
  -d '{{"message": "Which strategy is steadier?"}}'</pre>
<p>Other programs publish and read events on Kafka: <code>contracts/README.md</code> says how, and
<code>contracts/asyncapi.json</code> lists the topics. How to run it: <code>docs/README.md</code>.</p>
</body>
</html>
"""


def routes(readiness: AskReadiness) -> APIRouter:
    router = APIRouter()

    @router.get("/", include_in_schema=False)
    async def start_page() -> HTMLResponse:
        found = await readiness()
        parts = {name: "ok" if passed else "does not answer" for name, passed in found.checks.items()} | {
            name: f"without {', '.join(each.without)}" if each.without else "does not answer"
            for name, each in found.degraded.items()
        }
        told = ", ".join(f"{escape(name)}: {escape(said)}" for name, said in parts.items())
        links = "".join(
            f'<dt><a href="{address}">{escape(title)}</a></dt><dd>{escape(meaning)}</dd>'
            for address, title, meaning in LINKS
        )
        return HTMLResponse(
            PAGE.format(state=found.status, checks=told, links=links),
            headers={
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
            },
        )

    return router
