/** What the server says about itself: facts first, then a sentence. Facts never hold request content. */
export interface ServerLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
