// Becomes part of the glue, inside the module's own function: emscripten fetch makes its requests with the
// XMLHttpRequest that web/src hands in (upload progress, Node), and nothing global has to be replaced for it.
// biome-ignore lint/correctness/noUnusedVariables: the glue around it uses it.
var XMLHttpRequest = Module.XMLHttpRequest;
