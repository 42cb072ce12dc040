// The browser of the tests: Chromium as it comes with its package, or the one that CHROME_PATH names.
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** One process for all would end with its first page. */
const UNWANTED = new Set(['--single-process', '--no-zygote', '--disable-web-security']);

export async function launchBrowser(): Promise<Browser> {
  const given = process.env.CHROME_PATH;
  const own = process.platform === 'linux' ? chromium.args.filter((flag) => !UNWANTED.has(flag)) : [];
  return playwright.launch({
    executablePath: given ?? (await chromium.executablePath()),
    args: given === undefined ? own : ['--no-sandbox'],
    headless: true,
  });
}
