/* A request typed while somebody speaks: a figure ticks a need, Enter goes on, Ctrl + Enter records. Without this script, Tab and Space do. */
(() => {
  "use strict";
  const cadre = document.querySelector("[data-touches]");
  if (!cadre) return;
  const cases = [...cadre.querySelectorAll("input[type=checkbox]")];
  cases.slice(0, 9).forEach((c, i) => {
    const touche = document.createElement("kbd");
    touche.textContent = String(i + 1);
    touche.className = "touche me-1";
    touche.setAttribute("aria-hidden", "true");
    c.setAttribute("aria-keyshortcuts", String(i + 1));
    c.after(touche);
  });
  cadre.addEventListener("keydown", (e) => {
    const rang = Number(e.key) - 1;
    if (e.ctrlKey || e.altKey || e.metaKey || !(rang in cases)) return;
    e.preventDefault();
    cases[rang].click();
  });
  const formulaire = cadre.closest("form");
  /* Enter in a line takes the commune proposed, and never records a form half filled. */
  formulaire.addEventListener("submit", (e) => {
    const ligne = document.activeElement;
    if (!e.submitter || !ligne.matches("input:not([type=checkbox])")) return;
    e.preventDefault();
    e.stopPropagation();
    const lignes = [...formulaire.elements].filter((c) => c.matches("input:not([type=hidden]), select, button"));
    lignes[lignes.indexOf(ligne) + 1]?.focus();
  });
  formulaire.addEventListener("keydown", (e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); formulaire.requestSubmit(); } });
})();
