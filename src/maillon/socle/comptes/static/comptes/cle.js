/* Says in the page what went wrong with a security key, instead of in the console only. */
document.addEventListener("allauth.error", (evenement) => {
  const place = document.getElementById("erreur-cle");
  if (!place) return;
  evenement.preventDefault();
  const refus = evenement.detail.exception && evenement.detail.exception.name === "NotAllowedError";
  place.textContent = refus
    ? "La clé n’a pas été présentée à temps, ou le navigateur l’a refusée. Recommencez, ou utilisez un code."
    : "Ce navigateur n’a pas pu lire la clé. Essayez un code de votre application, ou un code de secours.";
  place.hidden = false;
});
