"use strict";
(() => {
  document.documentElement.classList.add("js");
  const SVG = "http://www.w3.org/2000/svg";
  const LEFT = 84, RIGHT = 14, TOP = 12, BOTTOM = 44, GAP = 16, FEW = 400, MOST_MARKS = 600;
  // Beyond, neighbouring floats would be seen.
  const DEEPEST = 1e-9;

  const element = (name, attributes, text) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const ticks = (low, high, most) => {
    const raw = (high - low) / Math.max(most, 1);
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = power * [1, 2, 2.5, 5, 10].find((m) => m * power >= raw * 0.999999);
    const found = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(k * step);
    return [found, step];
  };

  const written = (value, step) => {
    const size = Math.abs(value);
    if (size && (size < 1e-4 || size >= 1e15)) return String(Number(value.toPrecision(12)));
    const digits = Math.min(20, Math.max(0, Math.ceil(-Math.log10(step) + 1)));
    const options = { maximumFractionDigits: digits, useGrouping: size >= 10000 };
    return (value + 0 || 0).toLocaleString("en-US", options);
  };

  class Picture {
    constructor(figure) {
      const data = JSON.parse(figure.querySelector("script").textContent);
      this.data = data;
      this.svg = figure.querySelector(".stage svg");
      this.drawing = figure.querySelector(".drawing");
      this.stage = figure.querySelector(".stage");
      this.readout = figure.querySelector(".readout");
      this.stops = data.stops.flatMap((s) =>
        s.x.map((x, i) => ({ x, y: s.y[i], kind: s.kind, fields: s.fields, values: s.values[i] })));
      this.stops.sort((a, b) => a.x - b.x || a.y - b.y);
      this.at = null;
      this.x = [...data.xRange];
      this.y = data.yRanges.map((range) => [...range]);
      this.stage.tabIndex = 0;
      this.stage.setAttribute("role", "application");
      this.stage.setAttribute("aria-labelledby", `${data.key}-title`);
      this.stage.setAttribute("aria-describedby", this.stage.dataset.keys);
      this.listen(figure);
      this.draw();
    }

    // The law between two corners, where the window cuts it.
    inWindow(layer) {
      const { x, low } = layer, [a, b] = this.x, points = [];
      for (let i = 0; i < x.length; i++) {
        for (const cut of i ? [a, b] : []) {
          if (x[i - 1] < cut && cut < x[i]) {
            points.push([cut, low[i - 1] + ((cut - x[i - 1]) / (x[i] - x[i - 1])) * (low[i] - low[i - 1])]);
          }
        }
        if (x[i] >= a && x[i] <= b) points.push([x[i], low[i]]);
      }
      return points;
    }

    fit() {
      if (this.data.free) return;
      this.y = this.data.panels.map((_, panel) => {
        let low = Infinity, high = -Infinity;
        const see = (v) => { if (v < low) low = v; if (v > high) high = v; };
        for (const layer of this.data.layers) {
          if (layer.panel !== panel || layer.mark === "spans") continue;
          if (layer.mark === "line") { this.inWindow(layer).forEach((point) => see(point[1])); continue; }
          layer.x.forEach((x, i) => {
            if (x < this.x[0] || x > this.x[1]) return;
            see(layer.low[i]);
            if (layer.high) see(layer.high[i]);
          });
        }
        if (low > high) return this.y[panel];
        const margin = (high - low) * 0.06 || Math.abs(low) / 10 || 1;
        return [low - margin, high + margin];
      });
    }

    layout() {
      this.width = Math.max(260, Math.round(this.stage.clientWidth || 860));
      this.left = Math.min(LEFT, Math.round(this.width * 0.17));
      this.height = Math.round(Math.min(560, Math.max(300, this.width * 0.535)));
      const above = this.left < LEFT ? 20 : TOP;
      const whole = this.data.panels.reduce((sum, panel) => sum + panel.share, 0);
      const room = this.height - above - BOTTOM - GAP * (this.data.panels.length - 1);
      let top = above;
      this.frames = this.data.panels.map((panel) => {
        const frame = { top, height: (room * panel.share) / whole };
        top += frame.height + GAP;
        return frame;
      });
    }

    across(x) { return this.left + ((x - this.x[0]) / (this.x[1] - this.x[0])) * (this.width - this.left - RIGHT); }
    down(y, panel) {
      const [low, high] = this.y[panel], frame = this.frames[panel];
      return frame.top + ((high - y) / (high - low)) * frame.height;
    }

    draw() {
      this.layout();
      this.fit();
      const parts = [], right = this.width - RIGHT, key = this.data.key;
      this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
      this.frames.forEach((frame, panel) => {
        const clip = element("clipPath", { id: `${key}-clip-${panel}` });
        const box = { x: this.left, y: frame.top, width: right - this.left, height: frame.height };
        clip.append(element("rect", box));
        parts.push(clip);
        const bottom = frame.top + frame.height, last = panel === this.frames.length - 1;
        const [xs, xStep] = ticks(...this.x, Math.max(2, Math.round(this.width / 115)));
        for (const x of xs) {
          const at = this.across(x).toFixed(1);
          parts.push(element("path", { class: "grid", d: `M${at} ${frame.top}V${bottom}` }));
          if (!last) continue;
          const label = written(x, xStep), inside = Math.min(at, this.width - 3.5 * label.length);
          parts.push(element("text", { class: "tick across", x: inside, y: bottom + 17 }, label));
        }
        const [ys, yStep] = ticks(...this.y[panel], Math.max(4, Math.round(frame.height / 55)));
        for (const y of ys) {
          const at = this.down(y, panel);
          parts.push(element("path", { class: "grid", d: `M${this.left} ${at.toFixed(1)}H${right}` }));
          parts.push(element("text", { class: "tick up", x: this.left - 7, y: (at + 4).toFixed(1) }, written(y, yStep)));
        }
        parts.push(element("rect", { class: "frame", ...box }));
        const label = this.data.panels[panel].label, most = Math.floor(frame.height / 7);
        const middle = `translate(12 ${frame.top + frame.height / 2}) rotate(-90)`;
        parts.push(this.left < LEFT
          ? element("text", { class: "label", x: this.left, y: frame.top - 5 }, shortened(label, 30))
          : element("text", { class: "label up", transform: middle }, shortened(label, most)));
      });
      const name = shortened(this.data.xLabel, Math.floor(this.width / 9));
      parts.push(element("text", { class: "label across", x: (this.left + right) / 2, y: this.height - 6 }, name));
      for (const layer of this.data.layers) {
        const d = this.path(layer);
        const many = layer.x.length > FEW && this.inView(layer) > FEW ? " many" : "";
        const clip = `url(#${key}-clip-${layer.panel})`;
        parts.push(element("path", { class: `${layer.mark} ${layer.style}${many}`, d, "clip-path": clip }));
      }
      this.drawing.replaceChildren(...parts);
      this.mark();
    }

    inView(layer) { return layer.x.reduce((n, x) => n + (x >= this.x[0] && x <= this.x[1]), 0); }

    path(layer) {
      const { mark, panel, x, low, high } = layer, frame = this.frames[panel], pieces = [];
      if (mark === "line") {
        const points = this.data.free ? x.map((v, i) => [v, low[i]]) : this.inWindow(layer);
        const texts = points.map(([u, v]) => `${this.across(u).toFixed(2)} ${this.down(v, panel).toFixed(2)}`);
        return texts.length ? `M${texts.join("L")}` : "";
      }
      const shown = mark === "diamonds" ? this.inView(layer) : 0;
      const small = shown <= 40 ? 1 : shown <= 200 ? 0.5 : 0.3;
      for (let i = 0; i < x.length; i++) {
        if (mark === "spans") {
          if (high[i] < this.x[0] || low[i] > this.x[1]) continue;
          const a = this.across(Math.max(low[i], this.x[0])), b = this.across(Math.min(high[i], this.x[1]));
          pieces.push(`M${a.toFixed(2)} ${frame.top}H${Math.max(b, a + 1).toFixed(2)}V${frame.top + frame.height}H${a.toFixed(2)}Z`);
          continue;
        }
        if (x[i] < this.x[0] || x[i] > this.x[1]) continue;
        const u = this.across(x[i]), v = this.down(low[i], panel);
        if (mark === "dots") pieces.push(`M${u.toFixed(2)} ${v.toFixed(2)}h0`);
        if (mark === "bars") pieces.push(`M${u.toFixed(2)} ${v.toFixed(2)}V${Math.min(this.down(high[i], panel), v - 0.5).toFixed(2)}`);
        if (mark === "diamonds" && shown <= MOST_MARKS) {
          const r = 6 * small;
          pieces.push(`M${(u - r).toFixed(2)} ${v.toFixed(2)}l${r} ${-r}l${r} ${r}l${-r} ${r}Z`);
        }
        if (mark === "up" || mark === "down") {
          const r = 5 * small, sign = mark === "up" ? -1 : 1;
          pieces.push(`M${(u - r).toFixed(2)} ${(v - sign * r).toFixed(2)}h${2 * r}l${-r} ${sign * 1.6 * r}Z`);
        }
      }
      return pieces.join("");
    }

    // A ring around the point that is read out.
    mark() {
      this.drawing.querySelectorAll(".here").forEach((old) => old.remove());
      const stop = this.stops[this.at];
      if (!stop || stop.x < this.x[0] || stop.x > this.x[1]) return;
      const u = this.across(stop.x), v = this.down(stop.y, 0), last = this.frames[this.frames.length - 1];
      if (v < TOP - 1 || v > this.frames[0].top + this.frames[0].height + 1) return;
      this.drawing.append(
        element("path", { class: "here hair", d: `M${u} ${TOP}V${last.top + last.height}` }),
        element("circle", { class: "here", cx: u, cy: v, r: 8 }));
    }

    say(index) {
      this.at = index;
      const stop = this.stops[index];
      this.readout.textContent = stop
        ? stop.fields.map((field, i) => (i ? `${field} = ${stop.values[i]}` : `${field} ${stop.values[0]}`)).join("  ·  ")
        : "";
      this.mark();
    }

    // To a stop that may be out of view.
    go(index) {
      const stop = this.stops[index];
      if (!stop) return;
      const width = this.x[1] - this.x[0];
      this.at = index;
      if (stop.x < this.x[0] || stop.x > this.x[1]) this.show(stop.x - width / 2, stop.x + width / 2);
      this.say(index);
    }

    step(by, kind) {
      let k = this.at;
      if (k === null) {
        k = this.stops.findIndex((stop) => stop.x >= this.x[0]) - (by > 0 ? 1 : 0);
        if (by < 0) k += 1;
      }
      do k += by; while (this.stops[k] && kind && this.stops[k].kind !== kind);
      this.go(k);
    }

    show(a, b, ys) {
      const [low, high] = this.data.xRange, whole = high - low;
      const width = Math.min(whole, Math.max(b - a, whole * DEEPEST));
      let start = (a + b) / 2 - width / 2;
      start = Math.min(Math.max(start, low), high - width);
      this.x = [start, start + width];
      if (ys) {
        const [bottom, top] = this.data.yRanges[0], tall = Math.min(top - bottom, ys[1] - ys[0]);
        const from = Math.min(Math.max((ys[0] + ys[1]) / 2 - tall / 2, bottom), top - tall);
        this.y = [[from, from + tall]];
      }
      this.draw();
    }

    zoom(factor, x, y) {
      const stop = this.stops[this.at], seen = stop && stop.x >= this.x[0] && stop.x <= this.x[1];
      const u = x ?? (seen ? stop.x : (this.x[0] + this.x[1]) / 2);
      const xs = [u - (u - this.x[0]) * factor, u + (this.x[1] - u) * factor];
      let ys;
      if (this.data.free) {
        const v = y ?? (seen ? stop.y : (this.y[0][0] + this.y[0][1]) / 2);
        ys = [v - (v - this.y[0][0]) * factor, v + (this.y[0][1] - v) * factor];
      }
      this.show(...xs, ys);
    }

    pan(share, up = 0) {
      const dx = (this.x[1] - this.x[0]) * share;
      const dy = this.data.free ? (this.y[0][1] - this.y[0][0]) * up : 0;
      const ys = this.data.free ? this.y[0].map((v) => v + dy) : undefined;
      this.show(this.x[0] + dx, this.x[1] + dx, ys);
    }

    place(event) {
      const box = this.svg.getBoundingClientRect();
      const u = ((event.clientX - box.left) * this.width) / box.width;
      const v = ((event.clientY - box.top) * this.height) / box.height;
      const x = this.x[0] + ((u - this.left) / (this.width - this.left - RIGHT)) * (this.x[1] - this.x[0]);
      const frame = this.frames[0], [low, high] = this.y[0];
      return { u, v, x, y: high - ((v - frame.top) / frame.height) * (high - low) };
    }

    nearest({ u, v }) {
      const weight = this.data.free ? 1 : 0.01;
      let best = null, least = Infinity;
      this.stops.forEach((stop, i) => {
        if (stop.x < this.x[0] || stop.x > this.x[1]) return;
        const dx = this.across(stop.x) - u, dy = this.down(stop.y, 0) - v;
        // A knot is wanted only where the pointer is near it.
        const far = stop.kind === "knot" ? (Math.hypot(dx, dy) > 12 ? Infinity : 0) : 0;
        const distance = dx * dx + weight * dy * dy + far - (stop.kind === "knot" ? 30 : 0);
        if (distance < least) [best, least] = [i, distance];
      });
      return best;
    }

    act(what) {
      const acts = {
        in: () => this.zoom(0.5), out: () => this.zoom(2),
        left: () => this.pan(-0.25), right: () => this.pan(0.25),
        up: () => this.pan(0, 0.25), down: () => this.pan(0, -0.25),
        whole: () => this.show(...this.data.xRange, this.data.free ? this.data.yRanges[0] : undefined),
        next: () => this.step(1), previous: () => this.step(-1),
        nextKnot: () => this.step(1, "knot"), previousKnot: () => this.step(-1, "knot"),
        first: () => this.go(0), last: () => this.go(this.stops.length - 1),
        none: () => this.say(null),
      };
      acts[what]();
    }

    listen(figure) {
      const keys = {
        ArrowRight: "next", ArrowLeft: "previous", "+": "in", "=": "in", "-": "out", "−": "out", 0: "whole",
        Home: "first", End: "last", k: "nextKnot", K: "previousKnot", Escape: "none",
      };
      const moves = { ArrowRight: "right", ArrowLeft: "left", ArrowUp: "up", ArrowDown: "down" };
      this.stage.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const what = (event.shiftKey && moves[event.key]) || keys[event.key];
        if (!what) return;
        event.preventDefault();
        this.act(what);
      });
      figure.querySelector(".tools").addEventListener("click", (event) => {
        const what = event.target.dataset.do;
        if (what && what !== "place") this.act(what);
      });
      figure.querySelector("select")?.addEventListener("change", (event) => {
        const place = this.data.places[event.target.value];
        if (!place) return;
        const knots = this.stops.map((stop, i) => (stop.kind === "knot" ? i : -1)).filter((i) => i >= 0);
        this.show(...place);
        this.say(knots[event.target.value]);
      });
      this.stage.addEventListener("wheel", (event) => {
        if (document.activeElement !== this.stage && !event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const { x, y } = this.place(event);
        this.zoom(2 ** (Math.sign(event.deltaY) * 0.35), x, y);
      }, { passive: false });
      this.stage.addEventListener("dblclick", (event) => {
        const { x, y } = this.place(event);
        this.zoom(0.4, x, y);
      });
      let from = null;
      this.stage.addEventListener("pointerdown", (event) => {
        from = { ...this.place(event), xs: [...this.x], ys: [...this.y[0]] };
        this.stage.setPointerCapture(event.pointerId);
      });
      this.stage.addEventListener("pointermove", (event) => {
        const here = this.place(event);
        if (from === null) { this.say(this.nearest(here)); return; }
        if (Math.hypot(here.u - from.u, here.v - from.v) < 4) return;
        this.stage.classList.add("dragged");
        const dx = ((from.u - here.u) / (this.width - this.left - RIGHT)) * (from.xs[1] - from.xs[0]);
        const dy = ((here.v - from.v) / this.frames[0].height) * (from.ys[1] - from.ys[0]);
        this.show(from.xs[0] + dx, from.xs[1] + dx, this.data.free ? from.ys.map((v) => v + dy) : undefined);
      });
      const drop = (event) => {
        if (from && !this.stage.classList.contains("dragged")) this.say(this.nearest(this.place(event)));
        this.stage.classList.remove("dragged");
        from = null;
      };
      this.stage.addEventListener("pointerup", drop);
      this.stage.addEventListener("pointercancel", () => { from = null; });
      let width = this.width;
      new ResizeObserver(() => {
        if (Math.abs(this.stage.clientWidth - width) < 2) return;
        width = this.stage.clientWidth;
        this.draw();
      }).observe(this.stage);
    }
  }

  const shortened = (name, most) => (name.length <= most ? name : `${name.slice(0, Math.max(most - 1, 1))}…`);
  for (const figure of document.querySelectorAll(".picture")) new Picture(figure);

  const selected = (code) => {
    const range = document.createRange(), selection = getSelection();
    range.selectNodeContents(code);
    selection.removeAllRanges();
    selection.addRange(range);
  };
  document.addEventListener("click", async (event) => {
    const key = event.target.dataset?.copy;
    if (!key) return;
    const code = document.getElementById(key), said = document.getElementById(`${key}-copied`);
    let copied = false;
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied = true;
    } catch {
      selected(code);
      copied = document.execCommand("copy");
    }
    said.textContent = copied ? "Copied" : "Selected: copy it with the keyboard";
    setTimeout(() => { said.textContent = ""; }, 4000);
  });
})();
