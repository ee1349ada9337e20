// The glue that the linker writes. What a module exports is typed in web/client/core/loader.js.
export default function createCore(options?: object): Promise<unknown>;
