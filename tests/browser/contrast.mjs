// How well a page's texts can be read.

/** Contrast (WCAG 2.2) of every visible text that is not of a disabled control. Runs in the page. */
export function contrastOfTexts() {
  const parse = (color) => color.match(/[\d.]+/g).map(Number);
  const channel = (value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const backgroundOf = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll('main *, header *, footer *')) {
    const own = [...node.childNodes].some(
      (child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim(),
    );
    if (!own || !node.checkVisibility() || node.closest(':disabled, option, .hidden-text')) continue;
    const [light, dark] = [
      luminance(parse(getComputedStyle(node).color)),
      luminance(backgroundOf(node)),
    ].toSorted((a, b) => b - a);
    found.push({ text: node.textContent.trim().slice(0, 40), ratio: (light + 0.05) / (dark + 0.05) });
  }
  return found;
}
