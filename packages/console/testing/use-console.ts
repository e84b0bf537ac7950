import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ApiHarness, HarnessOptions, TestCredential } from '@landbridge/server/testing/api-harness';
import { patience } from '@landbridge/testbed/poll';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openPage, startBrowser, type WatchedPage } from './browser.ts';
import { keepPicture } from './keep-picture.ts';
import { openSignedIn } from './open-signed-in.ts';
import { serveConsole, type ServedConsole } from './served-console.ts';

/** Until what happens is on the screen, beside all other tests on a busy machine; by itself it takes half a second. */
const withinMs = 20_000 * patience;

/** The built console before one server for all tests of a file, and a window of its own for each. */
export interface ShownConsole {
  readonly api: ApiHarness;
  readonly page: Page;
  /** `http://host:port`. */
  readonly origin: string;
  /** A complaint of the browser that is no failure of this test. */
  allow(complaint: RegExp): void;
  /** Another window in place of the one that is open. */
  openAs(options: BrowserContextOptions): Promise<Page>;
  readonly signIn: (path?: string, credential?: TestCredential) => Promise<void>;
  readonly heading: (name: string) => Locator;
  /** What axe-core has against the page as it is now. */
  readonly axeViolations: () => Promise<readonly string[]>;
}

/** To be called once in a file of tests. A test fails when the browser complains: console errors, the CSP, failed requests. */
export function useConsole(options: HarnessOptions = {}): ShownConsole {
  let browser: Browser;
  let served: ServedConsole;
  let window: WatchedPage;

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    window = await openPage(browser, served.origin, options);
    window.page.setDefaultTimeout(withinMs);
    // Who is signed in is asked first: nobody is.
    window.allow(/status of 401/);
    return window.page;
  };

  beforeAll(async () => {
    served = await serveConsole(options);
    browser = await startBrowser();
  }, 60_000 * patience);

  afterAll(async () => {
    await browser.close();
    await served.close();
  }, 60_000);

  beforeEach(() => open().then(() => undefined));

  afterEach(async () => {
    const { complaints, page, context } = window;
    await keepPicture(page, expect.getState().currentTestName ?? '');
    await context.close();
    expect(complaints).toEqual([]);
  });

  return {
    get api() {
      return served.api;
    },
    get page() {
      return window.page;
    },
    get origin() {
      return served.origin;
    },
    allow: (complaint) => window.allow(complaint),
    openAs: async (options) => {
      await window.context.close();
      return open(options);
    },
    signIn: (path = '/console', credential = served.api.admin) => openSignedIn(window.page, path, credential),
    heading: (name) => window.page.getByRole('heading', { level: 1, name }),
    axeViolations: () => axeViolations(window.page),
  };
}

async function axeViolations(page: Page): Promise<readonly string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // By the debugger, as the page's CSP lets no script in.
  await page.evaluate(axe);
  return page.evaluate<readonly string[]>(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`,
  );
}
