/* « − » and « + » around the figures of the ten-second page; « Tous les patients » ticks the kinds below. */
(() => {
  const bouton = (champ, pas, signe, mot) => {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "btn btn-secondary";
    b.textContent = signe;
    b.setAttribute("aria-label", mot);
    b.setAttribute("aria-controls", champ.id);
    b.addEventListener("click", () => {
      const n = Math.max(Number(champ.min || 0), Math.min(Number(champ.max || 200), Number(champ.value || 0) + pas));
      champ.value = String(n);
      champ.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return b;
  };
  document.querySelectorAll("input[data-pas]").forEach((champ) => {
    const nom = document.querySelector(`label[for="${champ.id}"]`)?.firstChild?.textContent.trim() || "";
    const cadre = document.createElement("div");
    cadre.className = "pas";
    champ.before(cadre);
    cadre.append(bouton(champ, -1, "−", `${nom} : une de moins`), champ, bouton(champ, 1, "+", `${nom} : une de plus`));
  });
  const tous = document.getElementById("id_accepte_tous");
  const genres = ["adultes", "enfants", "ald"].map((g) => document.getElementById(`id_accepte_${g}`)).filter(Boolean);
  tous?.addEventListener("change", () => { if (tous.checked) genres.forEach((g) => { g.checked = true; }); });
  genres.forEach((g) => g.addEventListener("change", () => { tous.checked = genres.every((x) => x.checked); }));
})();
