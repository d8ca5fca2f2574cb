/**
 * Gives up on what is unanswered for so long. One timer for all statements of a connection: nearly all are
 * answered at once, and a timer for each costs as much as its row.
 *
 * @returns what waits for an answer. It throws an Error with code STATEMENT_UNANSWERED when the time is over.
 */
export function openWatch(ms: number): <Result>(query: PromiseLike<Result>) => Promise<Result> {
  // Of one connection: hardly ever more than one.
  const unanswered: ((error: Error) => void)[] = [];
  // Begins anew with each statement: at its end, the last one has waited for so long.
  let timer: NodeJS.Timeout | undefined;
  return (query) =>
    new Promise((resolve, reject) => {
      unanswered.push(reject);
      if (timer) timer.refresh();
      // The connection keeps the process alive, as long as anything is under way.
      else timer = setTimeout(giveUp, ms).unref();
      query.then(
        (result) => {
          answered(reject);
          resolve(result);
        },
        (error: unknown) => {
          answered(reject);
          reject(error);
        },
      );
    });

  function answered(reject: (error: Error) => void): void {
    const index = unanswered.indexOf(reject);
    if (index >= 0) unanswered.splice(index, 1);
  }

  function giveUp(): void {
    for (const reject of unanswered.splice(0))
      reject(Object.assign(new Error("no answer from PostgreSQL"), { code: "STATEMENT_UNANSWERED" }));
  }
}
