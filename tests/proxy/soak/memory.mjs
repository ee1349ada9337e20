// Loaded into the long-lived proxy of the soak (`node --import`): answers over the IPC channel how many bytes are in use. It
// keeps nothing itself, unlike counters.mjs.
process.on('message', () => {
  // Twice: the sweeper of array buffers runs beside the program, and the second collection waits for it.
  globalThis.gc();
  globalThis.gc();
  const { external, heapUsed } = process.memoryUsage();
  process.send({ external, heap: heapUsed });
});
process.channel.unref();
