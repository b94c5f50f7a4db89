/* A signature drawn with the finger, the pen or the mouse: its strokes as the path of a drawing of 300 × 100.
   Without this script one types one's initials. */
(() => {
  "use strict";
  const cadre = document.querySelector("svg[data-signature]");
  if (!cadre) return;
  const trace = cadre.querySelector("path");
  const champ = document.getElementById(cadre.dataset.signature);
  let d = "", dessine = false;
  cadre.removeAttribute("hidden");
  document.querySelectorAll("[data-efface]").forEach((b) => { b.hidden = false; b.addEventListener("click", () => { d = ""; ecrire(); }); });

  const ecrire = () => { trace.setAttribute("d", d); champ.value = d.trim(); };
  const point = (e) => {
    const r = cadre.getBoundingClientRect();
    const borne = (v, max) => Math.min(max, Math.max(0, v)).toFixed(1);
    return `${borne(((e.clientX - r.left) / r.width) * 300, 300)} ${borne(((e.clientY - r.top) / r.height) * 100, 100)}`;
  };
  cadre.addEventListener("pointerdown", (e) => { e.preventDefault(); dessine = true; cadre.setPointerCapture(e.pointerId); const p = point(e); d += `M${p} L${p} `; ecrire(); });
  cadre.addEventListener("pointermove", (e) => { if (dessine && d.length < 19000) { d += `L${point(e)} `; ecrire(); } });
  ["pointerup", "pointercancel"].forEach((nom) => cadre.addEventListener(nom, () => { dessine = false; }));
})();
