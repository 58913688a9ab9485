// Who holds how much on a day: areas, ground and people, summed from the areas' states.
(function (controlmap) {
  "use strict";

  const { node, svg, controlOf, dayInWords } = controlmap;
  const AREAS = 0;
  const PEOPLE = 2;

  const LEGIBLE = 0.15; // a smaller part of a bar has no room for its figure

  const grouped = (value) => Math.round(value).toLocaleString("en");

  /** The nearest whole number, of two the even one: as Python rounds. */
  function rounded(value) {
    const up = Math.round(value);
    return up - value === 0.5 && up % 2 ? up - 1 : up;
  }

  /** A share in whole per cent, never 0 % or 100 % where it is not. */
  function share(value) {
    const exact = Number(value.toFixed(9)); // shares are sums of floats
    const whole = rounded(exact * 100);
    if (exact > 0 && whole === 0) return "<1 %";
    if (exact < 1 && whole === 100) return ">99 %";
    return `${whole} %`;
  }

  class Balance {
    /** @param weights for each area what it counts: areas, km², people */
    constructor(view, weights) {
      this.view = view;
      this.weights = weights;
      this.totals = [0, 1, 2].map((unit) =>
        weights.reduce((sum, weight) => sum + weight[unit], 0));
      this.keys = node("div", "cm-keys");
      this.bars = node("div", "cm-bars");
      this.element = node("div", "cm-balance", this.keys, this.bars);
    }

    /** What each control holds on a day: areas, km², people. */
    held(day) {
      const { study, timeline } = this.view;
      const sums = study.controls.map(() => [0, 0, 0]);
      this.weights.forEach((weight, area) => {
        const sum = sums[controlOf(timeline.areas.state(area, day))];
        weight.forEach((amount, unit) => { sum[unit] += amount; });
      });
      return sums;
    }

    show(day) {
      const held = this.held(day);
      const { controls, area_unit: [, many] } = this.view.study;
      const keys = controls.flatMap(({ label }, code) => {
        if (!held[code][AREAS]) return [];
        return [node("span", "cm-key",
          this.view.swatch(code << 3), node("b", "", grouped(held[code][AREAS])), ` ${label}`)];
      });
      const all = node("span", "cm-soft", `of ${grouped(this.totals[AREAS])} ${many}`);
      this.keys.replaceChildren(...keys, all);
      const totals = this.totalsInWords();
      this.bars.replaceChildren(...totals.flatMap((total, unit) =>
        (this.totals[unit] ? [this.bar(held, unit, total)] : [])));
    }

    totalsInWords() {
      const [areas, ground, people] = this.totals;
      const millions = (people / 1e6).toLocaleString("en", { maximumFractionDigits: 1 });
      return [
        `${grouped(areas)} ${this.view.study.area_unit[1]}`,
        `${grouped(ground)} km²`,
        people < 1e6 ? `${grouped(people)} people` : `${millions} million people`,
      ];
    }

    bar(held, unit, total) {
      const { controls } = this.view.study;
      const shares = held.map((sum) => sum[unit] / this.totals[unit]);
      const told = shares.flatMap((part, code) =>
        (part ? [`${controls[code].label} ${share(part)}`] : []));
      const drawing = svg("svg", {
        class: "cm-bar", role: "img", "aria-label": `${told.join(", ")} of ${total}`,
      });
      let left = 0;
      shares.forEach((part, code) => {
        if (part) drawing.append(...this.part(code, left, part));
        left += part;
      });
      return node("div", "cm-barrow", drawing, node("span", "cm-soft", total));
    }

    /** One control's part of a bar, filled as its areas are, and its figure where it fits. */
    part(code, left, part) {
      const { fill } = this.view.areas.styles[code << 3];
      const rect = svg("rect", {
        x: `${left * 100}%`, width: `${part * 100}%`, height: "100%", fill,
      });
      const title = svg("title");
      title.textContent = `${this.view.study.controls[code].label}: ${share(part)}`;
      rect.append(title);
      if (part < LEGIBLE) return [rect];
      const figure = svg("text", { x: `${left * 100}%`, y: "50%", dx: 5 });
      figure.textContent = share(part);
      return [rect, figure];
    }

    /** What each side won and lost since the day before. */
    since(day) {
      if (day === 0) return "The study's first day.";
      const { controls, days, area_unit: unit } = this.view.study;
      const [before, after] = [this.held(day - 1), this.held(day)];
      const moved = controls.flatMap(({ label }, code) => {
        const count = after[code][AREAS] - before[code][AREAS];
        if (!count) return [];
        const swing = Math.abs(after[code][PEOPLE] - before[code][PEOPLE]);
        const people = swing ? ` (${share(swing / this.totals[PEOPLE])} of the population)` : "";
        const many = Math.abs(count);
        return [`${label} ${count > 0 ? "+" : "−"}${many} ${unit[Number(many !== 1)]}${people}`];
      });
      return `Since ${dayInWords(days[day - 1], false)}: ` +
        `${moved.join("; ") || `no ${unit[0]} changed hands`}.`;
    }
  }

  Object.assign(controlmap, { Balance, share });
})((window.controlmap ??= {}));
