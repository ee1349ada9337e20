// One attempt of somebody at one operation, as a step of a store: in JavaScript for the memory of a process, in Lua for
// Redis. What is kept is when the attempts were made that count, oldest first: as many as `max` of them are a block that
// began with the last one. So an attempt that is given back lifts the block that it began.

/**
 * `max` attempts within any `perMs`; the last of them begins a block of `blockMs`, which is no shorter than `perMs`.
 *
 * @typedef {{max: number, perMs: number, blockMs: number}} AttemptLimit
 */

/**
 * `at` names the attempt, for giving it back.
 *
 * @typedef {{allowed: true, at: string} | {allowed: false, retryAfterMs: number}} AttemptAnswer
 */

/**
 * @typedef {object} AttemptSteps
 * @property {(key: string, limit: AttemptLimit) => Promise<AttemptAnswer>} takeAttempt counts one attempt, unless a block
 *   lasts. It is never forgotten early
 * @property {(key: string, at: string) => Promise<void>} giveBackAttempt once, and only when nothing was done with
 *   it
 */

/**
 * @param {readonly number[]} times
 * @param {number} now
 * @param {AttemptLimit} limit
 * @returns {{times: readonly number[], answer: AttemptAnswer}}
 */
export function nextAttempt(times, now, { max, perMs, blockMs }) {
  const waitMs = times.length < max ? 0 : times[times.length - 1] + blockMs - now;
  if (waitMs > 0) return { times, answer: { allowed: false, retryAfterMs: waitMs } };
  const recent = times.filter((time) => time > now - perMs);
  return { times: [...recent, now], answer: { allowed: true, at: String(now) } };
}

// GET and SET alone, so that no further right is needed for them. Times keep three digits after the point.
const READ = `local times = {}
for time in string.gmatch(redis.call('GET', KEYS[1]) or '', '%S+') do times[#times + 1] = time end
`;

const TAKE = `${READ}
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local max, per, block = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if #times >= max then
  local wait = times[#times] + block - now
  if wait > 0 then return {'no', string.format('%.3f', wait)} end
end
local kept = {}
for _, each in ipairs(times) do
  if tonumber(each) > now - per then kept[#kept + 1] = each end
end
local at = string.format('%.3f', now)
kept[#kept + 1] = at
redis.call('SET', KEYS[1], table.concat(kept, ' '), 'PX', #kept >= max and ARGV[3] or ARGV[2])
return {'yes', at}`;

const GIVE_BACK = `${READ}
for i, each in ipairs(times) do
  if each == ARGV[1] then
    table.remove(times, i)
    redis.call('SET', KEYS[1], table.concat(times, ' '), 'KEEPTTL')
    break
  end
end
return 1`;

export const ATTEMPT_SCRIPTS = Object.freeze([TAKE, GIVE_BACK]);

/**
 * @param {(script: string, key: string, families: string[], values: (string | number)[]) => Promise<unknown>} run one
 *   script in Redis
 * @returns {AttemptSteps}
 */
export function redisAttempts(run) {
  return {
    async takeAttempt(key, { max, perMs, blockMs }) {
      const [word, value] = /** @type {[string, string]} */ (
        await run(TAKE, key, ['attempt'], [max, perMs, blockMs])
      );
      return word === 'yes' ? { allowed: true, at: value } : { allowed: false, retryAfterMs: Number(value) };
    },
    giveBackAttempt: async (key, at) => void (await run(GIVE_BACK, key, ['attempt'], [at])),
  };
}
