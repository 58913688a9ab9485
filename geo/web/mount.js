// Between the page and its map's view: what is asked for from outside, and what is told there.
(function (controlmap) {
  "use strict";

  const { NARROW, Timeline, View, node, placeTable } = controlmap;

  const views = new WeakMap();

  /** An address is fetched, an object is taken as it is. */
  async function read(data) {
    if (typeof data !== "string") return data;
    const answer = await fetch(data);
    // A server that is restarting answers too, with a page that is no data.
    if (!answer.ok) throw new Error(`${answer.status} for ${data}`);
    return answer.json();
  }

  /** The same address, or the same things. */
  const same = (one, other) => one === other ||
    (typeof one === typeof other && JSON.stringify(one) === JSON.stringify(other));

  /** A frame's style sheets arrive after its scripts; sizes measured before them are wrong. */
  const styled = () => Promise.all(
    [...document.querySelectorAll("link[rel=stylesheet]")]
      .filter((link) => !link.sheet)
      .map((link) => new Promise((done) => {
        link.addEventListener("load", done);
        link.addEventListener("error", done);
      })));

  const plain = ({ bounds, hidden, view }) => !(bounds || hidden.length || view);

  /** In Streamlit: the day goes to the page, and the frame is as tall as the screen allows. */
  function streamlitOptions({ height, pair }) {
    if (!window.Streamlit) return {};
    const tall = () => (window.innerWidth < NARROW ? Math.min(height, 560) : height);
    const resize = () => window.Streamlit.setFrameHeight(tall());
    window.addEventListener("resize", resize);
    let told;
    let picked = null; // what was clicked last, and when
    // Whether the page was ever told of its map: it remembers that longer than this frame lives.
    const spoken = (window.parent.controlmapSpoken ??= {});
    const tell = (day, look) => {
      const value = { day, ...look, picked };
      if (JSON.stringify(value) === told) return;
      told = JSON.stringify(value);
      spoken[pair] = true;
      window.Streamlit.setComponentValue(value);
    };
    const looked = (day, look) => {
      // A map that nobody has moved yet is what the page takes it for.
      if (spoken[pair] || !plain(look)) tell(day, look);
    };
    const pick = (day, look, id) => {
      picked = [id, Date.now()];
      tell(day, look);
    };
    return { settled: tell, looked, picked: pick, resize };
  }

  /** In the map's place: that it is missing, and what the reader can do about it. */
  function showFault(entry, error) {
    entry.fault?.remove();
    entry.fault = node("div", "controlmap-fault",
      node("b", "", "The map cannot be shown: its data did not arrive."),
      node("span", "", "Reload the page to try again."));
    entry.fault.setAttribute("role", "alert");
    const container = entry.map.getContainer();
    (container.closest(".controlmap-frame") ?? container).append(entry.fault);
    entry.options.resize?.();
    console.error(error);
  }

  /**
   * Makes the view once; all that may change comes through `update`.
   * @param map a Leaflet map
   * @param base `{study, height, pair}`: the study, or where to fetch it
   * @param hooks `{shown, settled, looked, picked}`: what to call with each day, with one that
   *   stays, with the part of the map that is looked at, and with what is clicked
   * @returns the view, when it is there; a fault is told in the map's place by `update`
   */
  controlmap.mount = (map, base, hooks = {}) => {
    const options = { ...streamlitOptions(base), pair: base.pair, ...hooks };
    const ready = (async () => {
      const [study] = await Promise.all([read(base.study), styled()]);
      return new View(map, { ...study, places: placeTable(study.places, study) }, options);
    })();
    ready.catch(() => {});
    views.set(map, { map, options, ready, asked: {} });
    return ready;
  };

  /**
   * Shows other reports, or another day; what has not changed since the last call is kept.
   * @param message `{timeline, day, view, open, theme, together}`, `day` as `{iso, n}`: a new `n` asks anew
   *   for the day, for the view (if there is one) and for the place to open (if there is one)
   */
  controlmap.update = (map, message) => {
    const entry = views.get(map);
    entry.wanted = message;
    const before = entry.turn ?? Promise.resolve();
    // One after another: a later message must not find the timeline of an earlier one missing.
    entry.turn = before
      .then(() => apply(entry, message))
      .catch((error) => showFault(entry, error));
    return entry.turn;
  };

  async function apply(entry, message) {
    if (entry.wanted !== message) return;
    document.documentElement.dataset.theme = message.theme ?? "light";
    const { asked } = entry;
    const fresh = !same(message.timeline, asked.timeline);
    const [data, view] = await Promise.all([fresh && read(message.timeline), entry.ready]);
    entry.asked = message;
    entry.fault?.remove();
    if (fresh) view.setTimeline(new Timeline(data, view.study));
    if (asked.day?.n !== message.day.n) view.goTo(message);
    if (view.pair) view.pair.together = message.together;
    view.options.resize?.();
    window.controlmap.ready = true;
  }
})((window.controlmap ??= {}));
