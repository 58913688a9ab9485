// Places on the map: few as elements, many on a canvas, and only what a step changes painted anew.
(function (controlmap) {
  "use strict";

  const { PlaceCanvas, PlaceElements } = controlmap;

  class Places {
    static MANY = 1000; // more than this, and their elements keep the browser busy at each move

    /** @param options as `PlaceCanvas` has them, but for the looks */
    constructor(map, study, options) {
      this.states = new Int32Array(study.places.length).fill(-1);
      this.looks = new Int32Array(study.places.length).fill(-1);
      const Painter = study.places.length > Places.MANY ? PlaceCanvas : PlaceElements;
      this.painter = new Painter(map, study, { ...options, looks: this.looks });
    }

    /** @param changes those that the spells speak of, to mark what one source alone says */
    paint(spells, units, day, changes) {
      const changed = [];
      for (const unit of units) {
        const state = spells.state(unit, day);
        const lone = changes.lone.has(spells.changes(unit, day).force);
        const look = state * 2 + Number(lone);
        if (look === this.looks[unit]) continue;
        this.looks[unit] = look;
        changed.push({ unit, state, lone });
      }
      if (changed.length) this.painter.paint(changed);
    }
  }

  controlmap.Places = Places;
})((window.controlmap ??= {}));
