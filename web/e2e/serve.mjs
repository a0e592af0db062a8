// Serves the built app with the pretended API of src/test/server, under the
// same content policy as the real server.
import { preview, runnerImport } from "vite";

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "font-src 'self'; connect-src 'self'; frame-src 'self'; worker-src 'self'; object-src 'none'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async function toRequest(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return new Request(new URL(incoming.url, "http://127.0.0.1"), {
    method: incoming.method,
    headers: { "Content-Type": incoming.headers["content-type"] ?? "application/json" },
    body: body.length > 0 ? body : undefined,
  });
}

/** Returns the address, a way to start a scenario over, and a way to stop. */
export async function serve() {
  const { module } = await runnerImport("/src/test/server/index.ts", {
    resolve: { alias: { "@": new URL("../src", import.meta.url).pathname } },
    root: new URL("..", import.meta.url).pathname,
    configFile: false,
  });
  let state = module.makeState("full");
  const api = {
    name: "pretended-api",
    configurePreviewServer(server) {
      server.middlewares.use(async (incoming, outgoing, next) => {
        outgoing.setHeader("Content-Security-Policy", policy);
        if (!incoming.url.startsWith("/api/")) return next();
        const response = await module.respond(state, await toRequest(incoming));
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        outgoing.end(Buffer.from(await response.arrayBuffer()));
      });
    },
  };
  const server = await preview({
    root: new URL("..", import.meta.url).pathname,
    // The real configuration would pass what the pretended API lacks on to a server.
    configFile: false,
    plugins: [api],
    preview: { host: "127.0.0.1", port: 0 },
    logLevel: "error",
  });
  return {
    url: `http://127.0.0.1:${server.httpServer.address().port}`,
    begin(scenario) {
      state = module.makeState(scenario);
      return state;
    },
    stop: () => server.close(),
  };
}
