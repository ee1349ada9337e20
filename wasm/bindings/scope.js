// Becomes part of the glue, inside the module's own function: emscripten fetch uses the XMLHttpRequest that web/client
// passes (upload progress, Node), so that no global has to be replaced.
// biome-ignore lint/correctness/noUnusedVariables: the glue around it uses it.
var XMLHttpRequest = Module.XMLHttpRequest;
