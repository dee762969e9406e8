// What pages gain with scripts on: times that count down, lists that renew themselves, missing items told while a
// form is filled in. Every page does its work without this file.
"use strict";

(() => {
  const MINUTE = 60000;

  function length(ms) {
    const minutes = Math.floor(Math.abs(ms) / MINUTE);
    const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24, rest = minutes % 60;
    if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
    if (hours) return rest ? `${hours} h ${rest} min` : `${hours} h`;
    return `${rest} min`;
  }

  // Each time left is written anew from its due time.
  function countDown() {
    const now = Date.now();
    for (const left of document.querySelectorAll("[data-due]")) {
      const due = Date.parse(left.dataset.due), from = Date.parse(left.dataset.from);
      const used = Math.min(100, Math.max(0, Math.floor((now - from) * 100 / Math.max(1, due - from))));
      const late = now > due;
      const words = late ? `${length(now - due)} late` : `${length(due - now)} left`;
      if (left.textContent !== words) left.textContent = words;
      left.classList.toggle("late", late);
      left.classList.toggle("soon", !late && used >= 75);
      const meter = left.parentElement.querySelector("meter.time");
      if (meter) meter.value = late ? 100 : used;
    }
  }

  // The parts of the page marked so are taken from the page as it is now; what somebody is typing in is left alone.
  let renewing = false, again = false;
  async function renew() {
    const parts = [...document.querySelectorAll("[data-renew]")];
    if (!parts.length || document.hidden) return;
    if (renewing) { again = true; return; }
    renewing = true;
    try {
      const answer = await fetch(location.href, { headers: { "x-renew": "1" }, credentials: "same-origin", redirect: "manual" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts) {
        const next = fresh.getElementById(part.id);
        if (next && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(next));
      }
      countDown();
    } finally {
      renewing = false;
      if (again) { again = false; setTimeout(renew, 2000); }
    }
  }

  // A case page is never changed under somebody's hands: it says that there is something new.
  function tell() {
    const said = document.getElementById("changed");
    if (said) said.hidden = false;
  }

  async function look() {
    const page = document.querySelector("[data-seen]");
    if (!page) return;
    const answer = await fetch(page.dataset.version, { headers: { "x-renew": "1" }, credentials: "same-origin", redirect: "manual" });
    if (answer.ok && (await answer.text()) !== page.dataset.seen) tell();
  }

  function listen() {
    const path = document.body.dataset.live;
    const wants = document.querySelector("[data-renew], [data-seen]");
    if (!path || !wants || !("EventSource" in window)) return;
    const source = new EventSource(path);
    let waiting = 0;
    source.addEventListener("changed", () => {
      if (waiting) return;
      waiting = setTimeout(() => { waiting = 0; renew(); look(); }, 700);
    });
    source.addEventListener("ended", () => source.close());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { renew(); look(); } });
  }

  // What is missing is told a moment after each change of the form.
  function check() {
    const form = document.querySelector("form[data-check]");
    if (!form) return;
    const told = document.getElementById("told");
    const families = () => {
      const chosen = new Set([...form.querySelectorAll("select[name$='.family']")].map((s) => s.value.split("/")[1]));
      for (const part of form.querySelectorAll("details[data-families]")) {
        const wanted = part.dataset.families.split(" ").some((family) => chosen.has(family));
        if (wanted && !part.dataset.touched) part.open = true;
      }
    };
    for (const part of form.querySelectorAll("details[data-families] > summary")) {
      part.addEventListener("click", () => { part.parentElement.dataset.touched = "1"; });
    }
    let waiting = 0;
    form.addEventListener("change", () => {
      families();
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const body = new URLSearchParams(new FormData(form));
        const answer = await fetch(form.dataset.check, {
          method: "POST", body, headers: { "x-renew": "1" }, credentials: "same-origin", redirect: "manual",
        });
        if (!answer.ok) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("told");
        const now = document.getElementById("told");
        if (fresh && now) now.replaceWith(document.adoptNode(fresh));
      }, 500);
    });
    if (told) families();
  }

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  const wrong = document.getElementById("wrong");
  if (wrong) { wrong.tabIndex = -1; wrong.focus(); }
  countDown();
  setInterval(countDown, 15000);
  listen();
  check();
})();
