import { readFileSync } from "node:fs";
import path from "node:path";

/** As much of docs/openapi.json as tells which requests the real server takes. */
interface Schema {
  $ref?: string;
  properties?: Record<string, unknown>;
  required?: string[];
}
interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const file = path.join(import.meta.dirname, "../../../../docs/openapi.json");
const document = JSON.parse(readFileSync(file, "utf8")) as Document;

function operation(method: string, pathname: string): Operation | undefined {
  const template = Object.keys(document.paths).find((each) =>
    new RegExp(`^${each.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname),
  );
  return template ? document.paths[template]?.[method.toLowerCase()] : undefined;
}

function bodySchema({ requestBody }: Operation): Schema {
  const schema = requestBody?.content["application/json"]?.schema ?? {};
  const name = schema.$ref?.split("/").at(-1) ?? "";
  return document.components.schemas[name] ?? schema;
}

/**
 * What the real server would not understand in a request: a path that is not
 * there, a name it does not know, one that it misses. The pretended server
 * throws on these, so that a test cannot pass on a request that never worked.
 */
export function misunderstood(request: Request, body: Record<string, unknown>): string[] {
  const url = new URL(request.url);
  const found = operation(request.method, url.pathname);
  if (!found) return [`${request.method} ${url.pathname} is not in the API`];
  const { properties = {}, required = [] } = bodySchema(found);
  const asked = found.parameters?.filter((each) => each.in === "query").map(({ name }) => name);
  return [
    ...Object.keys(body)
      .filter((name) => !(name in properties))
      .map((name) => `extra ${name}`),
    ...required.filter((name) => !(name in body)).map((name) => `missing ${name}`),
    ...[...url.searchParams.keys()]
      .filter((name) => !asked?.includes(name))
      .map((name) => `unknown ?${name}`),
  ];
}
