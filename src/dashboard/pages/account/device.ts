// What a browser says of itself, in two words.
const BROWSERS = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;
const SYSTEMS = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
] as const;

export function deviceOf(userAgent: string | null): string {
  if (userAgent === null) return 'Unknown device';
  const find = (list: readonly (readonly [RegExp, string])[]) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  if (browser === undefined && system === undefined) return userAgent.slice(0, 60);
  return [browser ?? 'A browser', system].filter((word) => word !== undefined).join(' on ');
}
