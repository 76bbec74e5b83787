/* SPDX-License-Identifier: MIT */
/* The page without this is text and tables; this adds filters, maps, the chart, and buttons that copy. */
"use strict";
(() => {
    const byId = (id) => document.getElementById(id);
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const rows = all("table.plays > tbody > tr");
    let matching = new Set(rows); /* what the filters leave of them */
    const number = new Intl.NumberFormat("en");

    /* An element with attributes and children; text stays text. */
    function make(tag, attributes = {}, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes))
            element.setAttribute(name, value);
        element.append(...children);
        return element;
    }

    function say(text) {
        byId("said").textContent = text;
    }

    const plural = (count, word) => `${number.format(count)} ${word}${count === 1 ? "" : "s"}`;

    /* ---- copying ---- */

    async function copy(code) {
        try {
            await navigator.clipboard.writeText(code.textContent);
        } catch {
            getSelection().selectAllChildren(code);
            document.execCommand("copy");
        }
        say("Copied");
    }

    for (const code of all(".command code")) {
        const button = make("button", {type: "button"}, "Copy");
        button.setAttribute("aria-label", `Copy ${code.textContent}`);
        button.addEventListener("click", async () => {
            await copy(code);
            button.textContent = "Copied";
            setTimeout(() => { button.textContent = "Copy"; }, 2000);
        });
        code.parentElement.append(button);
    }

    /* ---- what a map says, taken apart: the form is that of docs/report.md ---- */

    const SIDES = {b: "before", i: "inside", a: "after"};
    const CELLS = {
        "-": {name: "absent", means: "not in the file"},
        d: {name: "durable", means: "durable: one version is possible"},
        o: {name: "open", means: "one of several versions, and recovery never looks"},
        s: {name: "seen", means: "one of several versions, and recovery looks at it"},
        k: {name: "kept", means: "in a violation that kept its latest version"},
        l: {name: "lost", means: "in a violation that lost its latest version"},
        b: {name: "both", means: "in violations that kept, and that lost, its latest version"},
    };

    function readColumns(map) {
        let first = 0;
        return map.columns.split(" ").map((text) => {
            const [, where, side, hit, step, points, wrong] = text.match(/^(\d+)([bia])(\d+)\.(\d+)(?:x(\d+))?(!?)$/);
            const column = {first, points: Number(points ?? 1), where: map.where[where], side: SIDES[side],
                            hit: Number(hit), step: Number(step), wrong: wrong === "!"};
            first += column.points;
            return column;
        });
    }

    /* Runs of equal cells, and the cell of each column. */
    function readRow(row, index) {
        const runs = [], cells = [];
        for (const [, cell, length] of row.cells.matchAll(/([-a-z])(\d*)/g)) {
            const columns = Number(length || 1);
            runs.push({row: index, from: cells.length, columns, cell});
            for (let i = 0; i < columns; i++)
                cells.push(cell);
        }
        return {name: row.name, role: row.role, runs, cells};
    }

    /* The file that all blocks are of need not be named in each row. */
    function shortNames(list) {
        const files = new Set(list.map((row) => row.name.match(/^block \d+ of (.*)$/)?.[1]).filter(Boolean));
        const ending = files.size === 1 ? ` of ${[...files][0]}` : "";
        return list.map((row) => (ending && row.name.endsWith(ending) ? row.name.slice(0, -ending.length) : row.name));
    }

    function readMap(text) {
        const map = JSON.parse(text);
        const columns = readColumns(map);
        const list = map.rows.map(readRow);
        const labels = shortNames(list);
        list.forEach((row, i) => { row.label = labels[i]; });
        return {columns, rows: list, crashPoints: map.crash_points, settled: map.settled,
                leftOut: map.rows_left_out, pointsLeftOut: map.points_left_out};
    }

    const ordinal = (n) => {
        const rule = new Intl.PluralRules("en", {type: "ordinal"}).select(n);
        return `${n}${{one: "st", two: "nd", few: "rd", other: "th"}[rule]}`;
    };

    function tellColumn(column) {
        const points = column.points === 1
            ? `Crash point ${column.first}` : `Crash points ${column.first} to ${column.first + column.points - 1}`;
        const step = column.step === 0 ? "before the first step" : `step ${column.step}`;
        return `${points}, from ${column.side} the ${ordinal(column.hit)} hit of ${column.where}, ${step}` +
            `${column.wrong ? "; there is a violation here" : ""}.`;
    }

    function tellRow(row) {
        return row.role ? `${row.name} (in the end ${row.role})` : row.name;
    }

    /* ---- drawing a map ---- */

    let drawn = 0;

    function addPatterns(svg, id) {
        const patterns = {lost: "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2", both: "M0,6 l6,-6 M0,0 l6,6", kept: "M0,3 h6"};
        for (const [name, path] of Object.entries(patterns))
            svg.append("pattern").attr("id", `${name}-${id}`).attr("width", 6).attr("height", 6)
                .attr("patternUnits", "userSpaceOnUse").append("path").attr("class", "hatch").attr("d", path);
    }

    const isHatched = (cell) => "klb".includes(cell);

    function legend(map, id) {
        const used = new Set(map.rows.flatMap((row) => row.runs.map((run) => run.cell)));
        const list = make("ul", {class: "legend"});
        for (const [cell, {name, means}] of Object.entries(CELLS)) {
            if (!used.has(cell) || cell === "-")
                continue;
            const item = d3.select(make("li"));
            const swatch = item.append("svg").attr("aria-hidden", "true").attr("viewBox", "0 0 16 16");
            for (const fill of isHatched(cell) ? ["", `url(#${name}-${id})`] : [""])
                swatch.append("rect").attr("width", 16).attr("height", 16)
                    .attr("class", fill ? null : `c-${name}`).attr("fill", fill || null);
            item.append("span").text(means);
            list.append(item.node());
        }
        return list;
    }

    /* Sizes of a map that is to fit into so many pixels, if its cells do not get too small for that. */
    function layOut(map, width) {
        const left = width < 500 ? 92 : 240;
        const cell = Math.max(4, Math.min(16, (width - left - 24) / map.columns.length));
        const line = map.rows.length <= 60 ? 15 : map.rows.length <= 200 ? 10 : 6;
        return {left, top: 34, cell, line, labelEvery: Math.ceil(12 / line), bottom: 34 + line * map.rows.length,
                width: cell * map.columns.length + 20, height: 34 + line * map.rows.length + 24};
    }

    const newSvg = (parent, width, height) => d3.select(parent).append("svg").attr("width", width).attr("height", height)
        .attr("viewBox", `0 0 ${width} ${height}`).attr("aria-hidden", "true");

    /* They stay where they are while the cells are scrolled. */
    function drawLabels(svg, map, size) {
        svg.append("text").attr("x", 4).attr("y", 12).text("step");
        svg.append("text").attr("x", 4).attr("y", size.bottom + 17).text("crash point");
        svg.selectAll(".row-name").data(map.rows.map((row, i) => ({row, i})).filter(({i}) => i % size.labelEvery === 0))
            .enter().append("text").attr("class", "row-name").attr("x", 4)
            .attr("y", (d) => size.top + (d.i + 0.5) * size.line).attr("dominant-baseline", "central")
            .text(({row}) => (row.role && size.left > 100 ? `${row.label}: ${row.role}` : row.label).slice(0, size.left / 5.6));
    }

    /* Where steps begin; those that are too narrow for their number have none. */
    function stepStarts(map, size) {
        const starts = map.columns.map((column, i) => ({step: column.step, i}))
            .filter(({step, i}) => i === 0 || step !== map.columns[i - 1].step);
        return starts.map((start, k) => {
            const columns = (starts[k + 1]?.i ?? map.columns.length) - start.i;
            return {...start, shown: columns * size.cell > 6 + 7 * String(start.step).length};
        });
    }

    function drawAxes(svg, map, size, x) {
        const count = Math.max(2, Math.floor(size.cell * map.columns.length / 60));
        const ticks = d3.scaleLinear().domain([0, map.columns.length - 1]).ticks(count).filter(Number.isInteger);
        const starts = stepStarts(map, size);
        svg.append("g").attr("transform", `translate(0,${size.bottom})`)
            .call(d3.axisBottom(x).tickValues(ticks).tickFormat((i) => map.columns[i]?.first).tickSizeOuter(0));
        svg.selectAll(".step").data(starts).enter().append("line").attr("class", "step")
            .attr("x1", (d) => x(d.i)).attr("x2", (d) => x(d.i)).attr("y1", 16).attr("y2", size.bottom);
        svg.selectAll(".step-name").data(starts.filter((d) => d.shown)).enter().append("text")
            .attr("class", "step-name").attr("x", (d) => x(d.i) + 2).attr("y", 12).text((d) => d.step);
    }

    function drawCells(svg, map, size, x, id) {
        const place = (selection) => selection.attr("x", (d) => x(d.from)).attr("y", (d) => size.top + d.row * size.line)
            .attr("width", (d) => d.columns * size.cell).attr("height", size.line - (size.line > 8 ? 1 : 0));
        const runs = map.rows.flatMap((row) => row.runs).filter((run) => run.cell !== "-");
        place(svg.selectAll(".cell").data(runs).enter().append("rect")).attr("class", (d) => `cell c-${CELLS[d.cell].name}`);
        place(svg.selectAll(".over").data(runs.filter((run) => isHatched(run.cell))).enter().append("rect"))
            .attr("class", "over").attr("fill", (d) => `url(#${CELLS[d.cell].name}-${id})`);
        svg.selectAll(".wrong").data(map.columns.map((column, i) => ({column, i})).filter(({column}) => column.wrong))
            .enter().append("path").attr("class", "wrong c-lost")
            .attr("d", (d) => `M${x(d.i + 0.5)},${size.top - 3} l-4,-9 h8 z`);
    }

    /* Pointer and arrow keys move a cursor, of which the readout tells. */
    function explore(frame, svg, map, size, x, readout) {
        const cursor = svg.append("rect").attr("class", "cursor").attr("visibility", "hidden")
            .attr("width", size.cell).attr("height", size.line);
        const at = {row: 0, column: 0};
        const show = (row, column) => {
            at.row = Math.max(0, Math.min(map.rows.length - 1, row));
            at.column = Math.max(0, Math.min(map.columns.length - 1, column));
            const item = map.rows[at.row];
            cursor.attr("visibility", "visible").attr("x", x(at.column)).attr("y", size.top + at.row * size.line);
            readout.textContent = `${tellRow(item)}: ${CELLS[item.cells[at.column]].means}. ${tellColumn(map.columns[at.column])}`;
        };
        svg.node().addEventListener("pointermove", (event) => {
            const box = svg.node().getBoundingClientRect();
            const row = Math.floor(((event.clientY - box.top) - size.top) / size.line);
            const column = Math.floor(((event.clientX - box.left) - x(0)) / size.cell);
            if (row >= 0 && row < map.rows.length && column >= 0 && column < map.columns.length)
                show(row, column);
        });
        frame.addEventListener("keydown", (event) => {
            const moves = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
                           PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -Infinity], End: [0, Infinity]};
            const move = moves[event.key];
            if (!move)
                return;
            event.preventDefault();
            show(at.row + move[0], at.column + move[1]);
            cursor.node().scrollIntoView({block: "nearest", inline: "nearest"});
        });
        frame.addEventListener("focus", () => show(at.row, at.column));
    }

    function mapTable(map) {
        const kinds = Object.keys(CELLS).filter((cell) => cell !== "-");
        const table = make("table", {}, make("caption", {}, "At how many crash points each block, length and name was what"));
        const head = make("tr", {}, make("th", {scope: "col"}, "Block, length or name"));
        for (const cell of kinds)
            head.append(make("th", {scope: "col", class: "n"}, CELLS[cell].name));
        table.append(make("thead", {}, head));
        const body = make("tbody");
        for (const row of map.rows) {
            const line = make("tr", {}, make("th", {scope: "row"}, tellRow(row)));
            for (const cell of kinds) {
                const points = map.columns.reduce((sum, column, i) => sum + (row.cells[i] === cell ? column.points : 0), 0);
                line.append(make("td", {class: "n"}, points ? number.format(points) : ""));
            }
            body.append(line);
        }
        table.append(body);
        return make("div", {class: "scroll tall", role: "region", "aria-label": "The map as a table", tabindex: "0"}, table);
    }

    function mapNotes(map) {
        const notes = [`${plural(map.crashPoints, "crash point")} in ${plural(map.columns.length, "column")}: ` +
            "points at which nothing differs share one."];
        if (map.settled)
            notes.push(`${plural(map.settled, "block")} that ${map.settled === 1 ? "was" : "were"} durable throughout ` +
                `${map.settled === 1 ? "is" : "are"} left out.`);
        if (map.leftOut)
            notes.push(`${plural(map.leftOut, "more row")} would be too much to draw.`);
        if (map.pointsLeftOut)
            notes.push(`${plural(map.pointsLeftOut, "more crash point")} would be too much to draw.`);
        return make("p", {class: "about"}, notes.join(" "));
    }

    function drawMap(panel, name, text) {
        const map = readMap(text), id = ++drawn, size = layOut(map, panel.clientWidth);
        if (map.rows.length === 0) {
            panel.append(make("p", {}, "At no crash point was there more than one possible version of anything."), mapNotes(map));
            return;
        }
        const frame = make("div", {class: "map-frame", tabindex: "0", role: "application", "aria-roledescription": "map",
            "aria-label": `Map of ${name}: ${plural(map.crashPoints, "crash point")} across, ` +
                `${plural(map.rows.length, "row")} down. Arrow keys move from cell to cell.`});
        frame.dataset.width = size.left + size.width;
        const labels = newSvg(frame, size.left, size.height).attr("class", "labels");
        const svg = newSvg(frame, size.width, size.height);
        const x = d3.scaleLinear().domain([0, map.columns.length]).range([4, 4 + size.cell * map.columns.length]);
        const readout = make("output", {class: "readout", "aria-live": "polite"}, "Point at a cell, or move with the arrow keys.");
        const table = make("div", {hidden: ""});
        const button = make("button", {type: "button", "aria-expanded": "false"}, "As a table");
        button.addEventListener("click", () => {
            if (!table.firstChild)
                table.append(mapTable(map));
            table.hidden = !table.hidden;
            button.setAttribute("aria-expanded", String(!table.hidden));
        });
        addPatterns(svg, id);
        drawLabels(labels, map, size);
        drawCells(svg, map, size, x, id);
        drawAxes(svg, map, size, x);
        explore(frame, svg, map, size, x, readout);
        panel.append(legend(map, id), frame, readout, mapNotes(map), button, table);
    }

    /* ---- a map in a row of its own, below its play ---- */

    const openers = new Map();

    function addMapButton(row) {
        const data = byId(`map-${row.id.slice("play-".length)}`);
        if (!data || !window.d3)
            return;
        const name = `${row.dataset.scenario} (${row.dataset.copying}, ${row.dataset.model})`;
        const panel = make("div", {class: "map", id: `panel-${row.id}`});
        const holder = make("tr", {class: "map-row", hidden: ""}, make("td", {class: "map-cell", colspan: "10"}, panel));
        const button = make("button", {type: "button", "aria-expanded": "false", "aria-controls": panel.id,
                                       "aria-label": `Map of ${name}`}, "Map");
        const open = (wanted) => {
            if (wanted && !holder.parentElement)
                row.after(holder);
            holder.hidden = !wanted;
            button.setAttribute("aria-expanded", String(wanted));
            if (wanted && !panel.firstChild)
                drawMap(panel, name, data.textContent);
        };
        button.addEventListener("click", () => open(button.getAttribute("aria-expanded") === "false"));
        row.cells[0].querySelector(".name").after(" ", button);
        openers.set(row, {open, holder});
    }

    rows.forEach(addMapButton);
    const first = rows.find((row) => openers.has(row));
    if (first)
        openers.get(first).open(true);

    for (const link of all("a.to-map"))
        link.addEventListener("click", () => {
            const row = byId(link.hash.slice(1));
            showAll();
            openers.get(row)?.open(true);
        });

    /* ---- the chart ---- */

    const MOST_BARS = 15;

    const seconds = (ms) => (ms < 1000 ? `${number.format(Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`);

    function sumBy(list, key, value) {
        const sums = new Map();
        for (const entry of list)
            sums.set(key(entry), (sums.get(key(entry)) ?? 0) + value(entry));
        return [...sums].map(([name, sum]) => ({name, sum})).sort((a, b) => b.sum - a.sum);
    }

    function chartData(what, by) {
        if (by === "scenario")
            return sumBy([...matching], (row) => row.dataset.scenario, (row) => Number(row.dataset[what]));
        const {points, spent} = JSON.parse(byId("spent-data").textContent);
        const plays = new Set([...matching].map((row) => Number(row.id.slice("play-".length))));
        return sumBy(spent.filter(([play]) => plays.has(play)), ([, at]) => points[at],
                     ([, , recoveries, ms]) => (what === "ms" ? ms : recoveries));
    }

    function drawBars(figure, bars, format, label) {
        const width = figure.clientWidth, wide = width > 600, left = wide ? 260 : 0, line = wide ? 22 : 36;
        const x = d3.scaleLinear().domain([0, d3.max(bars, (d) => d.sum) || 1]).range([0, width - left - 90]);
        const svg = d3.select(figure).append("svg").attr("width", width).attr("height", bars.length * line)
            .attr("viewBox", `0 0 ${width} ${bars.length * line}`).attr("role", "img").attr("aria-label", label);
        const bar = svg.selectAll("g").data(bars).enter().append("g").attr("transform", (d, i) => `translate(0,${i * line})`);
        const middle = wide ? line / 2 : line - 11;
        bar.append("text").attr("x", wide ? left - 8 : 0).attr("text-anchor", wide ? "end" : "start")
            .attr("y", wide ? middle : 10).attr("dominant-baseline", "central").text((d) => d.name.slice(0, 44));
        bar.append("rect").attr("class", "bar").attr("x", left).attr("y", middle - 7).attr("height", 14)
            .attr("width", (d) => Math.max(1, x(d.sum)));
        bar.append("text").attr("x", (d) => left + x(d.sum) + 6).attr("y", middle).attr("dominant-baseline", "central")
            .text((d) => format(d.sum));
    }

    function drawChart() {
        const form = byId("spent-form"), figure = byId("spent-chart");
        const what = form.elements.what.value, by = form.elements.by.value;
        const data = chartData(what, by), bars = data.slice(0, MOST_BARS), rest = data.slice(MOST_BARS);
        const format = what === "ms" ? seconds : (value) => number.format(value);
        const name = `${what === "ms" ? "Time" : "Recoveries"} by ${by === "point" ? "fault point" : "scenario"}`;
        const told = bars.slice(0, 5).map((bar) => `${bar.name} ${format(bar.sum)}`).join(", ");
        figure.replaceChildren();
        drawBars(figure, bars, format, `${name}; most: ${told}.`);
        const others = rest.length ? ` ${plural(rest.length, "other")}: ${format(d3.sum(rest, (bar) => bar.sum))}.` : "";
        const total = `${name}; ${format(d3.sum(data, (bar) => bar.sum))} in all.${others}`;
        figure.append(make("figcaption", {class: "about"}, total));
    }

    if (window.d3 && byId("spent-form")) {
        byId("spent-form").addEventListener("input", drawChart);
        byId("spent-form").addEventListener("submit", (event) => event.preventDefault());
        let width = innerWidth;
        addEventListener("resize", () => {
            if (width !== innerWidth)
                drawChart();
            width = innerWidth;
        });
    } else {
        all(".scripted").forEach((element) => { element.hidden = true; });
        byId("plays").prepend(make("p", {class: "note"}, "Made by a pmacrash that was built without d3: no maps and no charts."));
    }

    /* ---- filters; without one, the first rows only, until somebody asks for all ---- */

    const FIRST_ROWS = 25;
    const filters = byId("filters");
    const more = make("button", {type: "button"});
    let limit = FIRST_ROWS;
    more.addEventListener("click", () => {
        limit = Infinity;
        filter();
        rows[FIRST_ROWS].querySelector("button")?.focus();
    });
    byId("plays").querySelector(".scroll").after(make("p", {}, more));

    function showAll() {
        filters.reset();
        limit = Infinity;
        filter();
    }

    function filter() {
        const {scenario, copying, model, outcome} = filters.elements;
        const wanted = scenario.value.trim().toLowerCase();
        const matches = ({dataset}) => dataset.scenario.toLowerCase().includes(wanted) &&
            [copying, model, outcome].every((choice) => !choice.value || dataset[choice.name] === choice.value);
        matching = new Set(rows.filter(matches));
        const shown = new Set([...matching].slice(0, limit));
        more.textContent = `Show all ${matching.size} rows`;
        more.hidden = shown.size === matching.size;
        for (const row of rows) {
            row.hidden = !shown.has(row);
            const opener = openers.get(row);
            if (opener)
                opener.holder.hidden = row.hidden || row.querySelector("button").getAttribute("aria-expanded") === "false";
        }
        const violations = all(".violation");
        violations.forEach((violation) => { violation.hidden = !matches(violation); });
        const left = violations.filter((violation) => !violation.hidden).length;
        const told = violations.length ? `, ${left} of ${plural(violations.length, "violation")}` : "";
        byId("shown").textContent = `${matching.size} of ${plural(rows.length, "row")}${told}`;
        if (window.d3)
            drawChart();
    }

    filters.addEventListener("input", filter);
    filters.addEventListener("submit", (event) => event.preventDefault());
    filters.addEventListener("reset", () => setTimeout(filter));
    filter();

    /* On paper all is there: every row, violations unfolded, maps as wide as a page. */
    const PAPER_WIDTH = 680;

    addEventListener("beforeprint", () => {
        limit = Infinity;
        filter();
        for (const violation of all(".violation:not([hidden])"))
            violation.open = true;
        for (const frame of all(".map-frame"))
            frame.style.zoom = Math.min(1, PAPER_WIDTH / frame.dataset.width);
    });
    addEventListener("afterprint", () => {
        for (const frame of all(".map-frame"))
            frame.style.zoom = "";
    });
})();
