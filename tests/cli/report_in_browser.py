#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page of `pmacrash report` in a real browser: it loads without a complaint and without the network, shows what the
database holds, filters, copies, is worked by keyboard alone, fits a phone, prints, and names all that it has for a screen reader.

    report_in_browser.py PMACRASH          exit code 77 if there is no browser
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import browser

HOSTILE = """
scenarios:
  - name: "a<b>&'\\"c"
    description: "</script><script>window.taken = 1</script><img src=x onerror='window.taken = 1'>"
    steps:
      - alloc: {name: a, pages: 2}
      - write: {name: a}
      - snapshot: {}
  - name: quiet
    description: Nothing but an empty arena.
    steps:
      - root: {index: 1, value: 2}
"""
KILLS = {"mutant": "m", "class": "barrier", "outcome": "killed", "oracle": "lost", "detail": "-", "scenario": "create",
         "copying": "eager", "model": "power-loss", "recoveries": 3, "seconds": 1, "pages": 1, "steps": "2/3"}

pmacrash = os.path.abspath(sys.argv[1])
failures = []


def check(what, holds, *details):
    if not holds:
        failures.append(what)
        print("FAILED:", what, *details)


def same(what, got, wanted):
    check(what, got == wanted, f"{got!r}, not {wanted!r}")


