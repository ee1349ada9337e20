// Three helpers for building the page: nothing here knows what the page is about.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | undefined>} attributes  `text` sets the text; true and false set or leave out a flag
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') node.textContent = String(value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== undefined && value !== false) node.setAttribute(name, value);
  }
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
}

/**
 * An icon of the page's sprite, hidden from assistive technology: the words beside it say the same.
 * @param {string} name  without the `i-`
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 32 32');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * A copy of a template with its named parts.
 * @param {string} id
 * @returns {{root: HTMLElement, parts: Record<string, any>}}  `parts` by the value of `data-part`
 */
export function fromTemplate(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const root = /** @type {HTMLElement} */ (document.importNode(template.content, true).firstElementChild);
  /** @type {Record<string, Element>} */
  const parts = {};
  for (const node of root.querySelectorAll('[data-part]'))
    parts[/** @type {any} */ (node).dataset.part] = node;
  return { root, parts };
}
