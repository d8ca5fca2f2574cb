import http from "node:http";
import https from "node:https";
import { type Env, toConfig } from "../config.ts";

/** Asks the service of this configuration whether it is ready: 0 if it is, 1 if not. For containers. */
export async function healthcheck(env: Env): Promise<number> {
  const { host, port, tls } = toConfig(env);
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const status = await new Promise<number | undefined>((resolve) => {
    const options = { host: name, port, path: "/readyz", timeout: 3000 };
    // The certificate names the public host, not the address that is asked here.
    const request = tls ? https.get({ ...options, rejectUnauthorized: false }) : http.get(options);
    request.on("response", (response) => resolve(response.resume().statusCode));
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(undefined));
  });
  console.log(status === 200 ? "ready" : "not ready");
  return status === 200 ? 0 : 1;
}
