"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within) => [...(within || document).querySelectorAll(selector)];
  const make = (tag, look, text) => {
    const element = document.createElement(tag);
    element.className = look || "";
    element.textContent = text || "";
    return element;
  };
  // Pages from file:// may be refused a memory; the page works without.
  const keep = (store, name, value) => { try { store.setItem(name, value); } catch (e) { /* none */ } };
  const kept = (store, name) => { try { return store.getItem(name); } catch (e) { return null; } };
  const stores = { get tab() { return window.sessionStorage; }, get browser() { return window.localStorage; } };
  const remember = (which, name, value) => { try { keep(stores[which], name, value); } catch (e) { /* none */ } };
  const recall = (which, name) => { try { return kept(stores[which], name); } catch (e) { return null; } };

  // Light and dark.
  const theme = document.querySelector(".theme");
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const label = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  const chosen = recall("browser", "belay-theme");
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  theme.hidden = false;
  label();
  system.addEventListener("change", label);
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("browser", "belay-theme", root.dataset.theme);
    label();
  });

  // The legend hides runs and makes one stand out.
  for (const button of all(".legend button")) {
    const lines = all(`.line[data-run="${button.dataset.run}"]`);
    const others = all(`.line:not([data-run="${button.dataset.run}"])`);
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", shown);
      for (const line of lines) line.toggleAttribute("hidden", !shown);
    });
    const fade = (on) => { for (const line of others) line.classList.toggle("faded", on); };
    button.addEventListener("pointerenter", () => fade(true));
    button.addEventListener("pointerleave", () => fade(false));
  }

  // Values under the pointer, read from the tables below the charts.
  const columns = new Map();
  const column = (run, index) => {
    const name = run + ":" + index;
    if (!columns.has(name)) {
      const table = document.getElementById("epochs" + run);
      columns.set(name, table ? all("tbody tr", table).map((row) => row.cells[index].textContent) : []);
    }
    return columns.get(name);
  };
  const most = 9;
  for (const area of all(".area")) {
    const svg = area.querySelector("svg");
    const [low, high] = svg.dataset.x.split(" ").map(Number);
    const lines = all(".line", svg);
    const cross = make("div", "cross");
    const tip = make("div", "tip");
    let epoch = null;
    const hide = () => { cross.remove(); tip.remove(); epoch = null; };
    const show = (next) => {
      epoch = Math.max(Math.ceil(low), Math.min(Math.floor(high), next));
      const share = (epoch - low) / (high - low);
      cross.style.left = 100 * share + "%";
      tip.replaceChildren(make("b", "", "epoch " + epoch));
      const shown = [];
      for (const line of lines) {
        if (line.hasAttribute("hidden")) continue;
        const row = column(line.dataset.run, 0).indexOf(String(epoch));
        if (row >= 0) shown.push([line, column(line.dataset.run, line.dataset.column)[row]]);
      }
      if (shown.length === 0) { hide(); return; } // no table holds these curves' numbers
      for (const [line, value] of shown.slice(0, most)) {
        const entry = make("div");
        entry.append(make("i", line.getAttribute("class").replace("line", "key")));
        entry.append(make("span", "", line.dataset.label), make("b", "", value));
        tip.append(entry);
      }
      if (shown.length > most) tip.append(make("span", "", `and ${shown.length - most} more in the table below`));
      tip.style.left = share < 0.5 ? `calc(${100 * share}% + .7rem)` : "";
      tip.style.right = share < 0.5 ? "" : `calc(${100 * (1 - share)}% + .7rem)`;
      area.append(cross, tip);
    };
    const at = (event) => {
      const box = area.getBoundingClientRect();
      show(Math.round(low + (high - low) * (event.clientX - box.left) / box.width));
    };
    area.addEventListener("pointermove", at);
    area.addEventListener("pointerdown", at);
    area.addEventListener("pointerleave", hide);
    area.addEventListener("blur", hide);
    area.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) { event.preventDefault(); show((epoch === null ? low : epoch) + step); }
      if (event.key === "Escape") hide();
    });
  }

  // Copying the commands.
  if (navigator.clipboard) {
    for (const button of all(".copy")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      });
    }
  }

  // Paper shows what is folded.
  const folded = [];
  window.addEventListener("beforeprint", () => {
    for (const part of all("details:not([open]):not(.numbers)")) { part.open = true; folded.push(part); }
  });
  window.addEventListener("afterprint", () => { for (const part of folded.splice(0)) part.open = false; });

  // A page that is being watched loads itself again and stays where it was.
  const seconds = Number(document.body.dataset.reload || 0);
  if (seconds > 0) {
    const name = "belay-place";
    const place = JSON.parse(recall("tab", name) || "null");
    if (place) {
      all("details").forEach((part, i) => { part.open = place.open.includes(i); });
      window.scrollTo({ top: place.top, behavior: "instant" });
    }
    setTimeout(() => {
      const open = all("details").map((part, i) => (part.open ? i : -1)).filter((i) => i >= 0);
      remember("tab", name, JSON.stringify({ top: window.scrollY, open }));
      location.reload();
    }, seconds * 1000);
  }
})();
