/** How long a journey waits for what must come true. */
export const patience = 30_000;

/** Asks until the answer is true (or anything that counts as true), and returns it. */
export async function until(what, ask) {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${patience / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
