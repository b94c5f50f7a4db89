/* Slots by keyboard ("/" to the filters, arrows from one slot to the next, Enter holds it), and the time left of a hold. Everything works without it. */
(() => {
  "use strict";
  const filtres = document.querySelector("[data-soins-filtres]");
  const saisie = (e) => e.target.closest("input, textarea, [contenteditable]");
  document.addEventListener("keydown", (e) => {
    if (filtres && e.key === "/" && !saisie(e)) { e.preventDefault(); e.stopImmediatePropagation(); filtres.querySelector("select").focus(); return; }
    if (!e.key.startsWith("Arrow") || saisie(e) || e.target.closest("select, dialog[open]")) return;
    const boutons = [...document.querySelectorAll("[data-soins-creneaux] .so-creneau")];
    const rang = boutons.indexOf(document.activeElement);
    if (!boutons.length || (rang < 0 && e.key !== "ArrowDown")) return;
    e.preventDefault();
    if (rang < 0) { boutons[0].focus(); return; }
    const ligne = (b) => b.closest("li");
    let vers = { ArrowRight: boutons[rang + 1], ArrowLeft: boutons[rang - 1] }[e.key];
    if (e.key === "ArrowDown") vers = boutons.slice(rang).find((b) => ligne(b) !== ligne(boutons[rang]));
    if (e.key === "ArrowUp") { const avant = boutons.slice(0, rang).reverse().find((b) => ligne(b) !== ligne(boutons[rang])); vers = avant && boutons.find((b) => ligne(b) === ligne(avant)); }
    if (vers) vers.focus();
  }, true);

  const retenu = document.querySelector("[data-soins-jusque]");
  if (!retenu) return;
  const reste = retenu.querySelector("[data-reste]");
  const fin = Date.parse(retenu.dataset.soinsJusque);
  const dire = () => {
    const secondes = Math.max(0, Math.round((fin - Date.now()) / 1000));
    reste.textContent = secondes ? ` (encore ${Math.floor(secondes / 60)} min ${String(secondes % 60).padStart(2, "0")})` : " (le délai est passé : choisissez-le de nouveau)";
    if (!secondes) clearInterval(minuterie);
  };
  const minuterie = setInterval(dire, 1000);
  dire();
})();
