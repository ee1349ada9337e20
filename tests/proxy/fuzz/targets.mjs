// All fuzz targets of the proxy's readers, by name.
import { ADDRESS_TARGETS } from './addresses.mjs';
import { BODY_TARGETS } from './bodies.mjs';
import { ESCAPE_TARGETS } from './escapes.mjs';
import { PICTURE_TARGETS } from './pictures.mjs';

export const TARGETS = Object.freeze({
  ...BODY_TARGETS,
  ...PICTURE_TARGETS,
  ...ESCAPE_TARGETS,
  ...ADDRESS_TARGETS,
});
