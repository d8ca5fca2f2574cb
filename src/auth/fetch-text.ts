/** How long a server of keys may take, and how much it may say. */
const TIMEOUT_MS = 5000;
const MAX_BYTES = 64 * 1024;

/**
 * Gets a text from a URL, within bounds of time and size; redirections are not followed.
 *
 * @throws Error that says why it can't be had.
 */
export async function fetchText(url: string): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { redirect: "error", signal, headers: { accept: "application/json" } });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    if (response.status !== 200) throw new Error(`it answers ${response.status}`);
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`it answers with more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    await response.body?.cancel().catch(() => {});
    throw error;
  }
  return Buffer.concat(chunks).toString();
}
