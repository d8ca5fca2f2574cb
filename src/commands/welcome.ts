import type { AuthConfig } from "../auth-config.ts";
import type { Config } from "../config.ts";

export type Whereabouts = { readonly port: number; readonly dataDir?: string | undefined };

/** Says it on standard error, so that a log for machines stays one. */
export function showWelcome(config: Config, whereabouts: Whereabouts): void {
  if (config.logFormat !== "json") process.stderr.write(welcome(config, whereabouts));
}

/** What a person sees once the service runs: where it is, and three calls to try. */
function welcome({ host, tls, auth, projects, reflection }: Config, { port, dataDir }: Whereabouts): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  const authority = `${name.includes(":") ? `[${name}]` : name}:${port}`;
  const [project] = projects;
  const lines = [
    "",
    `Clientele listens on ${tls ? "https" : "http"}://${authority}: gRPC, gRPC-Web and Connect.`,
    ...(dataDir === undefined ? [] : [`Its data are in ${dataDir}.`]),
    whoMayCall(auth),
  ];
  if (project && !tls) {
    lines.push("", "Three calls to try:", "");
    if (auth.jwt?.developmentKeyFile !== undefined) lines.push(tokenCall(project.key));
    lines.push(...calls(authority, project.key, { reflection, needsToken: !auth.open }));
  }
  return `${[...lines, "", "Ctrl-C stops it."].join("\n")}\n\n`;
}

function whoMayCall({ open, jwt, mtls }: AuthConfig): string {
  if (open) return "It is open: whoever reaches it may do everything.";
  const needed = [...(jwt ? ["a token"] : []), ...(mtls ? ["a client certificate"] : [])];
  return `Callers need ${needed.join(" or ")}.`;
}

function tokenCall(projectKey: string): string {
  return `  TOKEN=$(node src/main.ts token --project ${projectKey} --scope manage_customer_groups)`;
}

type CallOptions = { readonly reflection: boolean; readonly needsToken: boolean };

function calls(authority: string, projectKey: string, { reflection, needsToken }: CallOptions): string[] {
  const token = needsToken ? ' -H "authorization: Bearer $TOKEN"' : "";
  const service = "clientele.v1.CustomerGroupService";
  const create = `{"projectKey":"${projectKey}","draft":{"name":"VIP","key":"vip"}}`;
  const get = `{"projectKey":"${projectKey}","ref":{"key":"vip"}}`;
  const post = `curl -H 'content-type: application/json'${token}`;
  return [
    `  ${post} -d '${create}' http://${authority}/${service}/CreateCustomerGroup`,
    `  ${post} -d '${get}' http://${authority}/${service}/GetCustomerGroup`,
    reflection
      ? `  grpcurl -plaintext${token} -d '{"projectKey":"${projectKey}"}' ${authority} ${service}/QueryCustomerGroups`
      : `  ${post} -d '{"projectKey":"${projectKey}"}' http://${authority}/${service}/QueryCustomerGroups`,
  ];
}
