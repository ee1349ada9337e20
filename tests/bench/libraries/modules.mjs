// The modules that CMakeLists.txt builds, by their task. The first of each list is ours.

/** Every way to read rows. */
export const ROWS = [
  'rows-ours',
  'rows-zlib-o3',
  'rows-zlib-oz',
  'rows-zlib-ng-o3',
  'rows-zlib-ng-oz',
  'rows-zlib-ng-sse-o3',
  'rows-zlib-ng-sse-oz',
  'rows-libdeflate-o3',
  'rows-libdeflate-oz',
  'rows-libdeflate-64-o3',
  'rows-libdeflate-64-oz',
  'rows-libpng',
  'rows-libpng-sse',
  'rows-ours-filters-libpng',
  'rows-ours-filters-libpng-sse',
];
/** The best of each library, for a page's first picture. */
export const FIRST = [
  'rows-ours',
  'rows-zlib-o3',
  'rows-zlib-ng-sse-o3',
  'rows-libdeflate-64-o3',
  'rows-libpng-sse',
];
export const XML = ['xml-ours', 'xml-expat-o3', 'xml-expat-oz'];
export const PLANES = ['planes-ours', 'planes-library'];
/** What is not ours but in every module, by the beginning of the module's name. */
export const NONE = { rows: 'rows-none', xml: 'xml-none', planes: 'planes-none' };
