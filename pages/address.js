// The present page's address, rewritten in place: no step of the browser's history.
export default function ({ data }) {
  const search = data ? `?${data}` : "";
  if (search !== location.search) {
    history.replaceState(history.state, "", location.pathname + search + location.hash);
  }
}
