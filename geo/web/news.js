// “On this day”: each change, how sure it is, and the evidence of its sources, as text.
(function (controlmap) {
  "use strict";

  const { node, link, dayInWords } = controlmap;
  const MANY = 12; // more first reports than this on one day are folded away
  const SHOWN = 3; // publishers named before the evidence is unfolded

  const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
  const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

  /** A paragraph in the direction of its own script. */
  function paragraph(className, ...children) {
    const element = node("p", className, ...children);
    element.dir = "auto";
    return element;
  }

  class News {
    /**
     * @param behind for each change its place and the reports behind it
     * @param published for each source of the timeline the day of its publication
     */
    constructor(view, behind, published, balance) {
      Object.assign(this, { view, behind, published, balance });
      this.head = node("h2", "cm-h2");
      this.since = node("p", "cm-soft");
      this.list = node("div", "cm-changes");
      this.element = node("section", "cm-news", this.head, this.since, this.list);
      this.element.setAttribute("aria-label", "On this day");
      this.element.tabIndex = 0; // it scrolls by itself, for keys too
    }

    show(day) {
      const { timeline, study } = this.view;
      const unknown = study.controls.findIndex(({ id }) => id === "unknown");
      const today = this.inOrder(timeline.byDay.get(day) ?? []);
      const first = today.filter((number) => timeline.changes.at(number).from === unknown);
      const folded = first.length > MANY ? first : [];
      const open = today.filter((number) => !folded.includes(number));
      this.head.textContent = "On this day" +
        (open.length ? ` · ${plural(open.length, "change")}` : "");
      this.since.textContent = this.balance.since(day);
      this.list.replaceChildren(...open.map((number) => this.change(number)));
      if (folded.length) this.list.append(this.opening(folded));
      if (!today.length) this.list.append(this.nothing(day));
      this.element.scrollTop = 0;
    }

    /** Capitals before other places. */
    inOrder(numbers) {
      const minor = (number) => Number(!this.behind[number].capital);
      return [...numbers].sort((a, b) => minor(a) - minor(b));
    }

    /** The state a study opens with is no news. */
    opening(numbers) {
      return node("details", "cm-opening",
        node("summary", "", `First known state of ${plural(numbers.length, "place")}`),
        ...numbers.map((number) => this.change(number)));
    }

    nothing(day) {
      const { timeline, study } = this.view;
      if (timeline.isSilent(day)) {
        return node("p", "cm-soft", `${capital(timeline.silence)}: nothing is drawn for this day.`);
      }
      const next = timeline.nextChange(day);
      const text = node("p", "cm-soft", "No change reported.");
      if (next === undefined) return text;
      const there = node("a", "", dayInWords(study.days[next], false));
      there.href = `#${study.days[next]}`;
      text.append(node("span", "cm-next", " The next is on ", there, " (Shift + →)."));
      return text;
    }

    change(number) {
      const { view, behind: { [number]: { where, reports } } } = this;
      const { name, from, to, sure } = view.timeline.changes.at(number);
      const { controls } = view.study;
      const named = node("b", "", name);
      named.dir = "auto";
      const evidence = node("details", "",
        node("summary", "", this.publishers(reports)),
        ...reports.map((report) => this.evidence(report)));
      return node("article", "cm-change", view.swatch(to << 3),
        node("div", "",
          node("div", "", named, " ", node("span", "cm-soft", where)),
          node("div", "cm-move", `${controls[from].label} → `, node("b", "", controls[to].label)),
          node("div", "cm-sure", sure),
          evidence));
    }

    publishers(reports) {
      const { sources } = this.view.timeline;
      const names = [...new Set(reports.map(({ source }) => sources[source].name))];
      const more = names.length - SHOWN;
      return names.slice(0, SHOWN).join(" · ") + (more > 0 ? ` and ${more} more` : "");
    }

    evidence(report) {
      const { name, title, url } = this.view.timeline.sources[report.source];
      const published = this.published[report.source];
      const said = [
        report.claimant && `says ${report.claimant}`,
        `“${report.when}”`, `confidence ${report.confidence}`, report.locator,
      ];
      return node("div", "cm-evidence",
        paragraph("", report.evidence),
        paragraph("cm-soft", `${name}, ${published || "undated"}: `, link(title || name, url)),
        paragraph("cm-soft", said.filter(Boolean).join(" · ")));
    }
  }

  controlmap.News = News;
})((window.controlmap ??= {}));
