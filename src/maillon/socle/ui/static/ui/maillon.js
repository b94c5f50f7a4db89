/* The few behaviours that HTML does not have. Everything works, more slowly, without this file. */
(() => {
  "use strict";
  const $ = (selecteur, racine = document) => racine.querySelector(selecteur);

  /* Unfolding menus: one open at a time; Escape and a click elsewhere close them. */
  document.addEventListener("click", (e) => {
    document.querySelectorAll("details.menu[open]").forEach((m) => { if (!m.contains(e.target)) m.open = false; });
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      const ouvert = $("details.menu[open]");
      if (ouvert) { ouvert.open = false; $("summary", ouvert).focus(); return; }
      if (!$("dialog[open]")) fermerPanneau();
    }
    const champ = $("#recherche-cadre");
    const saisie = e.target.closest("input, textarea, select, [contenteditable]");
    if (champ && champ.offsetParent && ((e.key === "/" && !saisie) || (e.key === "k" && (e.ctrlKey || e.metaKey)))) { e.preventDefault(); champ.focus(); champ.select(); }
  });

  /* A step reached by a sent form has no page of its own to go back to: the browser's back is the form's. */
  const retour = $("[data-retour]");
  if (retour) { history.pushState({ etape: true }, ""); addEventListener("popstate", () => retour.click()); }

  /* Native dialogs: <button data-ouvre="id">, <button data-ferme>. */
  document.addEventListener("click", (e) => {
    const ouvre = e.target.closest("[data-ouvre]");
    if (ouvre) { const d = document.getElementById(ouvre.dataset.ouvre); if (d && d.showModal) { e.preventDefault(); d.showModal(); } return; }
    const ferme = e.target.closest("[data-ferme]");
    if (ferme) { const d = ferme.closest("dialog"); if (d) { e.preventDefault(); d.close(); } }
    if (e.target.matches("dialog.dialogue")) e.target.close();
    if (e.target.closest("[data-imprimer]")) { e.preventDefault(); print(); }
  });

  /* A form sends once; one that only asks (data-repete) asks as often as one likes. */
  document.addEventListener("submit", (e) => {
    const f = e.target;
    if (f.method === "get" || f.hasAttribute("data-repete") || f.method === "dialog") return;
    if (f.dataset.envoye) { e.preventDefault(); return; }
    f.dataset.envoye = "1";
    f.setAttribute("aria-busy", "true");
    setTimeout(() => { delete f.dataset.envoye; f.removeAttribute("aria-busy"); }, 8000);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-envoye]").forEach((f) => { delete f.dataset.envoye; f.removeAttribute("aria-busy"); }));

  /* Toasts leave after ten seconds, those that offer to undo after twenty, unless one reads or holds them. */
  const minuter = (annonce) => {
    let reste = setTimeout(() => annonce.remove(), $("form", annonce) ? 20000 : 10000);
    const tenir = () => clearTimeout(reste);
    const lacher = () => { clearTimeout(reste); reste = setTimeout(() => annonce.remove(), 4000); };
    annonce.addEventListener("mouseenter", tenir); annonce.addEventListener("focusin", tenir);
    annonce.addEventListener("mouseleave", lacher); annonce.addEventListener("focusout", lacher);
    const f = $(".fermer", annonce); if (f) f.addEventListener("click", () => annonce.remove());
  };
  const preparer = (racine) => {
    racine.querySelectorAll(".annonce:not([data-pret])").forEach((a) => { a.dataset.pret = "1"; if (!a.hasAttribute("data-reste")) minuter(a); });
    const erreurs = $(".resume-erreurs", racine); if (erreurs) erreurs.focus();
  };
  document.addEventListener("DOMContentLoaded", () => preparer(document));
  document.addEventListener("htmx:afterSwap", (e) => preparer(e.target));

  /* Filters of a list stay folded on a telephone, unless one is set. Tabs: the current one is in view. */
  document.addEventListener("click", (e) => {
    const bouton = e.target.closest("[data-filtres]");
    if (bouton) bouton.setAttribute("aria-expanded", String(bouton.closest("form").classList.toggle("deplie")));
  });
  document.addEventListener("DOMContentLoaded", () => {
    const bouton = $("[data-filtres]");
    if (bouton && [...bouton.form.querySelectorAll(".filtre:not(.filtre-recherche) :is(input, select)")].some((c) => c.value)) bouton.click();
    document.querySelectorAll(".onglets [aria-current]").forEach((o) => { o.parentElement.scrollLeft = o.offsetLeft - o.parentElement.offsetLeft - 24; });
  });

  /* Lists: addresses without empty parameters, and the way back to the first page when a filter changes. */
  document.addEventListener("htmx:configRequest", (e) => {
    const p = e.detail.parameters;
    if (e.detail.verb !== "get") return;
    [...Object.keys(p)].forEach((cle) => { if (p[cle] === "" || p[cle] == null) delete p[cle]; });
    const colonnes = [...e.detail.elt.querySelectorAll("input[name=col]")];
    if (colonnes.every((c) => c.checked === c.hasAttribute("data-defaut"))) delete p.col;
  });
  document.addEventListener("htmx:responseError", (e) => {
    const r = e.detail.xhr;
    const dit = r.status === 503 && (r.getResponseHeader("Content-Type") || "").startsWith("text/plain") && r.responseText;
    annoncer(dit || "La page n’a pas pu être mise à jour. Rien n’est perdu : rechargez-la, puis recommencez.");
  });
  document.addEventListener("htmx:sendError", () => annoncer("Le réseau ne répond pas. Vérifiez la connexion, puis recommencez."));
  function annoncer(texte) {
    const zone = $("#annonces");
    if (!zone || [...zone.querySelectorAll(".annonce > p")].some((p) => p.textContent === texte)) return; /* said already */
    const a = document.createElement("div"); a.className = "annonce";
    const p = document.createElement("p"); p.textContent = texte; a.append(p);
    zone.append(a); preparer(zone);
  }

  /* Side panel of wide screens: a row opens beside its list; its link still has an address. */
  let origine = null;
  const panneau = () => $("#panneau");
  function fermerPanneau() {
    const p = panneau(); if (!p || p.hidden) return;
    p.hidden = true; $("#panneau-corps").replaceChildren();
    document.querySelectorAll("tr.choisie").forEach((l) => l.classList.remove("choisie"));
    if (origine && document.contains(origine)) origine.focus();
    origine = null;
  }
  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-ferme-panneau]")) { fermerPanneau(); return; }
    const lien = e.target.closest("a[data-panneau]");
    const p = panneau();
    if (!lien || !p || !window.htmx || e.ctrlKey || e.metaKey || e.shiftKey || e.button || !matchMedia("(min-width: 75em)").matches) return;
    e.preventDefault();
    origine = lien;
    document.querySelectorAll("tr.choisie").forEach((l) => l.classList.remove("choisie"));
    const ligne = lien.closest("tr"); if (ligne) ligne.classList.add("choisie");
    $("#panneau-page").href = lien.href;
    window.htmx.ajax("GET", lien.href, { target: "#panneau-corps", select: "#contenu > *", swap: "innerHTML ignoreTitle:true" }).then(() => {
      $("#panneau-corps").querySelectorAll(".fil").forEach((fil) => fil.remove()); // the page has its own breadcrumb
      p.hidden = false;
      $("#panneau-corps").focus();
    });
  });
})();
