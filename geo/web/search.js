// Search for a place or an area by any of its names, however it is spelt.
(function (controlmap) {
  "use strict";

  const { node } = controlmap;
  const MOST = 8; // suggestions at once

  // Letters that no decomposition makes one: Persian and Arabic forms, and Latin with strokes.
  const SAME = {
    ي: "ی", ى: "ی", ك: "ک", ة: "ه", ß: "ss", ı: "i", ø: "o", đ: "d", ł: "l", æ: "ae", œ: "oe",
  };

  /** A name without accents, case, spaces and signs. */
  function fold(text) {
    const plain = text.toLowerCase().normalize("NFKD");
    return [...plain.replace(/[^\p{L}\p{N}]/gu, "")].map((sign) => SAME[sign] ?? sign).join("");
  }

  /** The least letters to add, drop, change or swap until a name begins as was typed. */
  function slips(typed, name) {
    let [older, before] = [[], [...Array(name.length + 1).keys()]];
    for (let row = 1; row <= typed.length; row += 1) {
      const now = [row];
      for (let at = 1; at <= name.length; at += 1) {
        const changed = before[at - 1] + Number(typed[row - 1] !== name[at - 1]);
        now[at] = Math.min(before[at] + 1, now[at - 1] + 1, changed);
        if (typed[row - 1] === name[at - 2] && typed[row - 2] === name[at - 1]) {
          now[at] = Math.min(now[at], older[at - 2] + 1);
        }
      }
      [older, before] = [before, now];
    }
    return Math.min(...before);
  }

  /** How many slips a text of this length may have and still be meant. */
  const allowed = (length) => (length < 4 ? 0 : length < 7 ? 1 : 2);

  /** How well a folded name answers: smaller is better, Infinity is not at all. */
  function distance(typed, name) {
    if (name === typed) return 0;
    if (name.startsWith(typed)) return 1;
    if (name.includes(typed)) return 2;
    const wrong = slips(typed, name);
    return wrong <= allowed(typed.length) ? 2 + wrong : Infinity;
  }

  let boxes = 0;

  /** A text field with suggestions (the ARIA combobox pattern). */
  class Search {
    /**
     * @param found what can be found: `{name, also, what, …}`, the important first
     * @param choose called with the one chosen
     */
    constructor(found, choose) {
      this.choose = choose;
      this.entries = found.map((entry) => ({
        entry, keys: [entry.name, ...entry.also].map((name) => [fold(name), name]),
      }));
      this.id = `cm-found-${boxes++}`;
      this.build();
      this.listen();
      this.close();
    }

    build() {
      this.input = node("input");
      const attributes = {
        type: "search", role: "combobox", "aria-label": "Search for a place",
        placeholder: "Search for a place", "aria-autocomplete": "list", "aria-controls": this.id,
        autocomplete: "off", spellcheck: "false", dir: "auto",
      };
      for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
      this.list = node("ul", "cm-found");
      this.list.id = this.id;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", "Places and areas");
      this.said = node("p", "cm-said");
      this.said.setAttribute("role", "status");
      this.element = node("div", "cm-search", this.input, this.list, this.said);
    }

    listen() {
      const keys = {
        ArrowDown: () => this.mark(this.marked + 1),
        ArrowUp: () => this.mark(this.marked - 1),
        Enter: () => this.take(Math.max(this.marked, 0)),
        Escape: () => this.close(),
      };
      this.input.addEventListener("input", () => this.suggest());
      this.input.addEventListener("focus", () => this.suggest());
      this.input.addEventListener("blur", () => this.close());
      this.input.addEventListener("keydown", (event) => {
        if (!keys[event.key] || event.isComposing) return;
        event.preventDefault();
        keys[event.key]();
      });
      // A press takes the focus, and with it the list, before it becomes a click.
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const row = event.target.closest("li");
        if (row) this.take([...this.list.children].indexOf(row));
      });
    }

    /** The entries that answer to what was typed, the best first, and by which name. */
    matches(text) {
      const typed = fold(text);
      if (!typed) return [];
      return this.entries
        .map(({ entry, keys }, rank) => {
          const [best] = keys
            .map(([key, name]) => ({ entry, name, rank, far: distance(typed, key) }))
            .sort((a, b) => a.far - b.far);
          return best;
        })
        .filter(({ far }) => far < Infinity)
        .sort((a, b) => a.far - b.far || a.rank - b.rank)
        .slice(0, MOST);
    }

    suggest() {
      const text = this.input.value.trim();
      this.shown = this.matches(text);
      this.list.replaceChildren(...this.shown.map((match, at) => this.row(match, at)));
      this.list.hidden = !this.shown.length;
      this.input.setAttribute("aria-expanded", String(!this.list.hidden));
      const missing = text && !this.shown.length;
      this.said.textContent = missing ? `No place or area is called “${text}”.` : "";
      this.mark(-1);
    }

    row({ entry, name }, at) {
      const aside = name === entry.name ? entry.what : `${name} · ${entry.what}`;
      const named = node("b", "", entry.name);
      named.dir = "auto";
      const row = node("li", "", named, " ", node("span", "cm-soft", aside));
      row.id = `${this.id}-${at}`;
      row.setAttribute("role", "option");
      return row;
    }

    mark(at) {
      const { children } = this.list;
      this.marked = children.length ? Math.max(-1, Math.min(children.length - 1, at)) : -1;
      [...children].forEach((row, number) =>
        row.setAttribute("aria-selected", String(number === this.marked)));
      const row = children[this.marked];
      if (row) this.input.setAttribute("aria-activedescendant", row.id);
      else this.input.removeAttribute("aria-activedescendant");
      row?.scrollIntoView({ block: "nearest" });
    }

    take(at) {
      const match = this.shown[at];
      if (!match) return;
      this.input.value = match.entry.name;
      this.close();
      this.choose(match.entry);
    }

    close() {
      this.shown = [];
      this.list.replaceChildren();
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.said.textContent = "";
      this.mark(-1);
    }
  }

  controlmap.Search = Search;
})((window.controlmap ??= {}));
