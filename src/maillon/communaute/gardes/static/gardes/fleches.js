// A grid of many links or buttons is one stop of the Tab key: the arrows go from one to the next, as they are on the page.
"use strict";
(function () {
  const grid = document.querySelector("[data-fleches]");
  if (!grid) return;
  const list = () => [...grid.querySelectorAll("[data-fleche], .gardes-case > a, .gardes-jour > button")];
  const keep = (one) => list().forEach((other) => { other.tabIndex = other === one ? 0 : -1; });
  const named = location.hash && document.getElementById(location.hash.slice(1));
  const first = named && list().find((one) => named === one || named.contains(one));
  keep(first || grid.querySelector("[data-ce-jour] a") || list()[0]);
  if (first) addEventListener("load", () => first.focus());
  const middle = (one) => { const r = one.getBoundingClientRect(); return { x: r.left + r.width / 2, y: r.top + r.height / 2 }; };
  const find = (from, key) => {
    const all = list();
    const at = all.indexOf(from);
    if (key === "Home" || key === "End") return all[key === "Home" ? 0 : all.length - 1];
    if (key === "ArrowLeft" || key === "ArrowRight") return all[at + (key === "ArrowLeft" ? -1 : 1)];
    const here = middle(from);
    const way = key === "ArrowUp" ? -1 : 1;
    const column = from.offsetWidth / 2;
    const beyond = all.map((one) => ({ one, ...middle(one) })).filter((one) => way * (one.y - here.y) > 2);
    const same = beyond.filter((one) => Math.abs(one.x - here.x) < column);
    const near = (same.length ? same : beyond).sort((a, b) => way * (a.y - b.y) || Math.abs(a.x - here.x) - Math.abs(b.x - here.x));
    return near.length ? near[0].one : null;
  };
  grid.addEventListener("keydown", (e) => {
    const from = e.target.closest("a, button");
    if (!/^(Arrow(Up|Down|Left|Right)|Home|End)$/.test(e.key) || !from || !list().includes(from)) return;
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
    e.preventDefault();
    const next = find(from, e.key);
    if (next) { keep(next); next.focus(); next.scrollIntoView({ block: "nearest" }); }
  });
  grid.addEventListener("click", (e) => { const one = e.target.closest("a, button"); if (one && list().includes(one)) keep(one); });
})();
