// Light or dark: as the notebook says, else as the machine does.

const ATTRIBUTES = ["data-jp-theme-light", "data-vscode-theme-kind", "class"];
const MACHINE = "(prefers-color-scheme: dark)";

/** Whether the page around is dark: JupyterLab and Notebook 7 say so on the body, and so does VS Code. */
export function isDark(): boolean {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === "false";
  if (vscodeThemeKind !== undefined) return !vscodeThemeKind.includes("light");
  return matchMedia(MACHINE).matches;
}

/** Calls `changed` when it turns. Returns how to stop that. */
export function watchTheme(changed: (dark: boolean) => void): () => void {
  let last = isDark();
  const look = (): void => {
    const now = isDark();
    if (now !== last) changed(now);
    last = now;
  };
  const machine = matchMedia(MACHINE);
  const page = new MutationObserver(look);
  machine.addEventListener("change", look);
  page.observe(document.body, { attributes: true, attributeFilter: ATTRIBUTES });
  return () => {
    machine.removeEventListener("change", look);
    page.disconnect();
  };
}
