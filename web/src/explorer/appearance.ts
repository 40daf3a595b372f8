// Light or dark: as the reader's system has it, or as the reader has chosen here. The choice is all that is kept on the
// reader's machine.
import { tool } from "./dom";
import type { Room } from "./room";

const KEY = "kgraph-look";
const system = matchMedia("(prefers-color-scheme: dark)");

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is closed to this page
  }
}

function keep(look: string): void {
  try {
    localStorage.setItem(KEY, look);
  } catch {
    // then it lasts as long as the page
  }
}

/** Sets the look that was kept, before anything is drawn. */
export function setLook(): void {
  const look = kept();
  if (look === "dark" || look === "light") document.documentElement.dataset["look"] = look;
}

export function isDark(): boolean {
  const look = document.documentElement.dataset["look"];
  return look ? look === "dark" : system.matches;
}

export function mountAppearance(room: Room): void {
  room.tool("share", tool("Light or dark", "M10 3a7 7 0 1 0 7 7a5.5 5.5 0 0 1 -7 -7z", () => {
    const look = isDark() ? "light" : "dark";
    document.documentElement.dataset["look"] = look;
    keep(look);
    room.canvas.look(isDark());
  }));
  system.addEventListener("change", () => room.canvas.look(isDark()));
}
