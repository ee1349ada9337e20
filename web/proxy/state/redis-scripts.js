// The scripts that Redis runs for the store: each is one step in it, on Redis's own clock. Every command that they call
// is among the rights in redis-rights.js.

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
`;

// A restart, a failover and an emptied data set can all lose spent uses: only what was issued since this very server
// process came to remember has a use. KEYS[#KEYS] holds "run id:time".
const EPOCH = `${NOW}
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
if not run then return redis.error_reply('ERR no run_id') end
local known, epoch = string.match(redis.call('GET', KEYS[#KEYS]) or '', '(%x+):(%d+)')
local began = 0
if known ~= run then
  began = 1
  epoch = math.floor(now)
  redis.call('SET', KEYS[#KEYS], run .. ':' .. string.format('%.0f', epoch))
end
`;

/** KEYS: epoch. */
export const REMEMBER = `${EPOCH} return 1`;

/** KEYS: use, epoch. ARGV: limit, when issued, time to live in milliseconds. Answers whether it was spent, and whether the
 * memory of its tag began only now. */
export const SPEND = `${EPOCH}
if tonumber(ARGV[2]) < tonumber(epoch) then return {0, began} end
local spent = tonumber(redis.call('GET', KEYS[1]) or '0')
if spent >= tonumber(ARGV[1]) then return {0, began} end
redis.call('SET', KEYS[1], spent + 1, 'PX', ARGV[3])
return {1, began}`;

/** KEYS: use. */
export const GIVE_BACK = `if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 1`;

/** nextTurn() of store.js. KEYS: rate. ARGV: events, milliseconds. The answer is the wait as a string: numbers of Lua lose
 * their fraction on the way. */
export const TAKE_TURN = `${NOW}
local spacing = ARGV[2] / ARGV[1]
local tat = tonumber(redis.call('GET', KEYS[1]) or '0')
local after = math.max(tat, now) + spacing
local wait = after - now - ARGV[2]
if wait > spacing / 2 then return string.format('%.3f', wait) end
redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - now))
return '0'`;

/** KEYS: value. ARGV: time to live in milliseconds. */
export const INCREMENT = `local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count`;
