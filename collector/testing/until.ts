/** Waits for a condition that a test expects to come true. How long says nothing: the machine may be busy. */
export async function until(isTrue: () => boolean | Promise<boolean>, timeout_ms = 50_000): Promise<void> {
  const deadline = Date.now() + timeout_ms;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`did not come true in ${timeout_ms} ms: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
