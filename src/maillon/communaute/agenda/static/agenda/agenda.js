/* <button data-copie="id">: copies the value of a field, and says so. */
document.addEventListener("click", async (e) => {
  const bouton = e.target.closest("[data-copie]");
  if (!bouton) return;
  const champ = document.getElementById(bouton.dataset.copie);
  champ.select();
  try { await navigator.clipboard.writeText(champ.value); } catch { document.execCommand("copy"); }
  bouton.querySelector("[data-mot]").textContent = "Copié";
});
