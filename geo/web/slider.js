// The bar under the map: play, steps, the track with its ticks, and the day in words.
(function (controlmap) {
  "use strict";

  const { node, button, svg, dayInWords } = controlmap;
  const SPEEDS = [1, 2, 5, 10]; // days a second

  const ICONS = {
    first: "M3,3 h2 v10 h-2 Z M13,3 L6,8 L13,13 Z",
    previous: "M12,3 L7,8 L12,13 Z M7,3 L2,8 L7,13 Z",
    back: "M10,3 L4,8 L10,13 Z",
    play: "M4,2 L14,8 L4,14 Z",
    pause: "M4,2 h3 v12 h-3 Z M9,2 h3 v12 h-3 Z",
    on: "M6,3 L12,8 L6,13 Z",
    next: "M4,3 L9,8 L4,13 Z M9,3 L14,8 L9,13 Z",
    last: "M11,3 h2 v10 h-2 Z M3,3 L10,8 L3,13 Z",
  };

  function icon(name) {
    const drawing = svg("svg", { viewBox: "0 0 16 16", class: "controlmap-icon" });
    drawing.append(svg("path", { d: ICONS[name] }));
    return drawing;
  }

  const TYPED_INTO = "input:not([type=range], [type=checkbox]), textarea, select, " +
    "[contenteditable], [role=slider], [role=combobox], [role=listbox], [role=tablist], " +
    "[role=radiogroup], [role=dialog]";
  const PRESSED = "button, a, summary, label, input[type=checkbox]";

  const KEYS = {
    ArrowLeft: (slider, shift) => (shift ? slider.toPreviousChange() : slider.step(-1)),
    ArrowRight: (slider, shift) => (shift ? slider.toNextChange() : slider.step(1)),
    Home: (slider) => slider.go(0),
    End: (slider) => slider.go(slider.last),
    " ": (slider) => slider.toggle(),
  };

  class Slider {
    constructor(study, move) {
      this.study = study;
      this.move = move;
      this.last = study.days.length - 1;
      this.day = -1;
      this.speed = 1;
      this.build();
    }

    build() {
      this.range = node("input");
      Object.assign(this.range, { type: "range", min: 0, max: this.last, step: 1 });
      this.range.setAttribute("aria-label", "Day");
      this.range.addEventListener("input", () => this.go(Number(this.range.value)));
      this.playButton = button(icon("play"), "Play (Space)", () => this.toggle());
      this.playButton.classList.add("controlmap-play");
      this.speedButton = button("", "Speed", () => this.faster());
      this.words = node("output", "controlmap-day");
      this.said = node("div", "controlmap-said");
      this.said.setAttribute("aria-live", "polite");
      this.ticks = node("canvas", "controlmap-ticks");
      this.ticks.setAttribute("aria-hidden", "true");
      this.hush = node("div", "controlmap-hush");
      this.hush.hidden = true;
      this.element = node("div", "controlmap-bar",
        node("div", "controlmap-track", this.range, this.hush, this.ticks),
        node("div", "controlmap-row2",
          node("span", "controlmap-soft", dayInWords(this.study.days[0], false)),
          node("div", "controlmap-buttons",
            button(icon("first"), "First day (Home)", () => this.go(0)),
            button(icon("previous"), "Previous change (Shift+←)", () => this.toPreviousChange()),
            button(icon("back"), "Day back (←)", () => this.step(-1)),
            this.playButton,
            button(icon("on"), "Day on (→)", () => this.step(1)),
            button(icon("next"), "Next change (Shift+→)", () => this.toNextChange()),
            button(icon("last"), "Last day (End)", () => this.go(this.last)),
            this.speedButton),
          this.words,
          node("span", "controlmap-soft", dayInWords(this.study.days[this.last], false))),
        this.said);
      this.element.setAttribute("role", "group");
      this.element.setAttribute("aria-label", "Time slider");
      this.element.inert = true; // until there is a timeline to step through
      this.setSpeed(SPEEDS[1]);
      new ResizeObserver(() => this.drawTicks()).observe(this.ticks);
    }

    /** Takes a new timeline: its ticks, its silence. */
    show(timeline) {
      this.timeline = timeline;
      this.element.inert = false;
      const share = timeline.silent === null ? 0 : 1 - timeline.silent / (this.last + 1);
      this.hush.hidden = share === 0;
      this.hush.style.width = `${share * 100}%`;
      this.hush.title = timeline.silence;
      this.drawTicks();
    }

    drawTicks() {
      const { clientWidth: width, clientHeight: height } = this.ticks;
      if (!this.timeline || !width) return;
      const scale = window.devicePixelRatio || 1;
      Object.assign(this.ticks, { width: width * scale, height: height * scale });
      const pen = this.ticks.getContext("2d");
      pen.scale(scale, scale);
      pen.fillStyle = getComputedStyle(this.ticks).color;
      // The first day gathers the state that the study opens with: it sets no scale.
      const most = Math.max(...this.timeline.ticks.slice(1), 1);
      const thumb = 16; // a range input's thumb stays inside its track
      this.timeline.ticks.forEach((count, day) => {
        if (!count) return;
        const x = thumb / 2 + (day / Math.max(this.last, 1)) * (width - thumb);
        const tall = Math.min(height, Math.max(3, (count / most) * height));
        pen.fillRect(x - 1, 0, 2, tall);
      });
    }

    go(day, byHand = true) {
      if (byHand) this.pause();
      this.set(Math.max(0, Math.min(this.last, day)));
    }

    set(day) {
      if (day === this.day) return;
      this.day = day;
      const text = dayInWords(this.study.days[day]);
      this.range.value = day;
      this.range.setAttribute("aria-valuetext", text);
      this.words.textContent = text;
      this.move(day);
    }

    step(days) {
      this.go(this.day + days);
    }

    toNextChange() {
      this.go(this.timeline.nextChange(this.day) ?? this.day);
    }

    toPreviousChange() {
      this.go(this.timeline.previousChange(this.day) ?? this.day);
    }

    toggle() {
      if (this.playing) return this.pause();
      if (this.day === this.last) this.set(0);
      this.playing = setInterval(() => {
        if (this.day === this.last) this.pause();
        else this.set(this.day + 1);
      }, 1000 / this.speed);
      this.showPlay("pause", "Pause (Space)");
    }

    pause() {
      if (!this.playing) return;
      clearInterval(this.playing);
      this.playing = undefined;
      this.showPlay("play", "Play (Space)");
    }

    showPlay(name, title) {
      this.playButton.replaceChildren(icon(name));
      this.playButton.title = title;
      this.playButton.setAttribute("aria-label", title);
    }

    setSpeed(speed) {
      this.speed = speed;
      const text = `${speed} day${speed === 1 ? "" : "s"}/s`;
      this.speedButton.textContent = text;
      this.speedButton.setAttribute("aria-label", `Speed: ${text}`);
    }

    faster() {
      const wasPlaying = Boolean(this.playing);
      this.pause();
      this.setSpeed(SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length]);
      if (wasPlaying) this.toggle();
    }

    say(text) {
      this.said.textContent = text;
    }

    /**
     * Keys work wherever the focus is, but for where a key already means something.
     * @param hears asked with each key whether it is meant for this slider
     */
    listen(target, signal, hears = () => true) {
      target.addEventListener("keydown", (event) => {
        const key = KEYS[event.key];
        if (!key || !hears() || this.element.inert || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        const busy = event.target.closest?.(TYPED_INTO);
        const presses = event.key === " " && event.target.closest?.(PRESSED);
        if (busy || presses) return;
        event.preventDefault();
        key(this, event.shiftKey);
      }, { signal });
    }
  }

  controlmap.Slider = Slider;
})((window.controlmap ??= {}));
