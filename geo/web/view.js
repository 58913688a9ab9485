// One view: a folium map, a study and a timeline, of which one day is shown.
(function (controlmap) {
  "use strict";

  const { Areas, Places, Labels, Legend, Slider, node, dayInWords, polygons } = controlmap;
  const QUIET = 150; // milliseconds without a move before the page is told the day
  const DEEPEST = 18; // the zoom at which a metre, the grid of outlines, is about two pixels
  const SAID = 20; // changes of one day that are read out
  const NARROW = 640; // pixels: less is a phone

  class View {
    constructor(map, study, options) {
      this.map = map;
      this.study = study;
      this.options = options;
      this.dressMap();
      this.areas = new Areas(map, study,
        (unit) => this.card(controlmap.describe, this.timeline.areas, unit, study.areas),
        (unit, latlng) => this.pick(this.timeline.areas, unit, study.areas, latlng));
      this.events = study.events && new controlmap.Events(map, study);
      this.addPlaces();
      this.legend = new Legend(this);
      this.silence = node("div", "controlmap-silence");
      this.silence.hidden = true;
      map.getContainer().append(this.silence);
      this.slider = new Slider(study, (day) => this.show(day));
      this.frame.append(this.slider.element);
      this.fit();
      this.legend.addTo(map);
      this.legend.element.addEventListener("toggle", () => this.labels.layOut());
      this.placeLegend();
      if (options.pair) this.pair = new controlmap.Pair(this, options.pair);
      this.listen();
    }

    wide() {
      return this.map.getContainer().clientWidth >= NARROW;
    }

    /** The map shares its frame with the bar; neighbours lie behind and are never clicked. */
    dressMap() {
      const container = this.map.getContainer();
      this.frame = node("div", "controlmap-frame");
      container.before(this.frame);
      this.frame.append(controlmap.hatchSheet(this.study.controls), container);
      container.classList.add("controlmap-map");
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", `Map: ${this.study.title}`);
      this.map.attributionControl.setPrefix(false);
      this.map.setMaxZoom(DEEPEST);
      const behind = this.map.createPane("controlmap-context");
      behind.style.zIndex = 250;
      behind.style.pointerEvents = "none";
      const renderer = L.svg({ pane: "controlmap-context", padding: 1 });
      for (const shape of this.study.context) {
        L.polygon(polygons(shape, this.study.grid), {
          renderer, interactive: false, pane: "controlmap-context", smoothFactor: 0,
          className: "controlmap-context",
        }).addTo(this.map);
      }
      // Tiles lie in front of the plain context and behind the study.
      this.map.createPane("controlmap-tiles").style.zIndex = 300;
    }

    addPlaces() {
      const { map, study } = this;
      const shown = new Set(study.places.map((place) => place.group));
      const names = Object.keys(study.groups).filter((name) => shown.has(name));
      this.groups = Object.fromEntries(names.map((name) => [name, L.layerGroup().addTo(map)]));
      const rest = new controlmap.Rest(map);
      this.places = new Places(map, study, {
        groups: this.groups,
        describe: (unit) =>
          this.card(controlmap.describe, this.timeline.places, unit, study.places),
        open: (unit, latlng) => this.pick(this.timeline.places, unit, study.places, latlng),
        told: (some, all) => rest.tell(some, all),
      });
      this.labels = new Labels(map, study.places, () => this.places.painter.standing(), () =>
        [...map.getContainer().querySelectorAll(".leaflet-control")]
          .map((control) => control.getBoundingClientRect()));
      this.labels.group.addTo(map);
      this.addSwitches(names);
    }

    addSwitches(names) {
      const { groups, map, study } = this;
      const layers = { Labels: this.labels.group };
      for (const name of names) layers[study.groups[name]] = groups[name];
      if (this.events) layers.Events = this.events.layer;
      Object.assign(layers, controlmap.tiles?.());
      const switches = L.control.layers(null, layers, { position: "topright" }).addTo(map);
      // Folded up again, the list of layers gives its room back to the labels.
      switches.getContainer().addEventListener("mouseleave", () => this.labels.layOut());
      map.on("overlayadd overlayremove", () => this.labels.layOut());
      map.on("moveend overlayadd overlayremove", () => this.lookAgain());
    }

    placeLegend() {
      this.legend.settle();
      this.labels.layOut();
    }

    listen() {
      const stop = new AbortController();
      this.slider.listen(document, stop.signal);
      // In a frame of the same site the page's own keys step the days too.
      if (window.parent !== window) {
        this.slider.listen(window.parent.document, stop.signal, () => this.pair?.hears() ?? true);
        window.addEventListener("pagehide", () => stop.abort());
      }
      new ResizeObserver(() => this.resize()).observe(this.map.getContainer());
    }

    /** All of the study, as large as there is room for. */
    fit() {
      this.map.invalidateSize({ animate: false });
      this.map.fitBounds(this.study.bounds, { animate: false, padding: [10, 10] });
      this.fitted = this.sight();
    }

    /** In another room the whole study stays whole, and a part keeps its middle and scale. */
    resize() {
      if (this.sight() === this.fitted) this.fit();
      else this.map.invalidateSize({ animate: false });
    }

    /** Latitude, longitude and zoom, as an address can say them. */
    sight() {
      const { lat, lng } = this.map.getCenter();
      return [lat.toFixed(3), lng.toFixed(3), this.map.getZoom()].join(",");
    }

    swatch(state) {
      return controlmap.swatch(this.areas.styles[state]);
    }

    card(write, spells, unit, table) {
      return write(this, spells, unit, table[unit].name, this.slider.day);
    }

    /** A click: the card at once, and whoever listens is told whose history is wanted. */
    pick(spells, unit, table, latlng) {
      this.openPopup(spells, unit, table, latlng);
      this.options.picked?.(this.study.days[this.day], this.look(), table[unit].id);
    }

    /** Bring a place or an area into sight, and open its card. */
    open(id) {
      const { study, timeline, map } = this;
      const place = study.places.findIndex((one) => one.id === id);
      const area = study.areas.findIndex((one) => one.id === id);
      if (place < 0 && area < 0) return;
      const at = place < 0
        ? this.areas.bounds(area).getCenter()
        : L.latLng(study.places[place].latlng);
      if (!map.getBounds().contains(at)) map.setView(at, map.getZoom(), { animate: false });
      if (place < 0) this.openPopup(timeline.areas, area, study.areas, at);
      else this.openPopup(timeline.places, place, study.places, at);
    }

    openPopup(spells, unit, table, latlng) {
      if (spells === this.timeline.places) this.places.painter.prefer(unit);
      const right = this.wide() ? 56 : 4; // the room of the buttons, where there is any
      L.popup({
        className: "controlmap-popup", maxHeight: 260, maxWidth: this.wide() ? 300 : 260,
        autoPanPaddingTopLeft: [56, 12], autoPanPaddingBottomRight: [right, 12],
      })
        .setLatLng(latlng)
        .setContent(this.card(controlmap.popup, spells, unit, table))
        .openOn(this.map);
    }

    /** What is asked for from outside: a day, and perhaps a view and a place. */
    goTo({ day, view, open }) {
      const [lat, lng, zoom] = (view || "").split(",").map(Number);
      this.asked = true;
      this.turn = day.n;
      if (view) this.map.setView([lat, lng], zoom, { animate: false });
      this.slider.go(this.study.days.indexOf(day.iso));
      this.asked = false;
      if (view) this.lookAgain(); // which part that is on this screen, only the map knows
      if (open) this.open(open);
    }

    /** Other reports, the same map: day and view stay. */
    setTimeline(timeline) {
      this.timeline = timeline;
      this.slider.show(timeline);
      if (this.slider.day >= 0) this.repaint([...this.areas.states.keys()],
        [...this.places.states.keys()], this.slider.day);
    }

    show(day) {
      this.repaint(this.timeline.areas.between(this.day ?? -1, day),
        this.timeline.places.between(this.day ?? -1, day), day);
      const days = day - (this.day ?? day);
      this.day = day;
      if (!this.asked) this.pair?.step(days);
      this.options.shown?.(day);
      clearTimeout(this.settling);
      const { asked } = this;
      this.settling = setTimeout(() => this.settle(asked), QUIET);
    }

    repaint(areas, places, day) {
      this.areas.paint(this.timeline.areas, areas, day);
      this.places.paint(this.timeline.places, places, day, this.timeline.changes);
      this.events?.show(day);
      this.legend.update(this.areas.states);
      this.silence.hidden = !this.timeline.isSilent(day);
      this.silence.textContent = this.timeline.silence;
      this.map.closePopup();
    }

    /** @param asked whether this day was asked for from outside, where it is no news */
    settle(asked) {
      const { study, timeline, day } = this;
      const today = timeline.byDay.get(day) ?? [];
      const changes = today.slice(0, SAID).map((number) => {
        const { name, from, to } = timeline.changes.at(number);
        return `${name}: ${study.controls[from].label} to ${study.controls[to].label}`;
      });
      if (today.length > SAID) changes.push(`and ${today.length - SAID} more`);
      const silent = timeline.isSilent(day) ? timeline.silence : "no change";
      this.slider.say(`${dayInWords(study.days[day])}: ${changes.join("; ") || silent}`);
      if (!asked) this.options.settled?.(study.days[day], this.look());
    }

    /** Another part is in sight, or other layers: what a picture of this view would show. */
    lookAgain() {
      if (this.day === undefined || this.asked) return;
      clearTimeout(this.looking);
      this.looking = setTimeout(
        () => this.options.looked?.(this.study.days[this.day], this.look()), QUIET);
    }

    /**
     * West, south, east and north of what is in sight (null: all of it), what is not shown, the
     * view for an address (blank: fitted, on any screen), and the last asking it follows.
     */
    look() {
      const { map, study, groups, labels } = this;
      const seen = map.getBounds();
      const sides = [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()];
      // Moved a little, at a scale that has room for all of it, it is still the whole.
      const whole = seen.contains(study.bounds) || map.getZoom() <= map.getBoundsZoom(study.bounds);
      const bounds = whole ? null : sides.map((side) => Number(side.toFixed(3)));
      const layers = { ...groups, labels: labels.group };
      if (this.events) layers.events = this.events.layer;
      const sight = this.sight();
      return {
        bounds,
        hidden: Object.keys(layers).filter((name) => !map.hasLayer(layers[name])),
        view: sight === this.fitted ? "" : sight,
        turn: this.turn,
      };
    }
  }

  Object.assign(controlmap, { NARROW, View });
})((window.controlmap ??= {}));
