// What pages gain with scripts on: times that count down, lists that renew themselves, missing items told while a
// form is filled in, a word before the session ends. Every page does its work without this file.
"use strict";

(() => {
  const MINUTE = 60000;
  const { dataset } = document.body;
  const quiet = { headers: { "x-renew": "1" }, credentials: "same-origin", redirect: "manual" };
  const by = (id) => document.getElementById(id);

  /* Time. The server's, counted on from when the page was made: the clock of this machine may be wrong, and a demo's
     day goes faster. */
  let served = Date.parse(dataset.now), pace = Number(dataset.pace);
  let since = performance.getEntriesByType("navigation")[0]?.responseStart || 0;
  const now = () => served + (performance.now() - since) * pace;

  function setTime(text) {
    const [at, speed] = text.split(" ");
    if (Number.isNaN(Date.parse(at))) return;
    [served, pace, since] = [Date.parse(at), Number(speed), performance.now()];
    countDown();
  }

  function length(ms) {
    const minutes = Math.floor(Math.abs(ms) / MINUTE);
    const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24, rest = minutes % 60;
    if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
    if (hours) return rest ? `${hours} h ${rest} min` : `${hours} h`;
    return `${rest} min`;
  }

  // Each time left is written anew from its due time.
  function countDown() {
    const at = now();
    for (const left of document.querySelectorAll("[data-due]")) {
      const due = Date.parse(left.dataset.due), from = Date.parse(left.dataset.from);
      const used = Math.min(100, Math.max(0, Math.floor((at - from) * 100 / Math.max(1, due - from))));
      const late = at > due;
      const words = (late ? dataset.late : dataset.left).replace("#", length(Math.abs(due - at)));
      if (left.textContent !== words) left.textContent = words;
      left.classList.toggle("late", late);
      left.classList.toggle("soon", !late && used >= 75);
      const meter = left.parentElement.querySelector("meter.time");
      if (meter) meter.value = late ? 100 : used;
    }
    // The time of a call that runs is counted on.
    for (const runs of document.querySelectorAll("[data-since]")) {
      const seconds = Math.max(0, Math.floor((at - Date.parse(runs.dataset.since)) / 1000));
      const two = (n) => String(n).padStart(2, "0");
      const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
      runs.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
    }
  }

  /* The session. Typing is being there; a page that renews itself is not. When the session is over, what the page
     shows of members goes. A form that somebody was filling in stays in this page alone, out of sight, until the same
     person has signed in again: nothing of it is put on the disk or sent. */
  const WARN = 2 * MINUTE, KEEP_EVERY = MINUTE;
  let ends = performance.now() + Number(dataset.idle) * 1000, kept = performance.now();
  let isOver = false, isAsking = false, typedIn = null;

  const isGone = (answer) => answer.type === "opaqueredirect" || answer.status === 401;

  async function session(options) {
    if (isAsking || !dataset.idle) return null;
    isAsking = true;
    try {
      const answer = await fetch("/session", options);
      if (isGone(answer)) { over(); return null; }
      if (!answer.ok) return null;
      const [seconds, user] = (await answer.text()).split(" ");
      ends = performance.now() + Number(seconds) * 1000;
      warn();
      return user;
    } catch {
      return null; // The server cannot be reached: what is known still holds.
    } finally {
      isAsking = false;
    }
  }

  function keep() {
    kept = performance.now();
    return session({ credentials: "same-origin", redirect: "manual" });
  }

  function warn() {
    const left = ends - performance.now(), warning = by("session-warning");
    if (warning) warning.hidden = isOver || left > WARN;
  }

  function watch() {
    if (!dataset.idle || isOver) return;
    const left = ends - performance.now();
    // Another page of this browser may have been used meanwhile: the server knows.
    if (left <= WARN && by("session-warning").hidden || left <= 0) session(quiet);
  }

  function over() {
    if (isOver) return;
    isOver = true;
    stop();
    warn();
    const main = by("main"), find = by("bar-q");
    if (find) find.value = "";
    if (typedIn?.isConnected) main.hidden = true; else main.replaceChildren();
    by("session-kept").hidden = !typedIn;
    by("session-over").hidden = false;
    by("session-over").focus();
  }

  async function back() {
    isAsking = false;
    const user = await session(quiet);
    if (!user) return;
    // Somebody else sees nothing of it.
    if (user !== dataset.user || !typedIn) { by("main").replaceChildren(); location.reload(); return; }
    isOver = false;
    by("session-over").hidden = true;
    by("main").hidden = false;
    start();
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.method === "post" && form.closest("main")) typedIn = form;
    if (performance.now() - kept > KEEP_EVERY) keep();
  });
  by("session-stay")?.addEventListener("click", keep);

  /* Renewing. The parts of the page marked so are taken from the page as it is now; what somebody is typing or
     ticking in is left alone. Each renewal is a look at members, and is recorded as one: so not more often than this. */
  const RENEW_EVERY = 5000;
  let source = null, waiting = 0, renewed = 0;

  async function renew() {
    const parts = [...document.querySelectorAll("[data-renew]")];
    if (!parts.length) return;
    const answer = await fetch(location.href, quiet);
    if (isGone(answer)) over();
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      const next = fresh.getElementById(part.id);
      const isHeld = part.contains(document.activeElement) || part.querySelector("[name=case]:checked");
      if (!next || isHeld) continue;
      for (const open of part.querySelectorAll("details[id][open]")) {
        next.querySelector(`#${open.id}`)?.setAttribute("open", "");
      }
      part.replaceWith(document.adoptNode(next));
    }
    countDown();
  }

  // A case page is never changed under somebody's hands: it says that there is something new.
  async function look() {
    const page = document.querySelector("[data-seen]");
    if (!page) return;
    const answer = await fetch(page.dataset.version, quiet);
    if (isGone(answer)) over();
    if (answer.ok && (await answer.text()) !== page.dataset.seen) by("changed").hidden = false;
  }

  function changed() {
    if (waiting) return;
    const wait = Math.max(700, renewed + RENEW_EVERY - performance.now());
    waiting = setTimeout(async () => {
      waiting = 0;
      if (isOver || document.hidden) return;
      renewed = performance.now();
      try { await Promise.all([renew(), look()]); } catch { /* The next change tries again. */ }
    }, wait);
  }

  // A page of a case says where its reader is, and hears which colleagues are there too.
  const place = document.querySelector("[data-here]");
  let form = place?.dataset.form || "", moving = 0;

  function address() {
    return place ? `${dataset.live}?${new URLSearchParams({ case: place.dataset.here, form })}` : dataset.live;
  }

  document.addEventListener("focusin", (event) => {
    const at = event.target.closest("form[id^=do-]") || event.target.closest("details.action[open]")?.querySelector("form[id^=do-]");
    if (!place || !at || at.id.slice(3) === form) return;
    form = at.id.slice(3);
    clearTimeout(moving);
    moving = setTimeout(() => {
      if (!source) return;
      stop();
      start();
      look().catch(() => { /* The next change tells. */ });
    }, 400);
  });

  // Only a page that is seen listens: a browser has few connections to one server.
  function start() {
    if (source || isOver || document.hidden || !dataset.live || !("EventSource" in window)) return;
    source = new EventSource(address());
    source.addEventListener("others", (event) => {
      const others = by("others");
      if (!others) return;
      others.textContent = event.data;
      others.hidden = !event.data;
    });
    source.addEventListener("time", (event) => setTime(event.data));
    source.addEventListener("changed", (event) => { setTime(event.data); changed(); });
    source.addEventListener("ended", over);
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      stop();
      session(quiet);
      setTimeout(start, MINUTE);
    });
  }

  function stop() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
    else if (isOver) back();
    else { start(); changed(); }
  });
  window.addEventListener("focus", () => { if (isOver) back(); });

  // What is missing is told while one types, a moment after the last letter.
  function check() {
    const form = document.querySelector("form[data-check]");
    if (!form) return;
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
    let later = 0;
    form.addEventListener("input", () => {
      families();
      clearTimeout(later);
      later = setTimeout(async () => {
        const body = new URLSearchParams(new FormData(form));
        const answer = await fetch(form.dataset.check, {
          method: "POST", body, credentials: "same-origin", redirect: "manual",
        });
        if (isGone(answer)) over();
        if (!answer.ok) return;
        ends = performance.now() + Number(dataset.idle) * 1000;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("told");
        if (fresh) by("told")?.replaceWith(document.adoptNode(fresh));
      }, 300);
    });
    families();
  }

  // Symptom words are told while the notes of a call are typed.
  function listen() {
    const place = document.querySelector("[data-check-form]"), form = place?.querySelector("form");
    if (!form) return;
    let later = 0;
    form.addEventListener("input", () => {
      clearTimeout(later);
      later = setTimeout(async () => {
        try {
          const body = new URLSearchParams(new FormData(form));
          const answer = await fetch(place.dataset.checkForm, {
            method: "POST", body, credentials: "same-origin", redirect: "manual",
          });
          if (isGone(answer)) over();
          if (!answer.ok) return;
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("told");
          // What was heard before stays: taking words back takes no symptom back.
          if (fresh?.textContent.trim()) by("told")?.replaceWith(document.adoptNode(fresh));
        } catch { /* Keeping the notes tells the same. */ }
      }, 300);
    });
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

  const wrong = by("wrong");
  if (wrong) { wrong.tabIndex = -1; wrong.focus(); }
  countDown();
  setInterval(() => { countDown(); watch(); }, 1000);
  start();
  check();
  listen();
})();
