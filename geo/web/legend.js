// The legend with its live counts, the corner it stands in, and what the map has no room for.
(function (controlmap) {
  "use strict";

  const { controlOf, node, polygons, UNCERTAIN, CLAIMED } = controlmap;
  const ENOUGH = 20000; // points of outlines, to see what a corner hides

  /** Legend: each control with its live count and its definition, the signs, the rule. */
  class Legend {
    constructor(view) {
      this.view = view;
      const { study } = view;
      this.counts = study.controls.map(() => node("span", "controlmap-count"));
      const listed = study.legend.map((code) => study.controls[code]);
      const rows = listed.map((control, at) => {
        const code = study.legend[at];
        const row = node("div", "controlmap-row", view.swatch(code << 3),
          controlmap.marker("circle", control), node("span", "", control.label), this.counts[code]);
        row.title = control.definition;
        return row;
      });
      const shapes = [...new Map(study.places.map((place) => [place.kind, place.shape]))];
      const sign = (drawing, text) => node("span", "controlmap-sign", drawing, text);
      const more = node("details", "", node("summary", "", "Signs and what counts"),
        node("div", "controlmap-signs",
          sign(view.swatch((1 << 3) | UNCERTAIN), "uncertain: dashed outline"),
          sign(view.swatch((1 << 3) | CLAIMED), "claimed by the gaining side only"),
          sign(node("b", "controlmap-one", "1"), "only one source says so"),
          ...(study.events ? [sign(controlmap.eventSign(), "event: context, moves nothing")] : []),
          ...shapes.map(([kind, shape]) =>
            sign(controlmap.marker(shape, study.controls.at(-1)), kind))),
        ...listed.filter((control) => control.definition).map((control) =>
          node("p", "", node("b", "", `${control.label}: `), control.definition)));
      this.element = node("details", "controlmap-legend",
        node("summary", "", `${study.areas.length.toLocaleString("en")} ${study.area_unit[1]}`),
        ...rows, node("p", "controlmap-soft", study.rule), more);
      this.element.open = view.wide();
    }

    update(states) {
      const counts = this.counts.map(() => 0);
      for (const state of states) counts[controlOf(state)] += 1;
      counts.forEach((count, code) => { this.counts[code].textContent = count.toLocaleString("en"); });
    }

    addTo(map) {
      this.corner = L.control({ position: "bottomleft" });
      this.corner.onAdd = () => {
        L.DomEvent.disableClickPropagation(this.element);
        L.DomEvent.disableScrollPropagation(this.element);
        return this.element;
      };
      this.corner.addTo(map);
    }

    /** It takes the corner where it hides least of the study. */
    settle() {
      const frame = this.view.map.getContainer().getBoundingClientRect();
      const points = this.outline();
      const hidden = (position) => {
        this.corner.setPosition(position);
        const box = this.element.getBoundingClientRect();
        const corner = L.bounds(
          [box.left - frame.left, box.top - frame.top],
          [box.right - frame.left, box.bottom - frame.top]);
        return points.filter((point) => corner.contains(point)).length;
      };
      const corners = ["bottomleft", "bottomright", "topleft", "topright"];
      const counts = corners.map(hidden);
      this.corner.setPosition(corners[counts.indexOf(Math.min(...counts))]);
    }

    /** Points of the areas' outlines, in pixels of the map: all, or so many as say enough. */
    outline() {
      const { map, study: { areas, grid } } = this.view;
      const points = areas.flatMap(({ shape }) => polygons(shape, grid).flat(2));
      const every = Math.ceil(points.length / ENOUGH);
      return points.filter((_, at) => at % every === 0)
        .map((latlng) => map.latLngToContainerPoint(latlng));
    }
  }

  /** In a corner: that not all places in sight have a marker at this scale. */
  class Rest {
    constructor(map) {
      this.element = node("div", "controlmap-rest");
      this.element.hidden = true;
      const control = L.control({ position: "bottomright" });
      control.onAdd = () => this.element;
      control.addTo(map);
    }

    tell(some, all) {
      this.element.hidden = some === all;
      const [shown, sight] = [some, all].map((count) => count.toLocaleString("en"));
      this.element.textContent =
        `${shown} of ${sight} places shown, the important first; zoom in for the rest`;
    }
  }

  Object.assign(controlmap, { Legend, Rest });
})((window.controlmap ??= {}));
