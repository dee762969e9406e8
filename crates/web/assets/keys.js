// What the keyboard gains with scripts on: single keys, the list of them, and the palette. Everything they do is also a
// link or a form of the page: they only go there. The palette is made of what the page shows and holds nobody's name.
"use strict";

(() => {
  const by = (id) => document.getElementById(id);
  const sheet = by("keys"), palette = by("palette");
  if (!sheet || !palette) return;

  /* Single keys can be put off, for those who speak to their machine or whose hand slips. The browser remembers it. */
  const OFF = "doorstep-keys-off";
  const isOn = () => { try { return localStorage.getItem(OFF) !== "1"; } catch { return true; } };
  const toggle = by("keys-on");
  if (toggle) {
    toggle.checked = isOn();
    toggle.addEventListener("change", () => {
      try { localStorage.setItem(OFF, toggle.checked ? "0" : "1"); } catch { /* It holds for this page only. */ }
    });
  }

  // What a case page has by its keys. Whatever carries `data-key` has one too.
  const OF_CASE = {
    a: "#do-assign", d: "#do-document", e: "#do-escalate", f: "main a[href$='/amendment']", n: "#do-note", t: "#do-triage",
  };

  const isTyping = (element) => element instanceof HTMLElement
    && (element.isContentEditable || element.matches("input:not([type=checkbox], [type=radio]), select, textarea"));

  // Goes to a form or a fold: opens whatever it lies in, and stands at its first field.
  function unfold(element) {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
    if (element.matches("details")) element.open = true;
    const fields = "input:not([type=hidden]), select, textarea, button";
    const field = [...element.querySelectorAll(fields)].find((one) => one.offsetParent !== null);
    (field ?? element).focus();
    element.scrollIntoView({ block: "nearest" });
  }

  function go(element) {
    if (!element) return false;
    if (element.matches("a, button, summary")) element.click(); else unfold(element);
    return true;
  }

  const withKey = (key) =>
    document.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? (OF_CASE[key] ? document.querySelector(OF_CASE[key]) : null);

  // Lists are walked by the link of each row.
  function step(by) {
    const rows = [...document.querySelectorAll("main .worklist-case a, main [data-pick]")];
    if (!rows.length) return false;
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
    rows[next].focus();
    rows[next].scrollIntoView({ block: "nearest" });
    return true;
  }

  function find() {
    const box = by("q") ?? by("bar-q");
    if (!box) return false;
    box.focus();
    box.select();
    return true;
  }

  function single(key) {
    switch (key) {
      case "/": return find();
      case "?": sheet.showModal(); return true;
      case "j": return step(1);
      case "k": return step(-1);
      default: return go(withKey(key));
    }
  }

  /* The palette: places and the forms of this page, by what they are called. */
  const box = by("palette-q"), list = by("palette-list"), none = by("palette-none");
  // What the script says stands in the page, in the reader's language.
  const said = palette.dataset;
  let entries = [], shown = [], chosen = 0;

  const words = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

  function nameOf(form) {
    const title = form.closest("details.action")?.querySelector("summary") ?? form.parentElement?.querySelector("h3");
    return words(title) || words(form.querySelector("button[type=submit]"));
  }

  function gathered() {
    const places = [...document.querySelectorAll(".bar nav a, .bar-who > a[href='/account']")]
      .map((link) => [link.getAttribute("href") === "/account" ? said.account : words(link), link, said.page]);
    const queues = [...document.querySelectorAll(".queues a")]
      .map((link) => [words(link.firstChild), link, said.list]);
    const forms = [...document.querySelectorAll("main form[id^='do-']")].map((form) => [nameOf(form), form, said.action]);
    const others = [[said.find, by("bar-q"), said.page], [said.keys, by("keys-open"), said.page]];
    const seen = new Set();
    return [...forms, ...queues, ...places, ...others].filter(([name, element]) => {
      if (!name || !element || seen.has(name)) return false;
      seen.add(name);
      return true;
    });
  }

  function draw() {
    const asked = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = entries.filter(([name]) => asked.every((word) => name.toLowerCase().includes(word))).slice(0, 12);
    chosen = Math.min(chosen, Math.max(0, shown.length - 1));
    list.replaceChildren(...shown.map(([name, , kind], at) => {
      const item = document.createElement("li");
      item.id = `palette-${at}`;
      item.role = "option";
      item.ariaSelected = String(at === chosen);
      const label = document.createElement("span"), what = document.createElement("small");
      label.textContent = name;
      what.textContent = kind;
      item.append(label, what);
      item.addEventListener("click", () => take(at));
      return item;
    }));
    none.hidden = shown.length > 0;
    if (shown.length) box.setAttribute("aria-activedescendant", `palette-${chosen}`);
    else box.removeAttribute("aria-activedescendant");
    by(`palette-${chosen}`)?.scrollIntoView({ block: "nearest" });
  }

  function take(at) {
    const element = shown[at]?.[1];
    palette.close();
    if (!element) return;
    if (element === by("bar-q")) find(); else go(element);
  }

  function open() {
    if (palette.open) { palette.close(); return; }
    sheet.close();
    entries = gathered();
    [box.value, chosen] = ["", 0];
    draw();
    palette.showModal();
    box.focus();
  }

  box.addEventListener("input", () => { chosen = 0; draw(); });
  box.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && shown.length) {
      event.preventDefault();
      chosen = (chosen + by + shown.length) % shown.length;
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(chosen);
    }
  });

  const opener = by("keys-open");
  if (opener) {
    opener.hidden = false;
    opener.addEventListener("click", () => sheet.showModal());
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const isPalette = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k";
    if (isPalette) {
      event.preventDefault();
      open();
      return;
    }
    if (event.ctrlKey || event.metaKey || !isOn() || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (single(event.key)) event.preventDefault();
  });
})();
