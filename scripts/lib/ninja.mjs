// Progress of a build out of what ninja prints.

/**
 * Turns ninja's `[12/84] Building C object .../zlib/inflate.c.o` into `12/84 inflate.c`.
 * @param {string} line @param {(detail: string) => void} report
 */
export function reportNinja(line, report) {
  const match = /^\[(\d+\/\d+)\] (.*)$/.exec(line);
  if (match) report(`${match[1]} ${match[2].split('/').at(-1)?.replace(/\.o$/, '') ?? ''}`.trim());
}
