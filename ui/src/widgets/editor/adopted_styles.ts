// SPDX-License-Identifier: Apache-2.0
// The editor's library writes its rules into a <style> element, which the policy default-src 'self' forbids.
// Here they go into a sheet made by script, which it allows.
import { StyleModule } from "style-mod";

export function adoptStyles(): void {
  const sheet = new CSSStyleSheet();
  const adopted = new Set<StyleModule>();
  document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets];
  StyleModule.mount = (_root, modules) => {
    const before = adopted.size;
    for (const module of Array.isArray(modules) ? modules : [modules]) adopted.add(module);
    if (adopted.size > before) sheet.replaceSync([...adopted].map((module) => module.getRules()).join("\n"));
  };
}
