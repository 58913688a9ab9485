// The address of the present page, rewritten in place. Only another place is a step of the
// browser's history: from its history a reader goes back to the map as it was.
let page;

export default function ({ data }) {
  const search = data ? `?${data}` : "";
  if (search === location.search) return;
  const place = (query) => new URLSearchParams(query).get("place");
  const step = page === location.pathname && place(search) !== place(location.search);
  page = location.pathname;
  history[step ? "pushState" : "replaceState"]({}, "", location.pathname + search + location.hash);
}
