// What the map needs to know of a day: decoded from the compact runs that Python wrote.
// A day is its position in the study's list of days; its text is the list's own. No Date.
(function (controlmap) {
  "use strict";

  const MONTHS = ("January February March April May June July August September October " +
    "November December").split(" ");

  /** "2021-08-13" → "13 August 2021", or "13 August". */
  function dayInWords(iso, withYear = true) {
    const [year, month, day] = iso.split("-");
    const text = `${Number(day)} ${MONTHS[Number(month) - 1]}`;
    return withYear ? `${text} ${Number(year)}` : text;
  }

  // A state is one number: control × 8 + disputed × 4 + claimed × 2 + uncertain.
  const UNCERTAIN = 1;
  const CLAIMED = 2;
  const DISPUTED = 4;
  const controlOf = (state) => state >> 3;

  const WIDTH = 4; // first day, state, change in force, change whose window it lies in

  /** The runs of one kind of unit (areas or places). */
  class Spells {
    constructor(runs, dayCount) {
      this.runs = runs;
      this.count = runs.length;
      this.movers = Array.from({ length: dayCount }, () => []);
      runs.forEach((run, unit) => {
        for (let at = WIDTH; at < run.length; at += WIDTH) this.movers[run[at]].push(unit);
      });
    }

    /** Position in the unit's flat list of the run that holds a day. */
    at(unit, day) {
      const run = this.runs[unit];
      let low = 0;
      let high = run.length / WIDTH - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (run[middle * WIDTH] <= day) low = middle;
        else high = middle - 1;
      }
      return low * WIDTH;
    }

    state(unit, day) {
      return this.runs[unit][this.at(unit, day) + 1];
    }

    /** The changes that speak for a unit on a day: in force, and pending (−1 for none). */
    changes(unit, day) {
      const at = this.at(unit, day);
      return { force: this.runs[unit][at + 2], pending: this.runs[unit][at + 3] };
    }

    /** The units whose state may differ between two days: few for a step, all for a leap. */
    between(from, to) {
      const [first, last] = from < to ? [from + 1, to] : [to + 1, from];
      if (from < 0 || last - first > 30) return [...this.runs.keys()];
      if (first === last) return this.movers[first];
      return [...new Set(this.movers.slice(first, last + 1).flat())];
    }
  }

  /** Each number the sum of the steps up to it. */
  function summed(steps) {
    let sum = 0;
    return steps.map((step) => { sum += step; return sum; });
  }

  /** What changed: columns, of which a change is put together when it is asked for. */
  class Changes {
    constructor(columns, { days, places, areas }) {
      Object.assign(this, { columns, days });
      this.units = [...places, ...areas];
      this.unit = summed(columns.unit);
      this.lone = new Set(columns.lone);
    }

    at(number) {
      const { day, outside, from, to, sure, texts, by, lists } = this.columns;
      return {
        name: this.units[this.unit[number]].name,
        day: day[number],
        iso: this.days[day[number]] ?? outside[number],
        from: from[number],
        to: to[number],
        sure: texts[sure[number]],
        sources: lists[by[number]],
        lone: this.lone.has(number),
      };
    }
  }

  class Timeline {
    constructor(data, study) {
      this.areas = new Spells(data.areas, study.days.length);
      this.places = new Spells(data.places, study.days.length);
      this.changes = new Changes(data.changes, study);
      this.sources = data.sources;
      this.silent = data.silent;
      this.silence = data.silence;
      this.ticks = new Array(study.days.length).fill(0);
      this.byDay = new Map();
      data.changes.day.forEach((day, number) => {
        if (day < 0 || day >= this.ticks.length || this.isSilent(day)) return;
        this.ticks[day] += 1;
        if (!this.byDay.has(day)) this.byDay.set(day, []);
        this.byDay.get(day).push(number);
      });
      this.changeDays = [...this.byDay.keys()].sort((a, b) => a - b);
    }

    isSilent(day) {
      return this.silent !== null && day >= this.silent;
    }

    nextChange(day) {
      return this.changeDays.find((other) => other > day);
    }

    previousChange(day) {
      return this.changeDays.findLast((other) => other < day);
    }
  }

  Object.assign(controlmap, {
    dayInWords, controlOf, Timeline, UNCERTAIN, CLAIMED, DISPUTED,
  });
})((window.controlmap ??= {}));
