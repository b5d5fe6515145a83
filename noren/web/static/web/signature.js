// Signatures: notes what is drawn on the canvas of a form, and sends it in the form's hidden field as JSON: strokes of
// places in the canvas's own units. The form is shown where this runs.
"use strict";

(() => {
  const MOST_PLACES = 3500;
  const LEAST_STEP = 2;

  const start = (form) => {
    const canvas = form.querySelector("canvas");
    const field = form.querySelector("input[type=hidden][name$=text]");
    const context = canvas.getContext("2d");
    let strokes = [];
    let places = 0;
    let current = null;

    const clear = () => {
      strokes = [];
      places = 0;
      current = null;
      context.clearRect(0, 0, canvas.width, canvas.height);
    };

    const place = (event) => {
      const seen = canvas.getBoundingClientRect();
      const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);
      return [
        within(((event.clientX - seen.left) * canvas.width) / seen.width, canvas.width),
        within(((event.clientY - seen.top) * canvas.height) / seen.height, canvas.height),
      ];
    };

    const add = (event) => {
      const [x, y] = place(event);
      const last = current[current.length - 1];
      if (places >= MOST_PLACES || (last && Math.hypot(x - last[0], y - last[1]) < LEAST_STEP)) return;
      current.push([x, y]);
      places += 1;
      context.beginPath();
      context.moveTo(...(last || [x, y]));
      context.lineTo(x, y);
      context.stroke();
    };

    context.lineWidth = 3;
    context.lineCap = "round";
    field.value = "";
    form.hidden = false;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      current = [];
      strokes.push(current);
      add(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (current) event.getCoalescedEvents().concat(event).forEach(add);
    });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (current = null));
    form.querySelector("[data-clear]").addEventListener("click", clear);
    form.addEventListener("submit", () => (field.value = JSON.stringify(strokes)));
  };

  document.querySelectorAll("form[data-signature]").forEach(start);
})();
