/* Long lists to tick: typing keeps the lines that hold every word typed. Without script the whole list stays. */
(() => {
  "use strict";
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  document.querySelectorAll("[data-filtre-choix]").forEach((champ) => {
    const boite = document.getElementById(champ.dataset.filtreChoix);
    if (!boite) return;
    champ.closest("[hidden]")?.removeAttribute("hidden");
    champ.addEventListener("input", () => {
      const mots = plain(champ.value).split(/\s+/).filter(Boolean);
      boite.querySelectorAll(".choix").forEach((ligne) => {
        const texte = plain(ligne.textContent);
        ligne.hidden = !ligne.querySelector("input:checked") && !mots.every((mot) => texte.includes(mot));
      });
    });
    champ.addEventListener("keydown", (e) => { if (e.key === "Enter") e.preventDefault(); });
  });
})();
