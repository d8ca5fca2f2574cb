/** What `run` gives, as a promise; a rejected one when it throws at once. An async function takes longer. */
export function promised<Result>(run: () => Promise<Result> | Result): Promise<Result> {
  try {
    return Promise.resolve(run());
  } catch (error) {
    return Promise.reject(error);
  }
}
