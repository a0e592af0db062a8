import { createRoot } from "react-dom/client";
import { App } from "./providers";
import "./styles.css";

// After a release the files an open tab still asks for are gone: reload once, to the new ones.
window.addEventListener("vite:preloadError", (event) => {
  const name = "parley.reloaded";
  const last = Number(sessionStorage.getItem(name) ?? 0);
  if (Date.now() - last < 10_000) return;
  event.preventDefault();
  sessionStorage.setItem(name, String(Date.now()));
  location.reload();
});

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
