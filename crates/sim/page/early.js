// Applies the remembered theme before the first paint, so that the page never flashes.
(() => {
  try {
    const theme = localStorage.getItem("muster-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme is then used.
  }
})();
