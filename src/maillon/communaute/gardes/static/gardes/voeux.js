// Days are tapped with the word chosen above; the lists that a page without script shows stay the form's fields.
"use strict";
(function () {
  const form = document.querySelector("[data-voeux]");
  if (!form) return;
  form.querySelectorAll("[data-pinceaux]").forEach((one) => { one.hidden = false; });
  const courts = { indisponible: "non", souhaite: "oui", evite: "plutôt non" };
  const compte = form.querySelector("[data-compte]");
  const count = () => {
    const said = form.querySelectorAll('.gardes-jour:not([data-choix=""])').length;
    if (compte) compte.textContent = said ? `${said} ${said > 1 ? "jours dits" : "jour dit"}` : "";
  };
  form.querySelectorAll(".gardes-jour").forEach((cell) => {
    const select = cell.querySelector("select");
    const day = cell.querySelector(".gardes-quantieme");
    const button = document.createElement("button");
    button.type = "button";
    button.disabled = select.matches(":disabled");
    const word = document.createElement("small");
    const said = document.createElement("span");
    const pris = day.querySelector(".icone") ? ", pris dans votre agenda" : "";
    said.className = "visually-hidden";
    [day, word].forEach((one) => one.setAttribute("aria-hidden", "true"));
    day.replaceWith(button);
    button.append(said, day, word);
    select.hidden = true;
    const show = () => {
      cell.dataset.choix = select.value;
      word.textContent = courts[select.value] || "";
      said.textContent = `${cell.dataset.jour}${pris} : ${select.selectedOptions[0].textContent || "rien de dit"}`;
    };
    button.addEventListener("click", () => {
      const chosen = form.querySelector('input[name="pinceau"]:checked').value;
      select.value = select.value === chosen ? "" : chosen;
      show();
      count();
    });
    show();
  });
  count();
})();
