// A page of its own: the map, the panels that follow its day, the day in the address, paper.
(function (controlmap) {
  "use strict";

  const { Balance, News, Search, dayInWords, controlOf } = controlmap;
  const WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");
  const NEAR = { zoom: 7.5, animate: false }; // close enough to see a place among its neighbours

  const root = document.documentElement;
  const slot = (name) => document.getElementById(`cm-${name}`);

  /** The theme that the reader's system asks for. */
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const theme = () => (dark.matches ? "dark" : "light");

  /** The day that an address asks for by its fragment; −1 for none of the study's. */
  const wished = (study) => study.days.indexOf(window.location.hash.slice(1));

  /** Moves the map to what was found and opens its card. */
  function visit(view, { of, unit, at }) {
    const { map, study, timeline } = view;
    if (of === "areas") {
      map.fitBounds(view.areas.bounds(unit),
        { animate: false, maxZoom: NEAR.zoom, padding: [40, 40] });
    } else {
      map.setView(at, Math.max(map.getZoom(), NEAR.zoom), NEAR);
    }
    view.openPopup(timeline[of], unit, study[of], at);
    // Out of the field, so that the keys step again and a phone's keyboard goes.
    map.getContainer().tabIndex = -1;
    map.getContainer().focus();
    const control = study.controls[controlOf(timeline[of].state(unit, view.slider.day))];
    view.slider.say(`${study[of][unit].name}: ${control.label}`);
  }

  function showDay(study, weekday, day) {
    const text = dayInWords(study.days[day]);
    slot("weekday").textContent = WEEKDAYS[(weekday + day) % 7];
    slot("date").textContent = text;
    document.title = `${text} – ${study.title}`;
  }

  /** On paper the map has another size, which Leaflet must know before the page is laid out. */
  function fitPaper(view) {
    const { map, legend, study: { bounds } } = view;
    const paper = window.matchMedia("print");
    const snap = map.options.zoomSnap;
    let seen = map.getBounds();
    let before;
    // The map may be resized for paper before anybody is told of it.
    map.on("moveend", () => { if (!before && !paper.matches) seen = map.getBounds(); });
    const lay = () => {
      if (before) return;
      before = { at: map.getCenter(), zoom: map.getZoom(), open: legend.element.open };
      map.options.zoomSnap = 0; // nobody zooms on paper: it is filled
      map.closePopup();
      legend.element.open = true;
      root.classList.add("cm-paper");
      map.invalidateSize({ animate: false });
      map.fitBounds(seen.contains(bounds) ? bounds : seen, { animate: false, padding: [6, 6] });
      view.placeLegend();
    };
    const lift = () => {
      if (!before) return;
      root.classList.remove("cm-paper");
      legend.element.open = before.open;
      map.options.zoomSnap = snap;
      map.invalidateSize({ animate: false });
      map.setView(before.at, before.zoom, { animate: false });
      view.placeLegend();
      before = undefined;
    };
    // Some browsers tell of paper by the one, some by the other.
    paper.addEventListener("change", () => (paper.matches ? lay() : lift()));
    window.addEventListener("beforeprint", lay);
    window.addEventListener("afterprint", lift);
  }

  /** The day in the address; a page shown inside another has none of its own. */
  function tellAddress(iso) {
    if (window.location.protocol === "about:") return;
    // Replaced, not added: “back” leaves the page, however many days were stepped through.
    window.history.replaceState(null, "", `#${iso}`);
  }

  /** @param map a Leaflet map in a page that holds its data as `cm-data` */
  controlmap.page = async (map) => {
    const data = JSON.parse(slot("data").textContent);
    const { study } = data;
    const panels = [];
    root.dataset.theme = theme();
    const view = await controlmap.mount(map, { study }, {
      shown: (day) => panels.forEach((panel) => panel.show(day)),
      settled: tellAddress,
    });
    const balance = new Balance(view, data.weights);
    const news = new News(view, data.behind, data.published, balance);
    const search = new Search(data.found, (found) => visit(view, found));
    panels.push(balance, news, { show: (day) => showDay(study, data.weekday, day) });
    slot("balance").replaceWith(balance.element);
    slot("news").replaceWith(news.element);
    slot("search").replaceWith(search.element);
    if (view.events) {
      const happened = new controlmap.EventNews(view);
      news.element.append(happened.element);
      panels.push(happened);
    }
    const iso = study.days[wished(study)] ?? data.day;
    await controlmap.update(map, { timeline: data.timeline, day: { iso, n: 0 }, theme: theme() });
    dark.addEventListener("change", () => { root.dataset.theme = theme(); });
    window.addEventListener("hashchange", () => {
      if (wished(study) >= 0) view.slider.go(wished(study));
    });
    fitPaper(view);
  };
})((window.controlmap ??= {}));
