// The devices visitors use: kind, system, browser and the user agent that names them.

export interface Device {
  type: 'mobile' | 'desktop' | 'tablet' | 'unknown';
  os: string;
  osVersion: string;
  browser: string;
  browserVersion: string;
  model: string;
  userAgent: string;
}

type Row = [Device['type'], string, string, string, string, string];

const rows: Row[] = [
  ['mobile', 'Android', '14', 'Chrome Mobile', '126.0', 'Samsung SM-S918B'],
  ['mobile', 'Android', '13', 'Chrome Mobile', '125.0', 'Xiaomi 2201117TG'],
  ['mobile', 'Android', '12', 'Facebook', '470.0', 'OPPO CPH2387'],
  ['mobile', 'Android', '14', 'Android Webview', '126.0', 'Google Pixel 8'],
  ['mobile', 'iOS', '17.5', 'Mobile Safari', '17.5', 'iPhone'],
  ['mobile', 'iOS', '17.4', 'Facebook', '468.0', 'iPhone 14 Pro'],
  ['mobile', 'iOS', '16.7', 'Chrome Mobile iOS', '126.0', 'iPhone 8'],
  ['tablet', 'iOS', '17.5', 'Mobile Safari', '17.5', 'iPad'],
  ['tablet', 'Android', '13', 'Samsung Internet', '25.0', 'Samsung SM-X200'],
  ['desktop', 'Windows', '10', 'Chrome', '126.0', ''],
  ['desktop', 'Windows', '11', 'Microsoft Edge', '126.0', ''],
  ['desktop', 'OS X', '10.15', 'Safari', '17.5', ''],
  ['desktop', 'Linux', '', 'Firefox', '127.0', ''],
  ['unknown', '', '', '', '', ''],
];

export const devices: readonly Device[] = rows.map(([type, os, osVersion, browser, browserVersion, model]) => ({
  type,
  os,
  osVersion,
  browser,
  browserVersion,
  model,
  userAgent:
    type === 'unknown'
      ? 'curl/8.6.0'
      : `Mozilla/5.0 (${[os, osVersion, model].filter(Boolean).join('; ')}) AppleWebKit/537.36 ${browser.replaceAll(' ', '')}/${browserVersion}`,
}));
