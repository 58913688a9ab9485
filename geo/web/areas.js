// Areas on the map: few as elements, many on a canvas, and only what a step changes painted anew.
(function (controlmap) {
  "use strict";

  const { AreaCanvas, areaStyles, polygons, repaint } = controlmap;

  const PANE = "controlmap-areas";
  const MANY = 1000; // more than this, and elements' styles take longer than drawing on a canvas

  /** One element an area: crisp, and each can be found in the page. */
  class AreaElements {
    constructor(map, { areas, grid }, { styles, describe, open }) {
      this.styles = styles;
      const renderer = L.svg({ pane: PANE, padding: 0.5 });
      this.layers = areas.map(({ id, shape }, unit) => {
        const layer = L.polygon(polygons(shape, grid), {
          renderer, pane: PANE, smoothFactor: 0, fillOpacity: 1,
        });
        layer.bindTooltip(() => describe(unit), { sticky: true, className: "controlmap-tip" });
        layer.on("click", (event) => {
          layer.closeTooltip();
          open(unit, event.latlng);
        });
        layer.addTo(map);
        const element = layer.getElement();
        element.dataset.area = id;
        // Chromium lets Tab stop at every path that listens for focus, as Leaflet makes them do.
        element.tabIndex = -1;
        return layer;
      });
    }

    paint(changed) {
      for (const { unit, before, after } of changed) {
        const layer = this.layers[unit];
        repaint(layer.getElement(), this.styles[before], this.styles[after]);
        // A dashed outline must lie over its neighbours' borders to be seen.
        if (this.styles[after].front) layer.bringToFront();
      }
    }
  }

  class Areas {
    /**
     * @param describe what hovering an area shows, by its number
     * @param open called with the number of the area that is clicked, and where
     */
    constructor(map, study, describe, open) {
      map.createPane(PANE).style.zIndex = 400;
      this.study = study;
      this.styles = areaStyles(study.controls);
      this.states = new Int32Array(study.areas.length).fill(-1);
      const Painter = study.areas.length > MANY ? AreaCanvas : AreaElements;
      this.painter = new Painter(map, study, {
        pane: PANE, styles: this.styles, states: this.states, describe, open,
      });
    }

    bounds(unit) {
      const { areas, grid } = this.study;
      return L.latLngBounds(polygons(areas[unit].shape, grid).flat(2));
    }

    paint(spells, units, day) {
      const changed = [];
      for (const unit of units) {
        const before = this.states[unit];
        const after = spells.state(unit, day);
        if (after === before) continue;
        this.states[unit] = after;
        changed.push({ unit, before, after });
      }
      if (changed.length) this.painter.paint(changed);
    }
  }

  controlmap.Areas = Areas;
})((window.controlmap ??= {}));
