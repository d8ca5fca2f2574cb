const second = 1_000;
const minute = 60 * second;
const KiB = 1_024;
const MiB = 1_024 * KiB;

/** A page of results holds at most 4 MiB of resources; 1 MiB is left for tokens, references and the envelope. */
export const writeMaxBytes = 5 * MiB;

/** The bounds of the server unless a caller sets others. Times are milliseconds, sizes are bytes. */
export const serverLimits = {
  /** One request message, after decompression. The largest resource is 128 KiB. */
  readMaxBytes: 256 * KiB,
  /** One response message. */
  writeMaxBytes,
  /** Smaller messages are not compressed: gzip on a page of 500 groups cost 40 % of its throughput. */
  compressMinBytes: 64 * KiB,

  /** Connections open at one time; the next one is closed at once. */
  maxConnections: 2_000,
  /** How long a new connection may take to show which protocol it speaks, or to finish its TLS handshake. */
  handshakeMs: 5 * second,
  /** The operating system probes a silent peer after this long, so that half-open connections end. */
  tcpKeepAliveMs: minute,
  /** An HTTP/2 connection with no open stream is ended after this long. */
  idleSessionMs: minute,
  /** A connection is asked to go away after this long (+-10 %), so that load spreads to new servers. */
  maxConnectionAgeMs: 30 * minute,
  /** How long the streams of a connection that was asked to go away may still run. */
  connectionAgeGraceMs: minute,

  /** The whole body of a unary request has to be there by then. */
  bodyMs: 10 * second,
  /** A client stream has to send something this often. */
  streamSilenceMs: minute,
  /** The whole answer to a unary request has to be taken by then. */
  answerMs: 30 * second,
  /**
   * What is left of a request that was answered early is read and thrown away this long; and so long
   * may the other side of a connection take to close when this one has.
   */
  lingerMs: second,
  /** Shutdown waits this long for the calls in flight. */
  drainMs: 10 * second,
  /** What still runs then is told to stop, and has this long to say so. */
  lastWordMs: second / 2,

  /** Header bytes of one request, on both HTTP versions. */
  maxHeaderBytes: 16 * KiB,
  /** HTTP/1.1: all headers have to be there by then. */
  headersMs: 10 * second,
  /** HTTP/1.1: the whole request; above `bodyMs`, which can answer with a typed error. */
  requestMs: 15 * second,
  /** HTTP/1.1: pause between two requests. Above the 60 s that load balancers usually keep a connection. */
  keepAliveMs: 65 * second,

  /** HTTP/2: streams open at one time on one connection. Node's default is 4 billion. */
  maxConcurrentStreams: 100,
  /** HTTP/2: header fields of one request. */
  maxHeaderListPairs: 64,
  /** HTTP/2: resets a client may send at once, and then per second (rapid reset attack). */
  streamResetBurst: 100,
  streamResetRate: 10,
  /** HTTP/2: invalid frames, and streams refused, before the connection is ended. */
  maxSessionInvalidFrames: 50,
  maxSessionRejectedStreams: 50,

  /** Longest wait for an answer to "are you ready?"; no answer means no. */
  readyMs: second,
  /** How often readiness is asked for while somebody watches it. */
  readyPollMs: second,
  /** Health watchers at one time: each holds a stream open. */
  maxHealthWatchers: 200,
  /** Questions on one reflection stream; describing this whole API takes fewer than 100. */
  maxReflectionRequests: 500,
} as const;

/** `serverLimits` with any figures. */
export type ServerLimits = { readonly [Name in keyof typeof serverLimits]: number };
