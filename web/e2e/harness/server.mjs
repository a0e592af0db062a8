// One installation of the product: the built binary on a database and ports of
// its own, reached from outside only.
import { execFile, spawn } from "node:child_process";
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { until } from "./until.mjs";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../../..");
export const binary = process.env.PARLEY_BINARY ?? path.join(root, "bin/parley");
export const password = "a long and quiet afternoon";

/** Starts the server; relay is where it hands its mails on, more what else it is told. */
export async function startServer(relay, more = {}) {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: make build`);
  const folder = mkdtempSync(path.join(tmpdir(), "parley-e2e-"));
  const database = await makeDatabase();
  const [http, smtp] = [await freeAddress(), await freeAddress()];
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    PARLEY_DATA: path.join(folder, "data"),
    PARLEY_DATABASE_URL: database.url,
    PARLEY_HTTP: http,
    PARLEY_SMTP: smtp,
    PARLEY_METRICS: "",
    PARLEY_DNS: "off",
    PARLEY_MAIL_DOMAIN: "in.harbour.example",
    PARLEY_RELAY_URL: `smtp://127.0.0.1:${relay.port}`,
    PARLEY_OWNER_PASSWORD: password,
    ...more,
  };
  const logFile = path.join(folder, "server.log");
  const child = await serve(env, logFile, `http://${http}/readyz`);
  return {
    url: `http://${http}`,
    smtpPort: Number(smtp.split(":")[1]),
    /** Runs a command line of the administrator's and returns what it printed. */
    command: async (...args) => (await run(binary, args, { env })).stdout.trim(),
    log: () => readFileSync(logFile, "utf8"),
    stop: () => end(child, logFile, folder, database.drop),
  };
}

/** Starts the demo, which brings its data and its customers along, and says where all is. */
export async function startDemo() {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-e2e-"));
  const [http, smtp] = [await freeAddress(), await freeAddress()];
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder };
  Object.assign(env, { PARLEY_HTTP: http, PARLEY_SMTP: smtp });
  const logFile = path.join(folder, "server.log");
  const child = await serve(env, logFile, `http://${http}/readyz`, "demo");
  const log = () => readFileSync(logFile, "utf8");
  const said = (label) => log().match(new RegExp(`^ +${label} +(\\S+)$`, "m"))?.[1];
  return {
    url: said("The team's inbox"),
    email: said("Sign in with"),
    password: said("Password"),
    customer: said("The customer"),
    log,
    stop: () => end(child, logFile, folder, async () => undefined),
  };
}

/** Ends a server, which must say goodbye without a fault, and what it stood on. */
async function end(child, logFile, folder, drop) {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const status = await ended;
  const log = readFileSync(logFile, "utf8");
  await drop();
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0) throw new Error(`the server ended with ${status}:\n${log}`);
  if (log.includes("level=ERROR")) throw new Error(`the server logged an error:\n${log}`);
}

async function serve(env, logFile, probe, command = "serve") {
  const log = createWriteStream(logFile);
  await new Promise((resolve) => log.once("open", resolve));
  const child = spawn(binary, [command], { env, stdio: ["ignore", log, log] });
  // Whatever ends this process takes the server along.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  await until("the server is ready", async () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${readFileSync(logFile, "utf8")}`);
    const answer = await fetch(probe).catch(() => undefined);
    return answer?.ok;
  }).catch((error) => {
    kill();
    throw error;
  });
  return child;
}

/** A port below those that the system gives to outgoing connections. */
async function freeAddress() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const free = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return `127.0.0.1:${port}`;
  }
}

/** A database of its own on the server that PARLEY_TEST_DATABASE_URL names; without one, SQLite. */
async function makeDatabase() {
  const server = process.env.PARLEY_TEST_DATABASE_URL;
  if (!server) return { url: "", drop: async () => undefined };
  const name = `parley_e2e_${process.pid}_${Date.now()}`;
  await run(postgres("createdb"), [`--maintenance-db=${server}`, name]);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => run(postgres("dropdb"), [`--maintenance-db=${server}`, "--force", name]),
  };
}

/** Debian keeps PostgreSQL's programs out of PATH, in a folder for each version. */
function postgres(program) {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return program;
  const newest = readdirSync(versions)
    .filter((version) => existsSync(path.join(versions, version, "bin", program)))
    .sort((a, b) => Number(b) - Number(a))[0];
  return newest ? path.join(versions, newest, "bin", program) : program;
}
