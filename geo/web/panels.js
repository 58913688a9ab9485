// The words on the map: tooltips and popups. All text enters as text, never HTML.
(function (controlmap) {
  "use strict";

  const { controlOf, dayInWords, UNCERTAIN, CLAIMED } = controlmap;

  /** An element with a class and children; strings become text nodes. */
  function node(name, className = "", ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  function button(label, title, action) {
    const element = node("button", "", label);
    element.type = "button";
    element.title = title;
    element.setAttribute("aria-label", title);
    element.addEventListener("click", action);
    return element;
  }

  /** A link where the address is one of the web; else its text. */
  function link(text, url) {
    if (!/^https?:\/\//i.test(url)) return node("span", "", text);
    const element = node("a", "", text);
    element.href = url;
    element.target = "_blank";
    element.rel = "noopener noreferrer";
    return element;
  }

  const LONE = "Only one source says so.";

  /** What is known of a unit on a day: its name, control, since when, and how sure. */
  function describe(view, spells, unit, name, day) {
    const { study, timeline } = view;
    const state = spells.state(unit, day);
    const { force, pending } = spells.changes(unit, day);
    const control = study.controls[controlOf(state)];
    const card = node("div", "controlmap-card", node("strong", "", name));
    card.append(node("div", "controlmap-held", view.swatch(state), node("span", "", control.label)));
    if (timeline.isSilent(day)) card.append(node("div", "controlmap-soft", timeline.silence));
    if (force >= 0) {
      const change = timeline.changes.at(force);
      const claimed = state & CLAIMED ? ", claimed by one side" : "";
      card.append(node("div", "", `since ${dayInWords(change.iso)}${claimed}`));
      // The day alone would say twice what “since” has said.
      if (change.sure !== `on ${dayInWords(change.iso, false)}`) {
        card.append(node("div", "controlmap-soft", change.sure));
      }
      if (change.lone) card.append(node("div", "controlmap-soft", LONE));
    }
    if (state & UNCERTAIN && pending >= 0 && pending !== force) {
      const { to, sure } = timeline.changes.at(pending);
      card.append(node("div", "controlmap-unsure", `Uncertain: ${study.controls[to].label} ${sure}`));
    }
    return card;
  }

  const SHOWN_SOURCES = 6;

  /** The sources behind the changes in force and pending, as links. */
  function sourceList(timeline, numbers) {
    const sources = [...new Set(numbers.flatMap((number) => timeline.changes.at(number).sources))];
    const list = node("ul", "controlmap-sources");
    for (const at of sources.slice(0, SHOWN_SOURCES)) {
      const { name, title, url } = timeline.sources[at];
      const item = node("li", "", link(name, url));
      item.firstChild.title = title;
      list.append(item);
    }
    const more = sources.length - SHOWN_SOURCES;
    if (more > 0) list.append(node("li", "", `and ${more} more`));
    return list;
  }

  function popup(view, spells, unit, name, day) {
    const { force, pending } = spells.changes(unit, day);
    const numbers = [...new Set([force, pending])].filter((number) => number >= 0);
    const card = describe(view, spells, unit, name, day);
    if (numbers.length) card.append(node("div", "controlmap-soft", "Who says so:"));
    card.append(sourceList(view.timeline, numbers));
    return card;
  }

  Object.assign(controlmap, { node, button, link, describe, popup });
})((window.controlmap ??= {}));
