// Events: context on its own layer, which moves nothing. Drawn on a canvas, so that tens of
// thousands hold; of them only those that may have been on the day.
(function (controlmap) {
  "use strict";

  const { node, link, svg } = controlmap;
  const PANE = "controlmap-events";
  const LONG = 31; // days: an event that may have been on more is not noted under each of them
  const REACH = 4; // pixels about a mark that still mean it
  const TOLD = 3; // events that a tip tells of one by one
  const LISTED = 60;

  // Three strokes through the middle: no marker of a place has such a shape, nor a colour so grey.
  const ARMS = [90, 30, 150].map((degrees) => degrees * Math.PI / 180)
    .map((angle) => [Math.cos(angle), Math.sin(angle)]);
  const INK = { exact: "#3d4652", vague: "#6a7583", rim: "rgba(255, 255, 255, 0.9)" };
  const WIDTH = { mark: 1.7, rim: 4 };

  const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

  function deathsInWords(best, low, high) {
    const least = low ?? best;
    const most = high ?? best;
    const text = plural(best, "death");
    return least === best && most === best ? text
      : `${text} (${least.toLocaleString("en")}–${most.toLocaleString("en")})`;
  }

  /** What Python told of a study's events, by the day. */
  class Happened {
    constructor(data, dayCount) {
      this.data = data;
      this.byDay = Array.from({ length: dayCount }, () => []);
      this.long = [];
      data.first.forEach((first, at) => {
        const last = data.last[at];
        if (last - first >= LONG) this.long.push(at);
        else for (let day = first; day <= last; day += 1) this.byDay[day].push(at);
      });
    }

    /** The positions of the events that may have been on a day, the deadliest first. */
    on(day) {
      const { first, last, deaths } = this.data;
      const here = this.long.filter((at) => first[at] <= day && day <= last[at]);
      return [...this.byDay[day], ...here].sort((a, b) => (deaths[b] ?? -1) - (deaths[a] ?? -1));
    }

    text(column, at) {
      return this.data.texts[this.data[column][at]];
    }

    /** “4 events, 37 deaths (12–60)” */
    sum(events) {
      const { deaths, deaths_low: low, deaths_high: high } = this.data;
      const known = events.filter((at) => deaths[at] !== null);
      const total = (of) => known.reduce((sum, at) => sum + of(at), 0);
      const count = plural(events.length, "event");
      return known.length ? `${count}, ${deathsInWords(total((at) => deaths[at]),
        total((at) => low[at] ?? deaths[at]), total((at) => high[at] ?? deaths[at]))}` : count;
    }

    /** One event in words: what, who, when, how many died, how exactly, who says so. */
    card(at, links = true) {
      const { deaths, deaths_low: low, deaths_high: high } = this.data;
      const text = (column) => this.text(column, at);
      const died = deaths[at] === null ? "deaths unknown"
        : deathsInWords(deaths[at], low[at], high[at]);
      const sides = [text("side_a"), text("side_b")].filter(Boolean).join(" – ");
      const named = node("strong", "", text("name") || "Event");
      named.dir = "auto";
      const source = node("div", "controlmap-soft", link(text("source"), links ? text("url") : ""));
      return node("div", "controlmap-card controlmap-event", named,
        node("div", "", [text("kind"), sides].filter(Boolean).join(": ")),
        node("div", "", text("when")), node("div", "", died),
        ...(text("precision") ? [node("div", "controlmap-soft", text("precision"))] : []),
        ...(text("source") ? [source] : []));
    }
  }

  /** Draws the day's events; Leaflet's renderer keeps its canvas in place while the map moves. */
  const Marks = L.Renderer.extend({
    initialize(happened) {
      L.Renderer.prototype.initialize.call(this, { pane: PANE, padding: 0.2 });
      this.happened = happened;
      this.shown = [];
    },

    show(events) {
      this.shown = events;
      if (this._map) this.draw();
    },

    // What the renderer of Leaflet leaves to its kinds.
    _initContainer() {
      this._container = document.createElement("canvas");
      this.pen = this._container.getContext("2d");
    },

    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },

    _updatePaths() {},

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const scale = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      Object.assign(this._container, { width: scale * size.x, height: scale * size.y });
      Object.assign(this._container.style, { width: `${size.x}px`, height: `${size.y}px` });
      this.pen.scale(scale, scale);
      this.pen.translate(-this._bounds.min.x, -this._bounds.min.y);
      this.draw();
    },

    spot(at) {
      const { lat, lon } = this.happened.data;
      return this._map.latLngToLayerPoint([lat[at], lon[at]]);
    },

    draw() {
      const { exact, radius } = this.happened.data;
      const { min } = this._bounds;
      const size = this._bounds.getSize();
      const marks = { exact: new Path2D(), vague: new Path2D() };
      for (const at of this.shown) {
        const { x, y } = this.spot(at);
        const path = exact[at] ? marks.exact : marks.vague;
        for (const [dx, dy] of ARMS) {
          path.moveTo(x - dx * radius[at], y - dy * radius[at]);
          path.lineTo(x + dx * radius[at], y + dy * radius[at]);
        }
      }
      const { pen } = this;
      pen.clearRect(min.x, min.y, size.x, size.y);
      pen.lineCap = "round";
      for (const [kind, path] of Object.entries(marks)) {
        pen.lineWidth = WIDTH.rim;
        pen.strokeStyle = INK.rim;
        pen.stroke(path);
        pen.lineWidth = WIDTH.mark;
        pen.strokeStyle = INK[kind];
        pen.stroke(path);
      }
    },

    /** The events whose marks are under a point of the map's layers. */
    at(point) {
      const { radius } = this.happened.data;
      return this.shown.filter((at) => this.spot(at).distanceTo(point) <= radius[at] + REACH);
    },
  });

  class Events {
    constructor(map, study) {
      this.map = map;
      this.happened = new Happened(study.events, study.days.length);
      const pane = map.createPane(PANE);
      pane.style.zIndex = 550; // over the areas, under the places
      pane.style.pointerEvents = "none";
      this.layer = new Marks(this.happened).addTo(map);
      this.tip = L.tooltip({ className: "controlmap-tip controlmap-event-tip", opacity: 1 });
      this.listen(map.getContainer());
    }

    show(day) {
      this.layer.show(this.happened.on(day));
      this.point([]);
    }

    /** A place's marker comes before the events that lie under it. */
    under(event) {
      const before = ".leaflet-control, .leaflet-popup, .leaflet-marker-icon";
      if (event.target.closest?.(before) !== null || !this.map.hasLayer(this.layer)) return [];
      return this.layer.at(this.map.mouseEventToLayerPoint(event));
    }

    /** Areas lie under the canvas and keep the pointer: their own tip and card step back. */
    listen(container) {
      container.addEventListener("mousemove", (event) => this.point(this.under(event)));
      container.addEventListener("mouseleave", () => this.point([]));
      container.addEventListener("click", (event) => {
        const events = this.under(event);
        if (!events.length || this.map.dragging?.moved()) return;
        event.stopPropagation();
        this.point([]);
        L.popup({ className: "controlmap-popup", maxHeight: 260, maxWidth: 280 })
          .setLatLng(this.place(events[0])).setContent(this.cards(events, LISTED)).openOn(this.map);
      }, true);
    }

    place(at) {
      const { lat, lon } = this.happened.data;
      return [lat[at], lon[at]];
    }

    point(events) {
      this.map.getContainer().classList.toggle("controlmap-on-event", events.length > 0);
      if (events.length) {
        this.tip.setLatLng(this.place(events[0])).setContent(this.cards(events, TOLD, false));
        this.map.openTooltip(this.tip);
      } else this.map.closeTooltip(this.tip);
    }

    cards(events, most, links) {
      const cards = events.slice(0, most).map((at) => this.happened.card(at, links));
      if (events.length > most) {
        cards.push(node("div", "controlmap-soft", `and ${events.length - most} more`));
      }
      return node("div", "", ...cards);
    }
  }

  /** “On this day”, on a page of its own: how many events and deaths, the list folded. */
  class EventNews {
    constructor(view) {
      this.view = view;
      this.sum = node("summary");
      this.list = node("div");
      this.element = node("details", "cm-events", this.sum, this.list);
      this.element.addEventListener("toggle", () => this.fill());
    }

    show(day) {
      const { happened } = this.view.events;
      this.events = happened.on(day);
      this.element.hidden = !this.events.length;
      this.sum.textContent = happened.sum(this.events);
      this.fill();
    }

    /** While days pass with the list folded, nobody reads it. */
    fill() {
      if (!this.element.open) return this.list.replaceChildren();
      const { happened } = this.view.events;
      const cards = this.events.slice(0, LISTED).map((at) => happened.card(at));
      const more = this.events.length - LISTED;
      if (more > 0) cards.push(node("p", "cm-soft", `And ${more.toLocaleString("en")} more.`));
      return this.list.replaceChildren(...cards);
    }
  }

  /** The same mark in the legend. */
  function eventSign() {
    const drawing = svg("svg", { viewBox: "-8 -8 16 16", class: "controlmap-marker" });
    const d = ARMS.map(([x, y]) => `M${-6 * x},${-6 * y} L${6 * x},${6 * y}`).join(" ");
    drawing.append(svg("path", {
      d, class: "controlmap-event-sign", "stroke-width": 2, "stroke-linecap": "round",
    }));
    return drawing;
  }

  Object.assign(controlmap, { Events, EventNews, eventSign });
})((window.controlmap ??= {}));
