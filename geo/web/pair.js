// Two maps beside each other, each in a frame of its own: what one is moved to, the other is.
(function (controlmap) {
  "use strict";

  /** The view in the other frame of the same page, once it is there. */
  function partner(view) {
    for (const frame of Array.from(window.parent.frames)) {
      try {
        const other = frame.controlmap?.paired;
        if (other && other !== view) return other;
      } catch {
        // A frame of another origin is none of ours.
      }
    }
    return undefined;
  }

  class Pair {
    /** @param side left or right: keys pressed outside both maps are heard by the left one */
    constructor(view, side) {
      Object.assign(this, { view, side, together: false, following: false });
      controlmap.paired = view;
      view.map.on("move", () => this.lead((other) => other.show(view.map)));
      // A zoom tells where it will end when it begins; “move” comes only then.
      view.map.on("zoomanim", ({ center, zoom }) =>
        this.lead((other) => other.show({ getCenter: () => center, getZoom: () => zoom }, true)));
      partner(view)?.pair.lead((other) => other.show(partner(view).map));
    }

    /** Have the other map follow, unless this one follows it. */
    lead(how) {
      const other = partner(this.view)?.pair;
      if (!other || this.following || other.following) return;
      other.following = true;
      how(other);
      other.following = false;
    }

    show(map, animate = false) {
      this.view.map.setView(map.getCenter(), map.getZoom(), { animate });
    }

    /** The day of this map was moved by so many days. */
    step(days) {
      if (this.together && days) this.lead((other) => other.view.slider.step(days));
    }

    hears() {
      return this.together && this.side === "left";
    }
  }

  controlmap.Pair = Pair;
})((window.controlmap ??= {}));
