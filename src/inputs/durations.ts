/**
 * Reads a duration such as `90s`, `15m`, `1m30s` or `1h`; every number needs its unit.
 * @returns seconds, or undefined for a text that is none
 */
export function parseDuration(text: string): number | undefined {
  const [whole, hours = '0', minutes = '0', seconds = '0'] =
    /^(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/.exec(text) ?? [];
  return whole ? Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) : undefined;
}

/** Writes whole seconds as parseDuration reads them: 90 is `1m30s`. */
export function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  const text = parts.map(([amount, unit]) => (amount > 0 ? `${amount}${unit}` : '')).join('');
  return text || '0s';
}
