// A place's marker as SVG, and a map's places as such markers: few enough to be elements.
(function (controlmap) {
  "use strict";

  const { svg, UNCERTAIN, CLAIMED, controlOf } = controlmap;

  const SHAPES = {
    circle: "M8,2 a6,6 0 1,0 0.01,0 Z",
    square: "M3,3 H13 V13 H3 Z",
    triangle: "M8,1.5 L14.5,13.5 H1.5 Z",
    diamond: "M8,1 L15,8 L8,15 L1,8 Z",
    pentagon: "M8,1.5 L14.5,6.5 L12,14 H4 L1.5,6.5 Z",
  };

  // How a control fills a marker: its second sign, for eyes and printers without colour.
  const SIGNS = {
    full: "",
    half: "M8,0 H16 V16 H8 Z",
    dot: "M8,6 a2,2 0 1,0 0.01,0 Z",
    cross: "M3,3 L13,13 M13,3 L3,13",
    ring: "M8,4.5 a3.5,3.5 0 1,0 0.01,0 Z",
    open: "",
  };

  let clips = 0;

  /** A place's marker, or the same sign in the legend. */
  function marker(shape, control, flags = 0) {
    const drawing = svg("svg", { viewBox: "-1 -1 18 18", class: "controlmap-marker" });
    const clip = svg("clipPath", { id: `controlmap-clip-${clips++}` });
    clip.append(svg("path", { d: SHAPES[shape] }));
    const body = svg("path", { d: SHAPES[shape], class: "controlmap-marker-body" });
    const sign = svg("path", { "clip-path": `url(#${clip.id})` });
    drawing.append(clip, body, sign, svg("path", {
      d: SHAPES[shape], class: "controlmap-marker-rim", fill: "none",
    }));
    signMarker(drawing, control, flags);
    return drawing;
  }

  function signMarker(drawing, control, flags) {
    const [, body, sign] = drawing.children;
    body.setAttribute("fill", control.colour);
    sign.setAttribute("d", SIGNS[control.marker]);
    const line = control.marker === "cross";
    sign.setAttribute("fill", line ? "none" : "#ffffff");
    sign.setAttribute("stroke", line ? "#ffffff" : "none");
    sign.setAttribute("stroke-width", 1.7);
    drawing.classList.toggle("controlmap-uncertain", Boolean(flags & UNCERTAIN));
    drawing.classList.toggle("controlmap-claimed", Boolean(flags & CLAIMED));
  }

  const markerSize = ({ capital }) => (capital ? 14 : 12);

  /** One element a place: crisp, and each can be found in the page. */
  class PlaceElements {
    /**
     * @param groups the layers that show and hide places
     * @param describe what hovering a place shows, by its number
     * @param open called with the number of the place that is clicked, and where
     */
    constructor(map, study, { groups, describe, open }) {
      Object.assign(this, { map, groups, places: study.places, controls: study.controls });
      this.drawings = study.places.map((place, unit) => {
        const drawing = marker(place.shape, study.controls.at(-1));
        drawing.dataset.place = place.id;
        if (place.capital) drawing.classList.add("controlmap-capital");
        const size = markerSize(place);
        const box = document.createElement("span");
        box.className = "controlmap-spot";
        box.append(drawing);
        const icon = L.divIcon({ html: box, className: "", iconSize: [size, size] });
        L.marker(place.latlng, { icon, keyboard: false, riseOnHover: true })
          .bindTooltip(() => describe(unit), { className: "controlmap-tip" })
          .on("click", (event) => {
            event.target.closeTooltip();
            open(unit, place.latlng);
          })
          .addTo(groups[place.group]);
        return drawing;
      });
    }

    paint(changed) {
      for (const { unit, state, lone } of changed) {
        this.drawings[unit].parentNode.classList.toggle("controlmap-lone", lone);
        signMarker(this.drawings[unit], this.controls[controlOf(state)], state & 7);
      }
    }

    /** The numbers of the places that stand on the map. */
    standing() {
      const shown = ({ group }) => this.map.hasLayer(this.groups[group]);
      return [...this.places.keys()].filter((unit) => shown(this.places[unit]));
    }

    prefer() {} // each has its marker anyway
  }

  Object.assign(controlmap, { SHAPES, SIGNS, marker, markerSize, PlaceElements });
})((window.controlmap ??= {}));
