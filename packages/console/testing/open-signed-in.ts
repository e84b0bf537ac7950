import type { TestCredential } from '@landbridge/server/testing/api-harness';
import type { Page } from 'playwright-core';

/** Opens a page of the console, and signs in on the way. */
export async function openSignedIn(page: Page, path: string, { secretId, secretKey }: TestCredential): Promise<void> {
  await page.goto(path);
  await page.getByLabel('SecretId').fill(secretId);
  await page.getByLabel('SecretKey').fill(secretKey);
  // Whatever the language is.
  await page.locator('form button[type=submit]').click();
}
