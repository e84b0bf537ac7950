import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env['LANDBRIDGE_CONSOLE_PICTURES'];

/** What the window shows now, as `name`.png in the folder LANDBRIDGE_CONSOLE_PICTURES; nothing without one. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
