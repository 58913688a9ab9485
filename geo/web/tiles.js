// Layers that need the internet. A page that may ask nobody for anything leaves this file out.
(function (controlmap) {
  "use strict";

  // A tile server is asked for nothing until the reader turns this on.
  controlmap.tiles = () => ({
    "OpenStreetMap tiles (needs internet)": L.tileLayer(
      "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
      { pane: "controlmap-tiles", maxZoom: 19, attribution: "© OpenStreetMap contributors" }),
  });
})((window.controlmap ??= {}));
