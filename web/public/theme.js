// Sets the theme before the first paint. It is a file of its own because the
// page's policy forbids inline scripts. src/lib/theme.ts owns the same two names.
(() => {
  let choice = "system";
  try {
    choice = localStorage.getItem("parley.theme") || "system";
  } catch {
    // Storage is blocked: follow the system.
  }
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute("content", dark ? "#0c0c0f" : "#f3f3f6");
})();