def run(*arguments, code=0):
    done = subprocess.run([pmacrash, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == code, f"pmacrash {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def query(sql):
    return json.loads(run("query", sql, "--json"))


def loads_alone(page):
    same("nothing on the console", page.complaints, [])
    same("nothing is asked of the network", len(page.requests), 1)
    same("no text became a script", page.ask("window.taken"), None)


def shows_what_the_database_holds(page):
    wanted = query("SELECT violations, crash_points, recoveries, plays FROM v_run ORDER BY run DESC LIMIT 1")[0]
    for name, value in wanted.items():
        same(f"the figure {name}", page.ask(f"document.querySelector('[data-figure={name}]').textContent"), f"{value:,}")
    rows = query("SELECT scenario, copying, model, outcome, recoveries FROM v_scenario WHERE run = 1 ORDER BY 1, 2")
    shown = page.ask("""[...document.querySelectorAll('table.plays tr[id]')].map(({dataset: d}) => ({scenario: d.scenario,
        copying: d.copying, model: d.model, outcome: d.outcome, recoveries: Number(d.recoveries)}))""")
    same("the plays", sorted(shown, key=lambda row: (row["scenario"], row["copying"])), rows)
    same("what the chart adds up to", page.ask("document.querySelector('#spent-chart figcaption').textContent").split(";")[1].split()[0],
         f"{wanted['recoveries']:,}")
    for row in query("SELECT violation FROM v_violation"):
        told = json.loads(run("show", f"v{row['violation']}", "--json"))
        text = page.ask(f"document.getElementById('v{row['violation']}').textContent")
        check(f"v{row['violation']} is told", told["headline"] in text)
        for line in told["timeline"].split("\n"):
            if line.strip().startswith("step "):
                check(f"v{row['violation']} has its timeline", line.strip() in text, line)
        commands = page.ask(f"[...document.querySelectorAll('#v{row['violation']} .command code')].map((c) => c.textContent)")
        check(f"v{row['violation']} says how to replay it", f"{pmacrash} replay v{row['violation']}" in commands, commands)


def draws_maps(page):
    play = query("SELECT scenario_id, crash_points FROM v_scenario WHERE outcome = 'violations' LIMIT 1")[0]
    name = f"#play-{play['scenario_id']}"
    if page.ask(f"document.querySelector('{name} button').getAttribute('aria-expanded')") == "false":
        page.ask(f"document.querySelector('{name} button').click()")
    panel = f"document.getElementById('panel-play-{play['scenario_id']}')"
    check("a map has cells", page.ask(f"{panel}.querySelectorAll('.cell').length") > 10)
    check("a map marks violations", page.ask(f"{panel}.querySelectorAll('.wrong').length") > 0)
    check("a map shows what was lost", page.ask(f"{panel}.querySelectorAll('.c-lost.cell, .c-both.cell').length") > 0)
    check("a map has all crash points", page.ask(f"{panel}.textContent").find(f"{play['crash_points']} crash points in") >= 0)
    place = page.ask(f"""(() => {{ const cell = {panel}.querySelector('.cell.c-durable'); cell.scrollIntoView({{block: 'center'}});
        const box = cell.getBoundingClientRect(); return {{x: box.x + 2, y: box.y + 2}}; }})()""")
    page.call("Input.dispatchMouseEvent", type="mouseMoved", **place)
    told = page.ask(f"{panel}.querySelector('output').value")
    check("pointing at a cell tells of it", "durable: one version is possible. Crash point" in told, told)
    page.ask(f"[...{panel}.querySelectorAll('button')].find((b) => b.textContent === 'As a table').click()")
    check("a map is a table too", page.ask(f"{panel}.querySelectorAll('tbody tr').length") > 3)
    page.ask("document.querySelectorAll('.plays button[aria-expanded=false]').forEach((b) => b.click())")
    check("where nothing was open, that is said", "At no crash point" in page.ask("document.querySelector('table.plays').textContent"))


def filters(page):
    def visible(selector):
        return page.ask(f"[...document.querySelectorAll('{selector}')].filter((e) => !e.hidden).length")

    def choose(name, value):
        page.ask(f"""(() => {{ const field = document.querySelector('#filters [name={name}]'); field.value = {json.dumps(value)};
            field.dispatchEvent(new Event('input', {{bubbles: true}})); }})()""")

    def count(where):
        return query(f"SELECT count(*) AS n FROM v_scenario WHERE {where}")[0]["n"]

    for name, value, where in (("scenario", "QUI", "scenario LIKE '%qui%'"), ("copying", "lazy", "copying = 'lazy'"),
                               ("model", "power-loss", "model = 'power-loss'"), ("outcome", "clean", "outcome = 'clean'")):
        choose(name, value)
        same(f"rows with {name} = {value}", visible("table.plays tr[id]"), count(where))
        choose(name, "")
    choose("outcome", "clean")
    same("violations of clean plays", visible(".violation"), 0)
    said = page.ask("document.getElementById('shown').value")
    check("the filter says what it left", said.startswith(f"""{count("outcome = 'clean'")} of """), said)
    choose("outcome", "")
    same("violations without a filter", visible(".violation"), query("SELECT count(*) AS n FROM v_violation")[0]["n"])


CONTROLS = """[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
    .filter((e) => e.checkVisibility({checkVisibilityCSS: true}) && !e.disabled)"""


def goes_by_keyboard(page):
    page.ask(f"window.controls = {CONTROLS}; window.met = new Set(); document.activeElement.blur(); window.scrollTo(0, 0); 0")
    wanted = page.ask("controls.length")
    unmarked = set()
    for _ in range(wanted + 5):
        page.press("Tab")
        if not page.ask("met.add(document.activeElement) && getComputedStyle(document.activeElement).outlineStyle !== 'none'"):
            unmarked.add(page.ask("document.activeElement.outerHTML.slice(0, 80)"))
    same("what Tab does not reach", page.ask("controls.filter((e) => !met.has(e)).map((e) => e.outerHTML.slice(0, 80))"), [])
    same("where the focus is not seen", unmarked - {page.ask("document.body.outerHTML.slice(0, 80)")}, set())
    page.ask("window.button = document.querySelector('.plays button[aria-expanded=true]'); button.focus()")
    page.press("Enter")
    same("Enter closes a map", page.ask("button.ariaExpanded"), "false")
    page.press("Enter")
    same("Enter opens a map", page.ask("button.ariaExpanded"), "true")
    page.ask("window.frame = document.getElementById(button.getAttribute('aria-controls')).querySelector('.map-frame'); frame.focus()")
    before = page.ask("frame.parentElement.querySelector('output').value")
    page.press("ArrowRight")
    page.press("ArrowDown")
    check("arrow keys move in a map", page.ask("frame.parentElement.querySelector('output').value") != before, before)


def copies(page):
    page.ask("document.querySelector('.command button').click()")
    page.ask("new Promise((done) => setTimeout(done, 50))")
    same("a command is copied", page.ask("document.querySelector('.command button').textContent"), "Copied")
    same("and that is said", page.ask("document.getElementById('said').textContent"), "Copied")


def is_named_for_screen_readers(page):
    tree = page.call("Accessibility.getFullAXTree")["nodes"]
    roles = {}
    for node in tree:
        role = node.get("role", {}).get("value")
        roles[role] = roles.get(role, 0) + 1
        if role in ("button", "link", "textbox", "searchbox", "combobox", "image", "table", "region", "application", "form", "search"):
            check(f"a {role} has a name", node.get("name", {}).get("value", "").strip(), node.get("properties"))
    for role in "banner", "navigation", "main", "contentinfo", "search":
        check(f"there is a landmark {role}", roles.get(role), roles)
    levels = page.ask("[...document.querySelectorAll('h1, h2, h3, h4')].map((h) => Number(h.tagName[1]))")
    same("there is one h1", levels.count(1), 1)
    check("no heading skips a level", all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels)
    same("the language", page.ask("document.documentElement.lang"), "en")
    page.ask("window.ids = [...document.querySelectorAll('[id]')].map((e) => e.id)")
    same("ids that are there twice", page.ask("ids.filter((id, i) => ids.indexOf(id) !== i)"), [])


def fits_everywhere(page, path):
    page.prefer("light")
    light = page.ask("getComputedStyle(document.body).backgroundColor")
    page.prefer("dark")
    check("dark is another paper", page.ask("getComputedStyle(document.body).backgroundColor") != light)
    for scheme in "light", "dark":
        page.prefer(scheme)
        for name in "--ink", "--faint", "--link", "--good", "--bad", "--warn":
            check(f"{name} can be read in {scheme}", contrast(page, name) >= 4.5, contrast(page, name))
    page.resize(360, 740)
    page.open(path)
    page.ask("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.ask("document.querySelectorAll('.plays button[aria-expanded=false]').forEach((b) => b.click())")
    check("a phone does not scroll sideways", page.ask("document.documentElement.scrollWidth <= innerWidth"),
          page.ask("document.documentElement.scrollWidth"))
    page.print(path + ".pdf")
    check("it prints", os.path.getsize(path + ".pdf") > 10000)


def contrast(page, name):
    """Of a colour on the paper, as the guidelines for accessible content reckon it."""
    def light(variable):
        colour = page.ask(f"getComputedStyle(document.documentElement).getPropertyValue('{variable}').trim()").lstrip("#")
        colour = "".join(c + c for c in colour) if len(colour) == 3 else colour
        parts = [int(colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    one, other = light(name), light("--paper")
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def notices_a_broken_page(page, path):
    """Or all of the above would prove nothing."""
    with open(path, encoding="utf-8") as whole, open("broken.html", "w", encoding="utf-8") as broken:
        planted = "<script>throw new Error('planted')</script><img alt='' src='file:///nowhere/planted.png'></body>"
        broken.write(whole.read().replace("default-src 'none'", "default-src *").replace("</body>", planted))
    page.open("broken.html")
    check("an exception is noticed", any("planted" in text for text in page.complaints))
    check("a request is noticed", any("planted.png" in url for url in page.requests))


def main():
    if not browser.find():
        print("SKIPPED: there is no chromium-headless-shell and no chromium to open the page in; scripts/bootstrap installs one")
        return 77
    with tempfile.TemporaryDirectory() as work, browser.Browser() as page:
        os.chdir(work)
        os.environ.pop("PMACRASH_DB", None)
        with open("hostile.yaml", "w", encoding="utf-8") as out:
            out.write(HOSTILE)
        with open("kills.json", "w", encoding="utf-8") as out:
            out.write(json.dumps(KILLS) + "\n")
        run("run", "--suites", "hostile.yaml", "--fault", "pma/sync/blocks:skip", "--max-violations", "2",
            "--shrink-time", "1s", "--quiet", code=1)
        run("report", "--html", "page.html", "--mutants", "kills.json")
        page.open("page.html")
        loads_alone(page)
        shows_what_the_database_holds(page)
        filters(page)
        draws_maps(page)
        copies(page)
        goes_by_keyboard(page)
        is_named_for_screen_readers(page)
        same("nothing on the console after all that", page.complaints, [])
        fits_everywhere(page, "page.html")
        same("nothing on the console at the end", page.complaints, [])
        notices_a_broken_page(page, "page.html")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
