import type { Page } from 'playwright-core';

/**
 * Presses Tab until an element that fits a selector has the focus.
 * @throws when it is not reached in `steps_max` steps
 */
export async function tabTo(page: Page, selector: string, steps_max = 120): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < steps_max; step += 1) {
    const [focused] = await page.locator(':focus').evaluateAll(
      (elements, wanted) =>
        elements.map((element) => ({
          fits: element.matches(wanted),
          name: element.ariaLabel ?? element.textContent?.slice(0, 20),
        })),
      selector,
    );
    if (focused?.fits === true) return;
    passed.push(focused?.name ?? 'nothing');
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} is not among what Tab reaches: ${passed.join(', ')}`);
}
