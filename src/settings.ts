/** One environment variable. The README's table is these, and a test compares them. */
export type Setting = { readonly name: string; readonly default: string; readonly meaning: string };

export const settings = [
  { name: "CLIENTELE_HOST", default: "127.0.0.1", meaning: "The address to listen on." },
  { name: "CLIENTELE_PORT", default: "8080", meaning: "The port; 0 takes a free one." },
  {
    name: "CLIENTELE_WORKERS",
    default: "1",
    meaning:
      "How many processes share the port, 1 to 64, each with connections and limits of its own: [docs/workers.md](docs/workers.md).",
  },
  {
    name: "CLIENTELE_AUTH",
    default: "open",
    meaning:
      "Who may call: `jwt`, callers with a token; `mtls`, those with a client certificate; both, with a comma between; or `open`: everyone may do everything. Must be set on an address that others can reach.",
  },
  {
    name: "CLIENTELE_JWT_KEYS",
    default: "",
    meaning: "The public keys of your identity provider, a JSON Web Key Set: its URL, or a file.",
  },
  { name: "CLIENTELE_JWT_ISSUER", default: "", meaning: "The `iss` of its tokens." },
  { name: "CLIENTELE_JWT_AUDIENCE", default: "", meaning: "What must be in the `aud` of its tokens." },
  {
    name: "CLIENTELE_JWT_MAX_LIFETIME_MINUTES",
    default: "1440",
    meaning: "The longest from a token's `iat` to its `exp`, 1 to 43200.",
  },
  {
    name: "CLIENTELE_JWT_DEVELOPMENT_KEYS",
    default: "off",
    meaning: "Whether tokens that `npm run token` made on this machine count: `on` or `off`.",
  },
  {
    name: "CLIENTELE_MTLS_CLIENTS_FILE",
    default: "",
    meaning:
      "The clients that have certificates, and their scopes, JSON: [docs/authorization.md](docs/authorization.md).",
  },
  {
    name: "CLIENTELE_PROJECTS",
    default: "demo",
    meaning:
      "Projects to make at start unless they are there: keys, each with `:live` or `:test` (the default), with commas between.",
  },
  {
    name: "DATABASE_URL",
    default: "",
    meaning: "Your own PostgreSQL, 15 to 18. Unset: an embedded PostgreSQL 18.",
  },
  {
    name: "CLIENTELE_DATA_DIR",
    default: ".clientele",
    meaning:
      "The folder of the embedded PostgreSQL's data. The default is in the project's folder; a relative path of yours is in the current one.",
  },
  {
    name: "CLIENTELE_QUERY_CONNECTIONS",
    default: "3",
    meaning:
      "Database connections for one project's queries, 1 to 64. Others share one more; two serve reads by id or key, short pages by id, and start-up.",
  },
  {
    name: "CLIENTELE_WRITE_CONNECTIONS",
    default: "3",
    meaning:
      "Database connections for writes, 1 to 64. Each carries writes of many projects at once, and each project uses one at a time.",
  },
  {
    name: "CLIENTELE_PROJECT_CONCURRENT_CALLS",
    default: "200",
    meaning:
      "How many calls of a project without limits of its own each instance has under way at most, up to 100000; 0: any number.",
  },
  {
    name: "CLIENTELE_PROJECT_CALLS_PER_SECOND",
    default: "0",
    meaning:
      "How many calls of a project without limits of its own each instance takes in a second, up to 100000; 0: any number.",
  },
  { name: "CLIENTELE_TLS_CERT_FILE", default: "", meaning: "The certificate chain, PEM. Set: TLS only." },
  { name: "CLIENTELE_TLS_KEY_FILE", default: "", meaning: "The certificate's private key, PEM." },
  {
    name: "CLIENTELE_TLS_CLIENT_CA_FILE",
    default: "",
    meaning: "Who signs the certificates of clients, PEM.",
  },
  {
    name: "CLIENTELE_ALLOWED_HOSTS",
    default: "",
    meaning:
      "The host names that callers may use, maybe with a port, with commas between. Unset: local names on loopback, any name elsewhere.",
  },
  {
    name: "CLIENTELE_CORS_ORIGINS",
    default: "",
    meaning: "The web origins whose pages may call, with commas between: `https://shop.example`.",
  },
  { name: "CLIENTELE_REFLECTION", default: "on", meaning: "gRPC reflection: `on` or `off`." },
  {
    name: "CLIENTELE_UNARY_LANE",
    default: "on",
    meaning:
      "Serves plain unary gRPC calls without Connect's machinery, several times as fast: `on` or `off`.",
  },
  { name: "CLIENTELE_LOG_LEVEL", default: "info", meaning: "`error`, `warn`, `info` or `silent`." },
  {
    name: "CLIENTELE_LOG_FORMAT",
    default: "auto",
    meaning: "`text` for people, `json` for machines; `auto`: text on a terminal.",
  },
  {
    name: "CLIENTELE_LOG_REQUESTS",
    default: "failed",
    meaning: "Which calls get a line in the log: `all`, `failed` or `none`.",
  },
  {
    name: "CLIENTELE_DRAIN_SECONDS",
    default: "10",
    meaning: "How long calls under way may go on after SIGTERM, 0 to 600.",
  },
  {
    name: "CLIENTELE_CONNECTION_AGE_MINUTES",
    default: "30",
    meaning: "After how long a connection is asked to begin anew, 1 to 1440.",
  },
] as const satisfies readonly Setting[];
