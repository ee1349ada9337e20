// The glue that the linker writes. What a module exports is typed in web/client/core/loader.js.
export default function createCodecs(options?: object): Promise<unknown>;
