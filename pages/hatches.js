// The patterns that charts of this page are filled with. They must stand in the page itself: a
// reference finds nothing behind the border of a shadow tree.
export default function ({ data, parentElement }) {
  if (parentElement.innerHTML !== data) parentElement.innerHTML = data;
}
