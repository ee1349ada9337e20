// Preloaded into a process (`--import`): there the package @redis/client is not installed.
import { register } from 'node:module';

const HOOK = `export async function resolve(specifier, context, next) {
  if (specifier !== '@redis/client') return next(specifier, context);
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
}`;

register(`data:text/javascript,${encodeURIComponent(HOOK)}`);
