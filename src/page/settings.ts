/** What this browser remembers: language, theme, size. */
import type { Language } from "./words.ts";

export interface Settings {
  readonly language: Language;
  /** `auto`: as the system has it. */
  readonly theme: "auto" | "light" | "dark";
  /** Large, for the far end of a room. */
  readonly projector: boolean;
}

const place = "storm-lab.settings";

export function readSettings(): Settings {
  const byDefault: Settings = {
    language: navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
    theme: "auto",
    projector: false,
  };
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "{}") as Partial<Settings>;
    return {
      language: kept.language === "zh" || kept.language === "en" ? kept.language : byDefault.language,
      theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "auto",
      projector: kept.projector === true,
    };
  } catch {
    return byDefault;
  }
}

export function keepSettings(settings: Settings): void {
  try {
    localStorage.setItem(place, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing shows the page all the same.
  }
}

export function showSettings({ language, theme, projector }: Settings): void {
  const { documentElement: root } = document;
  root.lang = language === "zh" ? "zh-CN" : "en";
  root.dataset.theme = theme;
  root.dataset.size = projector ? "projector" : "usual";
}
