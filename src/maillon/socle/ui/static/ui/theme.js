/* Runs before the page is painted: applies the reader's choice of theme, or the system's. */
(() => {
  document.documentElement.classList.add("scripte");
  const cle = "maillon-theme";
  const systeme = matchMedia("(prefers-color-scheme: dark)");
  const lire = () => { try { return localStorage.getItem(cle) || "auto"; } catch { return "auto"; } };
  const appliquer = (choix) => {
    const sombre = choix === "sombre" || (choix === "auto" && systeme.matches);
    document.documentElement.dataset.bsTheme = sombre ? "dark" : "light";
    document.querySelectorAll("[data-theme-choix]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.themeChoix === choix)));
  };
  appliquer(lire());
  systeme.addEventListener("change", () => appliquer(lire()));
  document.addEventListener("DOMContentLoaded", () => appliquer(lire()));
  document.addEventListener("click", (e) => {
    const bouton = e.target.closest("[data-theme-choix]");
    if (!bouton) return;
    try { localStorage.setItem(cle, bouton.dataset.themeChoix); } catch { /* private browsing: for this page only */ }
    appliquer(bouton.dataset.themeChoix);
  });
})();
